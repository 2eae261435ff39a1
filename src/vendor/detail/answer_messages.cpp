#include "vendor/detail/answer_messages.hpp"

#include <fmt/format.h>

#include <utility>

#include "json/document.hpp"

namespace vendor::detail {
namespace {

base::Task<void> read_rest(SseSource source, base::SteadyTime deadline) {
  while (true) {
    const auto more = co_await source.next(deadline);
    if (!more || !*more) co_return;
  }
}

// A server that refuses a request for its head may not have looked for the id in its body.
std::string with_id(std::string_view error_response, std::string_view id) {
  auto object = json::parse_object(error_response);
  const bool has_id = object && object->contains("id") && !object->at("id").is_null();
  if (!object || has_id) return std::string(error_response);
  (*object)["id"] = boost::json::parse(id);
  return boost::json::serialize(*object);
}

std::string_view text_of(const fmt::format_int& number) { return {number.data(), number.size()}; }

}  // namespace

AnswerMessages::AnswerMessages(const HttpPeer& peer, std::uint64_t id) : peer_(peer), id_(id) {}

base::Result<void> AnswerMessages::take(std::string text) {
  auto messages = read_received(peer_.vendor(), std::move(text));
  if (!messages) return std::move(messages).failure();
  const fmt::format_int id(id_);  // as in the response
  for (const auto& message : *messages) {
    if (message.shape == mcp::Shape::response && message.id != text_of(id)) {
      // An error without an id says at least what the vendor did not like.
      const auto words = message.is_error && message.id.empty()
                             ? without_secrets(error_words(message.text), peer_.injection())
                             : std::string();
      return invalid(words.empty() ? "answered with the id of another request" : "answered: " + words);
    }
  }
  queue_ = *std::move(messages);
  next_ = 0;
  return {};
}

base::Result<void> AnswerMessages::take_json(std::string body) {
  if (auto taken = take(std::move(body)); !taken) return taken;
  if (!empty() && queue_.back().shape == mcp::Shape::response) return {};
  return invalid("answered with JSON that holds no response to the request");
}

bool AnswerMessages::take_failure(std::string body) {
  const fmt::format_int id(id_);
  if (is_modern_error(error_code(body))) body = with_id(body, text_of(id));
  auto messages = read_received(peer_.vendor(), std::move(body));
  const bool is_answer =
      messages && messages->size() == 1 && messages->front().is_error && messages->front().id == text_of(id);
  if (is_answer) queue_ = *std::move(messages);
  return is_answer;
}

Received AnswerMessages::pop() { return std::move(queue_[next_++]); }

base::Error AnswerMessages::named(base::Error error) const {
  if (error.kind == base::Kind::too_large) {
    error.message = fmt::format("vendor {} sent a message of more than {} bytes, which is the limit", peer_.vendor(),
                                peer_.config().message_bytes);
    return error;
  }
  const auto name = fmt::format("vendor {}", peer_.vendor());
  return error.message.starts_with(name) || error.kind == base::Kind::vendor_rejected
             ? std::move(error)
             : of_vendor(peer_.vendor(), std::move(error));
}

base::Failure AnswerMessages::invalid(std::string_view what) const {
  return base::fail(base::Kind::vendor_invalid, "vendor.bad_answer", fmt::format("vendor {} {}", peer_.vendor(), what));
}

void read_rest_later(const HttpPeer& peer, SseSource source) {
  if (source.ended()) return;
  const auto deadline = std::chrono::steady_clock::now() + peer.config().farewell;
  peer.tasks().spawn_farewell("vendor.rest", read_rest(std::move(source), deadline));
}

}  // namespace vendor::detail
