#include "mcp/elicitation.hpp"

#include <fmt/format.h>

#include <array>

#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/detail/fields.hpp"
#include "mcp/detail/object_edit.hpp"

namespace mcp {
namespace {

namespace ondemand = json::ondemand;
using detail::bad_json;
using detail::bad_message;
using detail::each_field;

constexpr std::array<std::string_view, 1> kIdKey{"elicitationId"};

// The member with a comma behind it; nothing for an empty id.
std::string id_member(std::string_view elicitation_id) {
  return elicitation_id.empty() ? std::string() : fmt::format("\"{}\":{},", kIdKey[0], json::quote(elicitation_id));
}

// One that was read; `params` with its elicitationId still.
struct Read {
  std::string elicitation_id;
  std::string_view params;
};

base::Result<Read> read_one(ondemand::value value) {
  const auto* const begin = json::begin_of(value);
  ondemand::object object;
  if (value.get_object().get(object)) return bad_message("an elicitation is an object");
  Read read;
  std::string_view mode;
  std::string_view url;
  bool has_message = false;
  auto walked =
      each_field(object, "an elicitation", [&](std::string_view key, ondemand::value item) -> base::Result<void> {
        if (key != "mode" && key != "url" && key != "message" && key != kIdKey[0]) return {};
        auto field = detail::take_string(item, key);
        if (!field) return std::move(field).failure();
        if (key == "mode") mode = field->text;
        if (key == "url") url = field->text;
        if (key == "message") has_message = true;
        if (key == kIdKey[0]) read.elicitation_id = field->text;
        return {};
      });
  if (!walked) return std::move(walked).failure();
  if (mode != "url") return bad_message("an elicitation is not of URL mode");
  if (url.empty() || !has_message || read.elicitation_id.empty()) {
    return bad_message("an elicitation lacks its elicitationId, url or message");
  }
  if (const auto error = json::text_from(begin, value, read.params)) return bad_json(error);
  return read;
}

base::Result<std::vector<Read>> read_all(ondemand::value value) {
  ondemand::array array;
  if (value.get_array().get(array)) return bad_message("elicitations is no array");
  std::vector<Read> all;
  for (auto element : array) {
    ondemand::value item;
    if (const auto error = std::move(element).get(item)) return bad_json(error);
    auto read = read_one(item);
    if (!read) return std::move(read).failure();
    all.push_back(*std::move(read));
  }
  if (all.empty()) return bad_message("elicitations is empty");
  return all;
}

base::Result<std::vector<Read>> read_error(std::string_view error) {
  ondemand::document document;
  ondemand::object object;
  ondemand::object data;
  ondemand::value elicitations;
  if (const auto wrong = json::walk(error).get(document)) return bad_json(wrong);
  if (document.get_object().get(object) || object.find_field_unordered("data").get_object().get(data) ||
      data.find_field_unordered("elicitations").get(elicitations)) {
    return bad_message("it names no elicitations");
  }
  return read_all(elicitations);
}

}  // namespace

base::Result<std::vector<UrlElicitation>> read_url_elicitations(std::string_view error) {
  auto all = read_error(error);
  if (!all) {
    return base::fail(base::Kind::vendor_invalid, "vendor.bad_elicitations",
                      fmt::format("asked for URL elicitations in error -32042, but {}", all.error().message));
  }
  std::vector<UrlElicitation> out;
  for (auto& read : *all) {
    out.push_back({std::move(read.elicitation_id), with_elicitation_id(read.params, {})});
  }
  return out;
}

std::string url_input_requests(std::span<const UrlElicitation> elicitations) {
  std::string requests;
  for (std::size_t i = 0; i < elicitations.size(); ++i) {
    requests += fmt::format(R"({}"url_{}":{{"method":"elicitation/create","params":{}}})", i == 0 ? "" : ",", i + 1,
                            elicitations[i].params);
  }
  return "{" + requests + "}";
}

std::string url_elicitation_params(std::string_view message, std::string_view url, std::string_view elicitation_id) {
  return fmt::format(R"({{"mode":"url",{}"url":{},"message":{}}})", id_member(elicitation_id), json::quote(url),
                     json::quote(message));
}

std::string with_elicitation_id(std::string_view params, std::string_view elicitation_id) {
  const auto added = id_member(elicitation_id);
  json::Splice splice(params);
  detail::change_members(splice, params, kIdKey, added);
  return splice.str();
}

}  // namespace mcp
