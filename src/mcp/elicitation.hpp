// URL mode elicitation in both eras (2025-11-25 and 2026-07-28 client/elicitation). The legacy era names each one by an
// elicitationId, by which a notification may say later that it is complete, and has an error that asks for some; the
// modern era has neither.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mcp {

struct UrlElicitation {
  std::string elicitation_id;  // unescaped
  std::string params;          // raw params of elicitation/create as the modern era has them
};

// What an error kUrlElicitationRequired asks for (2025-11-25 client/elicitation, "URL Elicitation Required Error").
// `error` is the raw error object, with kPadding readable bytes behind it.
// Errors: vendor_invalid: none at all, or one that is not of URL mode with its elicitationId, url and message.
[[nodiscard]] base::Result<std::vector<UrlElicitation>> read_url_elicitations(std::string_view error);

// The raw inputRequests object that asks a modern client for them: keys url_1, url_2 …
[[nodiscard]] std::string url_input_requests(std::span<const UrlElicitation> elicitations);

// Raw params of elicitation/create in URL mode; without an elicitationId when that is empty, as the modern era has
// them.
[[nodiscard]] std::string url_elicitation_params(std::string_view message, std::string_view url,
                                                 std::string_view elicitation_id);
// Raw params with this elicitationId in place of what they have, for a legacy peer; without any when it is empty.
// REQUIRES: valid JSON, kPadding readable bytes behind `params`.
[[nodiscard]] std::string with_elicitation_id(std::string_view params, std::string_view elicitation_id);

}  // namespace mcp
