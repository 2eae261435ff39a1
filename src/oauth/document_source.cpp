#include "oauth/document_source.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace oauth {
namespace {

base::Failure no_document(std::string message, std::string detail = {}) {
  return base::fail(base::Kind::invalid, "invalid_client", std::move(message), std::move(detail));
}

// A peer that does not answer may answer later; one that answers otherwise is not a document.
base::Error translate(const base::Error& error) {
  using enum base::Kind;
  if (error.kind == vendor_down || error.kind == vendor_timeout || error.kind == unavailable) {
    return {unavailable,
            "temporarily_unavailable",
            "The client's metadata document cannot be fetched now; try again.",
            error.message,
            {}};
  }
  if (error.kind == forbidden) {
    return {invalid,
            "invalid_client",
            "The client's metadata document is on an address that is not public.",
            error.message,
            {}};
  }
  return {invalid, "invalid_client", "The client's metadata document cannot be read.", error.message, {}};
}

bool is_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
}

}  // namespace

HttpDocumentSource::HttpDocumentSource(std::function<http::Client&()> client, const base::Clock& clock,
                                       HttpDocumentConfig config)
    : client_(std::move(client)), clock_(clock), config_(config) {}

base::Async<Document> HttpDocumentSource::fetch(std::string url) {
  const auto parsed = http::parse_url(url);
  if (!parsed) co_return base::Failure(translate(parsed.error()));
  const auto deadline = clock_.steady() + config_.deadline;

  http::Headers headers;
  headers.add("Accept", "application/json");
  headers.add("User-Agent", "mcp-gateway");
  http::ClientRequest request;
  request.url = &*parsed;
  request.headers = &headers;
  request.deadline = deadline;
  request.addresses = config_.addresses;
  auto answer = co_await client_().send(request);
  if (!answer) co_return base::Failure(translate(answer.error()));
  if (answer->status() != 200 || !is_json(answer->headers().get("Content-Type"))) {
    co_return no_document("The client's metadata document is not answered with status 200 and JSON.",
                          "status " + std::to_string(answer->status()));
  }

  const auto fresh = fresh_for(answer->headers().get("Cache-Control"));
  auto body = co_await answer->read_all(config_.size_limit, deadline);
  if (!body) co_return base::Failure(translate(body.error()));
  co_return Document{*std::move(body), fresh};
}

std::chrono::seconds fresh_for(std::string_view cache_control) {
  std::string text(cache_control);
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (text.contains("no-store") || text.contains("no-cache")) return std::chrono::seconds(0);
  constexpr std::string_view kMaxAge = "max-age=";
  const auto place = text.find(kMaxAge);
  if (place == std::string::npos) return std::chrono::seconds(0);
  std::int32_t seconds = 0;
  const char* const begin = text.data() + place + kMaxAge.size();
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), seconds);
  if (error == std::errc::result_out_of_range) return std::chrono::hours(24 * 365);
  return std::chrono::seconds(error == std::errc() && seconds > 0 ? seconds : 0);
}

}  // namespace oauth
