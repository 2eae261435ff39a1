// YAML values as JSON ones, for what a definition passes on to a vendor (probe arguments).
#pragma once

#include <yaml-cpp/yaml.h>

#include <boost/json/value.hpp>
#include <optional>

namespace vendor::detail {

// Quoted scalars are strings; plain ones are read as JSON reads them: true, 12 and 1.5 are no strings, 007 is one.
// Nothing for more than 16 levels or 1,000 values: aliases make small files large, and may even contain themselves.
[[nodiscard]] std::optional<boost::json::value> to_json(const YAML::Node& node);

}  // namespace vendor::detail
