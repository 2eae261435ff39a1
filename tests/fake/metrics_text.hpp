// What a registry shows, as the Prometheus listener writes it.
#pragma once

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <string>

namespace fake {

inline std::string metrics_text(const prometheus::Registry& registry) {
  return prometheus::TextSerializer().Serialize(registry.Collect());
}

}  // namespace fake
