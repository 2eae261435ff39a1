// What the reader of definitions and the overlay of the main configuration read alike.
#pragma once

#include <map>
#include <string>

#include "base/yaml.hpp"
#include "vendor/definition.hpp"

namespace vendor::detail {

// Throws unless `wrong` is empty.
void refuse_if(const base::YamlMap& map, const std::string& key, const std::string& wrong);
[[nodiscard]] http::Url url_of(const base::YamlMap& map, const std::string& key, const std::string& text);
// A command's variables, as the operator gives them.
[[nodiscard]] std::map<std::string, std::string> environment(base::YamlMap map);
[[nodiscard]] base::SecretString signing_secret(base::YamlMap& map);
void read_timeouts(base::YamlMap& map, const std::string& call, const std::string& list, Definition& definition);

// The key "protocol"; absent, it stays what the definition says. REQUIRES: the definition's transport is read.
[[nodiscard]] Protocol protocol(base::YamlMap& map, const Definition& definition);

[[nodiscard]] bool has_transport(const Definition& definition);
// A vendor that is switched on can be reached, and every field has a place in its transport. "" when that holds.
[[nodiscard]] std::string wrong_with_enabled(const Definition& definition);

}  // namespace vendor::detail
