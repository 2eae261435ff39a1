// Whether a text is one YAML document, read to its end. YAML::Load drops silently what stands behind the first one,
// also behind a stray "," where a document may end by mistake; YAML::LoadAll of yaml-cpp 0.7 never returns for some of
// those.
#pragma once

#include <string>

namespace vendor::detail {

// Throws YAML::ParserException where the text is no YAML.
[[nodiscard]] bool is_one_yaml_document(const std::string& text);

}  // namespace vendor::detail
