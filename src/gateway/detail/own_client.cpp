#include "gateway/detail/own_client.hpp"

#include <fmt/format.h>

#include <array>

#include "json/document.hpp"
#include "mcp/error.hpp"
#include "mcp/modern_request.hpp"
#include "mcp/own_info.hpp"
#include "mcp/revision.hpp"

namespace gateway {
namespace {

base::Task<void> send(std::shared_ptr<vendor::Channel> channel, std::string response, base::SteadyTime deadline) {
  const std::array<std::string_view, 1> pieces{response};
  (void)co_await channel->notify({.pieces = pieces, .method = {}, .name = {}, .traceparent = {}}, deadline);
}

std::string own_request(mcp::Era era, std::uint64_t id, std::string_view method, std::string_view params) {
  auto text = fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"{}","params":{{{}}}}})", id, method, params);
  if (era == mcp::Era::legacy) return text;
  text.reserve(text.size() + mcp::kPadding);
  const auto envelope = mcp::scan(text);
  return mcp::with_request_meta(text, *envelope,
                                {.protocol_version = mcp::kNewestModern,
                                 .client_info = mcp::kOwnInfo,
                                 .client_capabilities = "{}",
                                 .log_level = {}});
}

}  // namespace

base::Async<std::string> ask_vendor(std::shared_ptr<vendor::Channel> channel, std::string method, std::string params,
                                    std::string name, base::SteadyTime deadline) {
  const auto id = channel->next_id();
  const auto request = own_request(channel->era(), id, method, params);
  const std::array<std::string_view, 1> pieces{request};
  auto call = co_await channel->request({.pieces = pieces, .method = method, .name = name, .id = id, .traceparent = {}},
                                        deadline);
  if (!call) co_return std::move(call).failure();
  while (true) {
    auto message = co_await (*call)->next(deadline);
    if (!message) co_return std::move(message).failure();
    message->reserve(message->size() + mcp::kPadding);
    const auto envelope = mcp::scan(*message);
    if (!envelope) co_return base::fail(base::Kind::vendor_invalid, "vendor.bad_message", envelope.error().message);
    if (envelope->shape == mcp::Shape::response) co_return *std::move(message);
  }
}

base::Async<void> cancel_task(std::shared_ptr<vendor::Channel> channel, std::string task_id,
                              base::SteadyTime deadline) {
  auto params = fmt::format(R"("taskId":{})", json::quote(task_id));
  auto cancelled =
      co_await ask_vendor(std::move(channel), "tasks/cancel", std::move(params), std::move(task_id), deadline);
  if (!cancelled) co_return std::move(cancelled).failure();
  co_return base::Result<void>();
}

void answer_vendor(base::TaskGroup& tasks, std::shared_ptr<vendor::Channel> channel, const mcp::Envelope& request) {
  auto response = request.method == "ping"
                      ? mcp::result_response(request.id, "{}")
                      : mcp::error_response(request.id, mcp::kMethodNotFound, "The client does not offer this.");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  tasks.spawn("answer-vendor", send(std::move(channel), std::move(response), deadline));
}

}  // namespace gateway
