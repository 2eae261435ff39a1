#include "gateway/detail/own_client.hpp"

#include <fmt/format.h>

#include <array>

#include "gateway/detail/answers.hpp"
#include "mcp/error.hpp"
#include "mcp/revision.hpp"

namespace gateway {
namespace {

base::Task<void> send(std::shared_ptr<vendor::Channel> channel, std::string response, base::SteadyTime deadline) {
  const std::array<std::string_view, 1> pieces{response};
  (void)co_await channel->notify({.pieces = pieces, .method = {}, .name = {}, .traceparent = {}}, deadline);
}

}  // namespace

std::string own_initialize_params() {
  return fmt::format(R"({{"protocolVersion":"{}","capabilities":{{}},"clientInfo":{}}})", mcp::kNewestLegacy,
                     kServerInfo);
}

void answer_vendor(base::TaskGroup& tasks, std::shared_ptr<vendor::Channel> channel, const mcp::Envelope& request) {
  auto response = request.method == "ping"
                      ? mcp::result_response(request.id, "{}")
                      : mcp::error_response(request.id, mcp::kMethodNotFound, "The client does not offer this.");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  tasks.spawn("answer-vendor", send(std::move(channel), std::move(response), deadline));
}

}  // namespace gateway
