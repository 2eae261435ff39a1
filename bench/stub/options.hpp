// What a path of the stub asks for: /answer=sse,bytes=4096/mcp. Documented for people in bench/README.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace bench {

struct Options {
  bool sse = false;                    // answer=json|sse: the form of answers
  bool modern = false;                 // era=legacy|modern
  bool session = false;                // session=0|1: Mcp-Session-Id at initialize
  bool hang = false;                   // hang=1: takes everything and never answers
  std::size_t bytes = 1024;            // of the response to tools/call
  std::size_t tools = 1;               // in tools/list
  std::chrono::milliseconds delay{0};  // before each answer
};

// Throws std::invalid_argument for an unknown key or value.
[[nodiscard]] Options read_options(std::string_view path);

}  // namespace bench
