#include "vendor/detail/http_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "http/client.hpp"
#include "http/message.hpp"
#include "json/document.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/received.hpp"

namespace vendor::detail {
namespace {

using base::Kind;

base::Error error(Kind kind, std::string_view code, std::string message) {
  return base::fail(kind, std::string(code), std::move(message)).error();
}

// The vendor's own words: of {"error": "...", "message": "..."}, of a JSON-RPC error, or of an OAuth error.
std::string words_of(std::string_view body) {
  const auto object = json::parse_object(body);
  if (!object) return {};
  for (const auto* key : {"message", "error_description", "detail"}) {
    if (const auto text = json::text_at(*object, key); !text.empty()) return shortened(text, kLongestWords);
  }
  if (const auto text = error_words(body); !text.empty()) return text;
  return shortened(json::text_at(*object, "error"), kLongestWords);
}

std::string where_to(std::string_view location) {
  if (const auto url = http::parse_url(location)) return "host " + shortened(url->origin.authority(), 100);
  return "another path of its host";
}

// Official SDKs and their examples answer 400 where the specification wants 404.
bool forgot_session(const HttpAnswer& answer, std::string_view words) {
  if (!answer.with_session) return false;
  if (answer.status == 404) return true;
  if (answer.status != 400) return false;
  std::string lower(words);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower.contains("session") || lower.contains("not initialized");
}

}  // namespace

base::Error http_failure(std::string_view vendor, const HttpAnswer& answer) {
  const auto status = answer.status;
  const auto words = words_of(answer.body);
  const auto said = words.empty() ? std::string() : ": " + words;
  if (status == 401 || status == 403) {
    return error(Kind::vendor_rejected, "vendor.rejected",
                 words.empty() ? fmt::format("vendor {} answered HTTP {}", vendor, status) : words);
  }
  if (forgot_session(answer, words)) {
    return error(Kind::not_found, kSessionGone, fmt::format("vendor {} ended the session", vendor));
  }
  if (status >= 300 && status < 400) {
    return error(Kind::vendor_invalid, "vendor.redirect",
                 fmt::format("vendor {} answered HTTP {}, a redirect to {}, which is not followed: is the URL the MCP "
                             "endpoint?",
                             vendor, status, where_to(answer.location)));
  }
  const bool down = status == 502 || status == 503 || status == 504;
  const bool refused = status >= 400 && status < 500;
  return error(down ? Kind::vendor_down : Kind::vendor_invalid, refused ? kHttpRefused : "vendor.http_status",
               fmt::format("vendor {} answered HTTP {}{}", vendor, status, said));
}

base::Error wrong_content_type(std::string_view vendor, std::string_view content_type) {
  const auto type = content_type.empty() ? std::string("no content type") : shortened(media_type(content_type), 60);
  return error(Kind::vendor_invalid, "vendor.content_type",
               fmt::format("vendor {} answered {}, not JSON: is the URL the MCP endpoint?", vendor, type));
}

namespace {

std::string_view without_parameters(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ') || content_type.ends_with('\t')) content_type.remove_suffix(1);
  return content_type;
}

}  // namespace

std::string media_type(std::string_view content_type) {
  std::string lower(without_parameters(content_type));
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool is_media_type(std::string_view content_type, std::string_view type) {
  return http::equal_without_case(without_parameters(content_type), type);
}

}  // namespace vendor::detail
