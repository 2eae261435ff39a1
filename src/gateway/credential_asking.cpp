#include "gateway/credential_asking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/detail/delivery.hpp"
#include "json/document.hpp"
#include "mcp/elicitation.hpp"
#include "mcp/input_request.hpp"
#include "mcp/input_responses.hpp"

namespace gateway {
namespace {

// In inputRequests.
constexpr std::string_view kKey = "credential";
// The first legacy revision with URL mode.
constexpr std::string_view kFirstWithUrls = "2025-11-25";
// A retry may need so long to arrive.
constexpr std::chrono::seconds kOnTheWay{60};

// Requests that a person waits for. In their place a modern server may ask (2026-07-28 basic/patterns/mrtr, "Supported
// Requests").
bool is_worth_asking(std::string_view method) {
  return method == "tools/call" || method == "prompts/get" || method == "resources/read";
}

bool can_ask(const AskingCall& call, const Reply& reply) {
  if (!is_worth_asking(call.request.method)) return false;
  if (!mcp::has_capability(call.client.capabilities, "elicitation.url")) return false;
  if (call.client.era == mcp::Era::modern) return true;
  return call.session && reply.streams() && call.session->record().protocol_version >= kFirstWithUrls;
}

std::string elicitation(const Connection& connection, std::string_view words, std::string_view public_url,
                        std::string_view id) {
  const auto& definition = *connection.definition;
  const bool missing = connection.readiness == Readiness::needs_credential;
  const auto message =
      fmt::format("{} ({}) {}{}. {} it on the page behind this link; the call goes on by itself.", definition.name,
                  definition.slug, missing ? "needs your credential" : "rejected your saved credential",
                  words.empty() ? "" : fmt::format(" (\"{}\")", words), missing ? "Save" : "Replace");
  return mcp::url_elicitation_params(message, credential_page(connection, public_url), id);
}

bool agrees(const boost::json::object& result) { return json::text_at(result, "action") == "accept"; }

// A client that answers with an error did not show the question.
bool agrees(std::string_view response) {
  const auto object = json::parse_object(response);
  const auto* result = object ? object->if_contains("result") : nullptr;
  return result != nullptr && result->is_object() && agrees(result->get_object());
}

// Whether a connection can be used. What was saved a moment ago is being tested by the page: for that, some time.
class Usable {
 public:
  bool operator()(const Connection& connection, base::SteadyTime now) {
    if (lacks_credential(connection)) return false;
    if (!connection.credential || connection.credential->state != vault::State::untested) return true;
    if (connection.credential->version != version_) {
      version_ = connection.credential->version;
      since_ = now;
    }
    return now - since_ >= connection.definition->list_timeout;
  }

 private:
  std::int64_t version_ = 0;
  base::SteadyTime since_;
};

}  // namespace

// The question on a legacy client's stream, and how it ends.
class CredentialAsking::Dialog {
 public:
  Dialog(std::shared_ptr<Session> session, std::shared_ptr<Reply> reply, std::string words, std::string public_url)
      : session_(std::move(session)),
        reply_(std::move(reply)),
        words_(std::move(words)),
        public_url_(std::move(public_url)) {}

  base::Task<void> open(std::shared_ptr<Question> question, const Connection& connection) {
    question_ = std::move(question);
    id_ = session_->add_vendor_request({{}, {}, {}, question_});
    co_await reply_->interim(fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"elicitation/create","params":{}}})",
                                         id_, elicitation(connection, words_, public_url_, elicitation_id())));
  }

  // One that was answered is complete when the credential is there; one that nobody answered is taken back.
  base::Task<void> close(bool usable) {
    if (!question_) co_return;
    if (!question_->answered()) {
      (void)session_->take_vendor_request(id_);
      co_await reply_->interim(fmt::format(
          R"({{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{},"reason":"{}"}}}})", id_,
          usable ? "The credential is saved." : "The call is over."));
    } else if (usable) {
      co_await reply_->interim(fmt::format(
          R"({{"jsonrpc":"2.0","method":"notifications/elicitation/complete","params":{{"elicitationId":"{}"}}}})",
          elicitation_id()));
    }
  }

 private:
  [[nodiscard]] std::string elicitation_id() const { return "mcp-gateway-" + id_; }

  const std::shared_ptr<Session> session_;
  const std::shared_ptr<Reply> reply_;
  const std::string words_;
  const std::string public_url_;
  std::shared_ptr<Question> question_;
  std::string id_;
};

CredentialAsking::CredentialAsking(Parts parts, Config config)
    : connections_(parts.connections),
      states_(parts.states),
      clock_(parts.clock),
      config_(std::move(config)),
      waits_(parts.credentials, config_.waits_per_principal) {}

base::Task<CredentialAsking::Outcome> CredentialAsking::ask(AskingCall call, Connection connection, std::string words,
                                                            std::shared_ptr<Reply> reply) {
  if (!can_ask(call, *reply)) co_return Outcome::refused;
  co_return call.client.era == mcp::Era::modern
      ? co_await ask_modern(std::move(call), std::move(connection), std::move(words), std::move(reply))
      : co_await ask_legacy(std::move(call), std::move(connection), std::move(words), std::move(reply));
}

