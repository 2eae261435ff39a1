#include "gateway/session_subscriptions.hpp"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <utility>

#include "base/log.hpp"
#include "mcp/error.hpp"

namespace gateway {
namespace {

constexpr std::string_view kSubscribe = "resources/subscribe";
constexpr std::string_view kUnsubscribe = "resources/unsubscribe";

base::Task<void> keep(Sessions& sessions, std::shared_ptr<Session> session) {
  auto kept = co_await sessions.keep_followed(std::move(session));
  if (!kept) base::log::warn("subscription.not_stored", {{"error", kept.error().detail}});
}

base::Task<void> finish(std::shared_ptr<Reply> reply, std::string response) {
  const std::array<std::string_view, 1> pieces{response};
  co_await reply->finish(pieces, 200);
}

}  // namespace

// Notes what the vendor accepted, before the client hears of it.
class SessionSubscriptions::NotingReply final : public Reply {
 public:
  NotingReply(std::shared_ptr<Reply> reply, std::function<base::Task<void>()> note)
      : reply_(std::move(reply)), note_(std::move(note)) {}

  base::Task<void> interim(std::string message) override { return reply_->interim(std::move(message)); }
  void open() override { reply_->open(); }
  base::Task<bool> pause(std::chrono::milliseconds retry) override { return reply_->pause(retry); }
  base::Task<void> finish(std::span<const std::string_view> pieces, int status) override {
    std::string response;
    for (const auto piece : pieces) response += piece;
    response.reserve(response.size() + mcp::kPadding);
    const auto envelope = mcp::scan(response);
    if (envelope && !envelope->is_error) co_await note_();
    co_await reply_->finish(pieces, status);
  }
  void when_gone(std::function<void()> act) override { reply_->when_gone(std::move(act)); }
  [[nodiscard]] bool streams() const override { return reply_->streams(); }

 private:
  const std::shared_ptr<Reply> reply_;
  const std::function<base::Task<void>()> note_;
};

SessionSubscriptions::SessionSubscriptions(Sessions& sessions, SessionChannels& channels, Relay& relay,
                                           base::PerThread<base::TaskGroup>& tasks, Config config)
    : sessions_(sessions), channels_(channels), relay_(relay), tasks_(tasks), config_(std::move(config)) {}

bool SessionSubscriptions::owns(std::string_view method) { return method == kSubscribe || method == kUnsubscribe; }

base::Async<void> SessionSubscriptions::run(Way way, RelayedRequest request, const vendor::Definition& definition,
                                            std::shared_ptr<Reply> reply, base::SteadyTime deadline) {
  const auto& envelope = *request.envelope;
  const auto& session = request.session;
  const auto& vendor = definition.slug;
  const auto uri = request.vendor_name.empty() ? envelope.name : request.vendor_name;
  const bool subscribes = envelope.method == kSubscribe;
  const auto followed = session->followed();
  if (subscribes && !followed.has(vendor, uri) && followed.size() >= config_.subscribed_resources) {
    co_await finish(
        reply,
        mcp::error_response(envelope.id, mcp::kInvalidParams,
                            fmt::format("This session follows {} resources, which is the limit. Unsubscribe from one.",
                                        followed.size())));
    co_return base::Result<void>();
  }
  auto note_it = [this, session, method = envelope.method, vendor, uri] { return note(session, method, vendor, uri); };
  const bool is_legacy = way.channel->era() == mcp::Era::legacy;
  if (is_legacy && (subscribes || definition.http)) {
    co_return co_await relay_.run(std::move(way), request,
                                  std::make_shared<NotingReply>(std::move(reply), std::move(note_it)), deadline);
  }

  if (!is_legacy && !read_vendor_facts(mcp::Era::modern, way.channel->opening_result()).subscribe) {
    co_await finish(reply,
                    mcp::error_response(envelope.id, mcp::kMethodNotFound,
                                        fmt::format("Method not found: vendor {} has no subscriptions.", vendor)));
    co_return base::Result<void>();
  }
  co_await note_it();
  co_await finish(reply, mcp::result_response(envelope.id, "{}"));
  co_return base::Result<void>();
}

base::Task<void> SessionSubscriptions::note(std::shared_ptr<Session> session, std::string method, std::string vendor,
                                            std::string uri) {
  method == kSubscribe ? session->follow(vendor, uri) : session->unfollow(vendor, uri);
  tasks_.local().spawn("keep-subscriptions", keep(sessions_, session));
  co_await channels_.listen_anew(std::move(session), std::move(vendor));
}

}  // namespace gateway
