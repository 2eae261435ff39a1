#include "vendor/detail/stdio_routes.hpp"

#include <charconv>

#include "mcp/error.hpp"

namespace vendor::detail {

void StdioRoutes::fail_all(const base::Error& error) {
  for (const auto& [id, call] : calls_) call->fail(error);
  calls_.clear();
}

std::optional<std::string> StdioRoutes::route(Received message, const Listeners& listeners) {
  if (message.shape == mcp::Shape::request) return route_request(std::move(message), listeners);
  if (message.shape == mcp::Shape::response) {
    if (const auto call = find(message.id)) {
      remove(static_cast<std::uint64_t>(std::stoull(message.id)));
      call->put(std::move(message));
    }
    return std::nullopt;
  }
  if (message.method == "notifications/progress") {
    if (const auto call = find(message.progress_token)) {
      call->put(std::move(message));
      return std::nullopt;
    }
  }
  for (const auto& listener : listeners) {
    Message copy;
    copy.reserve(message.text.size() + mcp::kPadding);
    copy = message.text;
    listener->on_message(std::move(copy));
  }
  return std::nullopt;
}

std::optional<std::string> StdioRoutes::route_request(Received message, const Listeners& listeners) {
  if (message.method == "ping") return mcp::result_response(message.id, "{}");
  if (calls_.size() == 1) {
    calls_.begin()->second->put(std::move(message));
  } else if (!listeners.empty()) {
    listeners.front()->on_message(std::move(message.text));
  } else {
    return mcp::error_response(message.id, mcp::kMethodNotFound, "Nobody is there to answer this.");
  }
  return std::nullopt;
}

std::shared_ptr<Mailbox> StdioRoutes::find(std::string_view token) const {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), id);
  if (error != std::errc() || end != token.data() + token.size()) return nullptr;
  const auto found = calls_.find(id);
  return found == calls_.end() ? nullptr : found->second;
}

}  // namespace vendor::detail
