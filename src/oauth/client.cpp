#include "oauth/client.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <optional>

#include "oauth/redirect_uri.hpp"

namespace oauth {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostRedirectUris = 20;
constexpr std::size_t kMostGrantTypes = 20;
constexpr std::size_t kNameLimit = 200;
constexpr std::size_t kTextLimit = 2048;
constexpr std::array<std::string_view, 8> kOthers{"client_uri", "logo_uri",         "tos_uri",          "policy_uri",
                                                  "scope",      "application_type", "software_version", "software_id"};

base::Failure refuse(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_client_metadata", std::move(message));
}

// Control characters, and the invisible ones that turn the direction of text: a name must not repaint a consent page.
bool is_plain(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return false;
    if (byte != 0xE2 || i + 2 >= text.size()) continue;
    const auto second = static_cast<unsigned char>(text[i + 1]);
    const auto third = static_cast<unsigned char>(text[i + 2]);
    if (second == 0x80 && ((third >= 0xAA && third <= 0xAE) || (third >= 0x8B && third <= 0x8F))) return false;
    if (second == 0x81 && third >= 0xA6 && third <= 0xA9) return false;
  }
  return true;
}

// "" when absent or null.
base::Result<std::string> text_of(const json::object& object, std::string_view key, std::size_t limit) {
  const auto* const value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return std::string();
  const auto* const text = value->if_string();
  if (text == nullptr || text->size() > limit || !is_plain({text->data(), text->size()})) {
    return refuse(std::string(key) + " is a text of at most " + std::to_string(limit) + " bytes.");
  }
  return std::string(text->data(), text->size());
}

base::Result<std::vector<std::string>> redirect_uris_of(const json::object& object) {
  const auto* const value = object.if_contains("redirect_uris");
  const auto* const list = value == nullptr ? nullptr : value->if_array();
  if (list == nullptr || list->empty() || list->size() > kMostRedirectUris) {
    return base::fail(base::Kind::invalid, "invalid_redirect_uri", "redirect_uris is a list of 1 to 20 URIs.");
  }
  std::vector<std::string> uris;
  for (const auto& item : *list) {
    const auto* const text = item.if_string();
    const std::string_view uri = text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
    if (auto checked = check_redirect_uri(uri); !checked) return std::move(checked).failure();
    uris.emplace_back(uri);
  }
  return uris;
}

// Whether refresh tokens are wanted. Absent means yes: many clients leave grant_types out and refresh all the same.
base::Result<bool> refreshable_of(const json::object& object) {
  const auto* const value = object.if_contains("grant_types");
  if (value == nullptr || value->is_null()) return true;
  const auto* const list = value->if_array();
  if (list == nullptr || list->size() > kMostGrantTypes) return refuse("grant_types is a list of texts.");
  const auto has = [&](std::string_view type) {
    return std::ranges::any_of(*list, [&](const json::value& item) {
      return item.is_string() && std::string_view(item.get_string()) == type;
    });
  };
  if (!list->empty() && !has("authorization_code")) return refuse("grant_types holds authorization_code.");
  return list->empty() || has("refresh_token");
}

base::Result<void> check_response_types(const json::object& object) {
  const auto* const value = object.if_contains("response_types");
  if (value == nullptr || value->is_null()) return {};
  const auto* const list = value->if_array();
  const auto is_code = [](const json::value& item) { return item.is_string() && item.get_string() == "code"; };
  if (list == nullptr || (!list->empty() && std::ranges::none_of(*list, is_code))) {
    return refuse("response_types holds code.");
  }
  return {};
}

base::Result<AuthMethod> auth_method_of(const json::object& object, MetadataSource source) {
  const auto text = text_of(object, "token_endpoint_auth_method", kNameLimit);
  if (!text) return text.failure();
  if (source == MetadataSource::document) {
    if (object.contains("client_secret") || (!text->empty() && *text != "none")) {
      return refuse("A client with a metadata document uses token_endpoint_auth_method none.");
    }
    return AuthMethod::none;
  }
  if (text->empty() || *text == "client_secret_basic") return AuthMethod::client_secret_basic;
  if (*text == "client_secret_post") return AuthMethod::client_secret_post;
  if (*text == "none") return AuthMethod::none;
  return refuse("token_endpoint_auth_method is none, client_secret_basic or client_secret_post.");
}

base::Result<void> read_others(const json::object& object, ClientMetadata& metadata) {
  for (const auto key : kOthers) {
    auto text = text_of(object, key, kTextLimit);
    if (!text) return std::move(text).failure();
    if (text->empty()) continue;
    if (key.ends_with("_uri") && !text->starts_with("https://") && !text->starts_with("http://")) {
      return refuse(std::string(key) + " is an https URL.");
    }
    metadata.others.emplace_back(key, *std::move(text));
  }
  return {};
}

}  // namespace

std::string_view name(AuthMethod method) {
  switch (method) {
    case AuthMethod::none:
      return "none";
    case AuthMethod::client_secret_basic:
      return "client_secret_basic";
    case AuthMethod::client_secret_post:
      return "client_secret_post";
  }
  std::unreachable();
}

std::string Client::document_host() const {
  if (!id.starts_with("https://") && !id.starts_with("http://")) return {};
  return redirect_target(id).host;
}

base::Result<ClientMetadata> read_client_metadata(const json::object& object, MetadataSource source) {
  ClientMetadata metadata;
  auto uris = redirect_uris_of(object);
  if (!uris) return std::move(uris).failure();
  metadata.redirect_uris = *std::move(uris);

  const auto method = auth_method_of(object, source);
  if (!method) return method.failure();
  metadata.token_endpoint_auth_method = *method;

  const auto refreshable = refreshable_of(object);
  if (!refreshable) return refreshable.failure();
  metadata.refreshable = *refreshable;

  auto client_name = text_of(object, "client_name", kNameLimit);
  if (!client_name) return std::move(client_name).failure();
  metadata.client_name = *std::move(client_name);

  if (auto checked = check_response_types(object); !checked) return std::move(checked).failure();
  if (auto read = read_others(object, metadata); !read) return std::move(read).failure();
  return metadata;
}

json::object to_json(const ClientMetadata& metadata) {
  json::object object;
  object["redirect_uris"] = json::array(metadata.redirect_uris.begin(), metadata.redirect_uris.end());
  object["token_endpoint_auth_method"] = name(metadata.token_endpoint_auth_method);
  object["grant_types"] =
      metadata.refreshable ? json::array{"authorization_code", "refresh_token"} : json::array{"authorization_code"};
  object["response_types"] = json::array{"code"};
  if (!metadata.client_name.empty()) object["client_name"] = metadata.client_name;
  for (const auto& [key, value] : metadata.others) object[key] = value;
  return object;
}

bool is_document_url(std::string_view client_id) {
  if (!client_id.starts_with("https://") || client_id.size() > kTextLimit) return false;
  const auto parsed = boost::urls::parse_uri(client_id);
  if (!parsed || parsed->has_fragment() || parsed->has_userinfo() || parsed->host().empty()) return false;
  const std::string_view path = parsed->encoded_path();
  return path.size() > 1 && !path.contains("/./") && !path.contains("/../") && !path.ends_with("/.") &&
         !path.ends_with("/..");
}

}  // namespace oauth
