// What becomes of a call whose credential is missing or does not work: it is asked for, or the answer says where to
// save it.
#include <fmt/format.h>

#include "gateway/detail/caller.hpp"
#include "gateway/detail/trouble.hpp"
#include "mcp/error.hpp"
#include "mcp/modern_request.hpp"

namespace gateway {

base::Task<CredentialAsking::Outcome> Endpoint::ask_for_credential(const Caller& caller, const mcp::Envelope& envelope,
                                                                   const Connection& connection, std::string words,
                                                                   std::shared_ptr<Reply> reply) {
  const auto slug = connection.definition->slug;
  const auto outcome = co_await asking_.ask({.request = caller.request != nullptr ? *caller.request : envelope,
                                             .endpoint = caller.slug,
                                             .principal = *caller.principal,
                                             .session = caller.session,
                                             .client = caller.client,
                                             .answer = caller.credential},
                                            connection, std::move(words), std::move(reply));
  if (outcome == CredentialAsking::Outcome::answered) {
    metrics_.request(slug, envelope.method, "input_required", std::chrono::steady_clock::now() - caller.arrived);
  }
  co_return outcome;
}

// The retry of a modern client that was asked for a credential.
base::Task<void> Endpoint::answer_retry(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                        OpenedState state, std::shared_ptr<Reply> reply) {
  const auto said = asking_.read_answer(state, envelope);
  if (!said) {
    co_await finish(caller, envelope, reply,
                    mcp::error_response(envelope.id, mcp::kInvalidParams, said.error().message));
    co_return;
  }
  caller.credential = *said;
  co_await answer_anew(caller, envelope, body, std::move(reply));
}

base::Task<void> Endpoint::answer_anew(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                       std::shared_ptr<Reply> reply) {
  auto text = mcp::with_input_responses(body, envelope, {}, {});
  text.reserve(text.size() + mcp::kPadding);
  const auto request = mcp::scan(text);
  if (!request) {
    co_await finish(caller, envelope, reply, mcp::error_response(envelope.id, request.error()));
    co_return;
  }
  co_await answer(caller, *request, text, std::move(reply));
}

base::Task<void> Endpoint::answer_not_ready(const Caller& caller, const mcp::Envelope& envelope,
                                            const Connection& connection, std::string words,
                                            std::shared_ptr<Reply> reply) {
  const auto& slug = connection.definition->slug;
  metrics_.request(slug, envelope.method, words.empty() ? "not_ready" : base::name(base::Kind::vendor_rejected),
                   std::chrono::steady_clock::now() - caller.arrived);
  // A list without a credential is empty, not an error: the client keeps its connection and is told when that changes.
  if (const auto kind = mcp::list_kind(envelope.method); kind && words.empty()) {
    co_await finish(caller, envelope, reply,
                    mcp::result_response(envelope.id, fmt::format(R"({{"{}":[]}})", mcp::list_member(*kind))));
    co_return;
  }
  auto text = why_not(connection, config_.public_url);
  if (!words.empty()) text += fmt::format(" It said: {}", words);
  const base::Error error{base::Kind::vendor_rejected, "connection.not_ready", std::move(text), {}, {}};
  co_await finish(caller, envelope, reply, trouble(envelope.method, envelope.id, error, slug));
}

}  // namespace gateway