std::shared_ptr<CredentialWaits::Wait> CredentialAsking::begin(const AskingCall& call, const Connection& connection) {
  return waits_.begin({.subject = call.principal.subject,
                       .grant_id = call.principal.grant_id,
                       .session = call.session ? call.session->record().id : "",
                       .vendor = connection.definition->slug});
}

// A legacy client that loses its stream may come back for the rest: only what it cancels is over.
base::Task<CredentialAsking::Outcome> CredentialAsking::ask_legacy(AskingCall call, Connection connection,
                                                                   std::string words, std::shared_ptr<Reply> reply) {
  const auto wait = begin(call, connection);
  if (!wait) co_return Outcome::refused;
  CallEntry entry(call.session, call.request.id);
  entry.set({.channel = {}, .progress_token = {}, .task_id = {}, .give_up = [weak = std::weak_ptr(wait)] {
               if (const auto live = weak.lock()) live->end();
             }});

  Dialog dialog(call.session, std::move(reply), std::move(words), config_.public_url);
  const auto until = std::chrono::steady_clock::now() + config_.credential_wait;
  const bool usable = co_await until_usable(*wait, call.principal.subject, std::move(connection), until, &dialog);
  co_await dialog.close(usable);
  co_return usable ? Outcome::usable : Outcome::refused;
}

base::Task<CredentialAsking::Outcome> CredentialAsking::ask_modern(AskingCall call, Connection connection,
                                                                   std::string words, std::shared_ptr<Reply> reply) {
  if (!call.answer) {
    auto request = fmt::format(R"({{"{}":{{"method":"elicitation/create","params":{}}}}})", kKey,
                               elicitation(connection, words, config_.public_url, {}));
    co_await require_input(call, std::move(request), StateKind::credential, config_.answer_wait, std::move(reply));
    co_return Outcome::answered;
  }
  if (!call.answer->agreed) co_return Outcome::refused;

  const auto wait = begin(call, connection);
  if (!wait) co_return Outcome::refused;
  reply->when_gone([weak = std::weak_ptr(wait)] {
    if (const auto live = weak.lock()) live->end();
  });
  const auto until = call.answer->until;
  const auto turn = std::min(until, std::chrono::steady_clock::now() + config_.credential_turn);
  const bool usable = co_await until_usable(*wait, call.principal.subject, std::move(connection), turn, nullptr);
  reply->when_gone({});
  if (usable) co_return Outcome::usable;
  const auto left = std::chrono::ceil<std::chrono::seconds>(until - std::chrono::steady_clock::now());
  if (wait->ended() || left <= std::chrono::seconds(0)) co_return Outcome::refused;
  co_await require_input(call, {}, StateKind::saving, left + kOnTheWay, std::move(reply));
  co_return Outcome::answered;
}

base::Task<bool> CredentialAsking::until_usable(CredentialWaits::Wait& wait, std::string subject, Connection connection,
                                                base::SteadyTime until, Dialog* dialog) {
  Usable usable;
  while (true) {
    auto ticket = wait.prepare();
    if (wait.ended()) co_return false;
    if (const auto answer = wait.answer(); answer && !agrees(*answer)) co_return false;
    const auto now_there = co_await connections_.resolve(subject, connection.definition);
    const auto now = std::chrono::steady_clock::now();
    if (now_there && usable(*now_there, now)) co_return true;
    if (now >= until) co_return false;
    if (auto question = dialog != nullptr ? wait.lead() : nullptr) {
      co_await dialog->open(std::move(question), connection);
      continue;
    }
    co_await ticket.wait(std::min<base::SteadyTime>(until, now + config_.credential_look));
  }
}

base::Task<void> CredentialAsking::require_input(const AskingCall& call, std::string input_requests, StateKind kind,
                                                 std::chrono::milliseconds lifetime, std::shared_ptr<Reply> reply) {
  const auto state = states_.make(kind, {call.principal.subject, call.endpoint, call.request}, lifetime).first;
  const auto text = fmt::format(
      R"({{"jsonrpc":"2.0","id":{},"result":{{"resultType":"input_required",{}"requestState":{}}}}})", call.request.id,
      input_requests.empty() ? "" : fmt::format(R"("inputRequests":{},)", input_requests), json::quote(state));
  const std::array<std::string_view, 1> pieces{text};
  co_await reply->finish(pieces, 200);
}

base::Result<std::optional<CredentialAnswer>> CredentialAsking::read_answer(const OpenedState& state,
                                                                            const mcp::Envelope& request) const {
  const auto now = std::chrono::steady_clock::now();
  if (state.kind == StateKind::saving) {
    return CredentialAnswer{.agreed = true, .until = now + (state.expires - kOnTheWay - clock_.now())};
  }
  if (request.input_responses.data() == nullptr) return std::nullopt;
  const auto responses = mcp::read_input_responses(request.input_responses);
  if (!responses) return responses.failure();
  const auto given = std::ranges::find(*responses, kKey, &mcp::InputResponse::key);
  if (given == responses->end()) return std::nullopt;
  const auto result = json::parse_object(given->result);
  if (!result) return result.failure();
  return CredentialAnswer{.agreed = agrees(*result), .until = now + config_.credential_wait};
}

}  // namespace gateway
