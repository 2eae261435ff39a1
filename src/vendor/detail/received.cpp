#include "vendor/detail/received.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <climits>
#include <iterator>

#include "json/document.hpp"
#include "mcp/error.hpp"

namespace vendor::detail {
namespace {

constexpr std::size_t kMostInBatch = 1'000;

base::Failure garbled(std::string_view vendor, std::string_view why) {
  return base::fail(base::Kind::vendor_invalid, "vendor.bad_message",
                    fmt::format("vendor {} sent something that is not an MCP message: {}", vendor, why));
}

// params._meta["io.modelcontextprotocol/subscriptionId"] (2026-07-28 basic/patterns/subscriptions).
std::string subscription_of(const mcp::Envelope& envelope) {
  static constexpr std::string_view kKey = "io.modelcontextprotocol/subscriptionId";
  if (envelope.shape != mcp::Shape::notification || !envelope.params.contains(kKey)) return {};
  const auto params = json::parse_object(envelope.params);
  const auto* meta = params ? params->if_contains("_meta") : nullptr;
  const auto* id = meta != nullptr && meta->is_object() ? meta->get_object().if_contains(kKey) : nullptr;
  return id != nullptr ? boost::json::serialize(*id) : std::string();
}

base::Result<Received> read_one(std::string_view vendor, std::string text) {
  text.reserve(text.size() + mcp::kPadding);
  auto scanned = mcp::scan(text);
  if (!scanned) return garbled(vendor, scanned.error().message);
  const auto envelope = std::make_shared<const mcp::Envelope>(*std::move(scanned));
  Received received{.text = {},
                    .envelope = envelope,
                    .shape = envelope->shape,
                    .is_error = envelope->is_error,
                    .id = envelope->id,
                    .method = envelope->method,
                    .progress_token = envelope->progress_token,
                    .request_id = envelope->request_id,
                    .subscription = subscription_of(*envelope)};
  received.text = std::move(text);
  return received;
}

// A character of several bytes is not cut in the middle.
std::size_t cut_at(std::string_view text, std::size_t longest) {
  auto end = std::min(text.size(), longest);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

// Empty when there is none.
boost::json::object error_of(std::string_view response) {
  auto object = json::parse_object(response);
  auto* error = object ? object->if_contains("error") : nullptr;
  return error != nullptr && error->is_object() ? std::move(error->get_object()) : boost::json::object();
}

}  // namespace

base::Result<ReceivedMessages> read_received(std::string_view vendor, std::string text) {
  ReceivedMessages all;
  if (!mcp::is_batch(text)) {
    auto one = read_one(vendor, std::move(text));
    if (!one) return std::move(one).failure();
    all.push_back(*std::move(one));
    return all;
  }
  text.reserve(text.size() + mcp::kPadding);
  auto batch = mcp::split_batch(text, kMostInBatch);
  if (!batch) return garbled(vendor, batch.error().message);
  ReceivedMessages responses;
  for (auto& message : *batch) {
    auto one = read_one(vendor, std::move(message));
    if (!one) return std::move(one).failure();
    auto& there = one->shape == mcp::Shape::response ? responses : all;
    there.push_back(*std::move(one));
  }
  std::ranges::move(responses, std::back_inserter(all));
  return all;
}

std::string shortened(std::string_view text, std::size_t longest) {
  std::string out(text.substr(0, cut_at(text, longest)));
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

std::string error_words(std::string_view response) {
  return shortened(json::text_at(error_of(response), "message"), kLongestWords);
}

int error_code(std::string_view response) {
  const auto error = error_of(response);
  const auto* code = error.if_contains("code");
  const auto known = [](std::int64_t value) { return value >= INT_MIN && value <= INT_MAX; };
  return code != nullptr && code->is_int64() && known(code->get_int64()) ? static_cast<int>(code->get_int64()) : 0;
}

bool is_modern_error(int code) {
  return code == mcp::kHeaderMismatch || code == mcp::kMissingRequiredClientCapability ||
         code == mcp::kUnsupportedProtocolVersion;
}

bool sounds_rejected(std::string_view words) {
  static constexpr std::array<std::string_view, 13> kSigns{
      "unauthorized",   "unauthorised",    "unauthenticated",      "forbidden",          "invalid api key",
      "invalid key",    "invalid token",   "invalid access token", "invalid credential", "access denied",
      "not authorized", "bad credentials", "authentication failed"};
  std::string lower(words);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::any_of(kSigns, [&lower](std::string_view sign) { return lower.contains(sign); });
}

}  // namespace vendor::detail
