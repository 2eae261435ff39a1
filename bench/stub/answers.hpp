// The stub's answers, rendered once per path: an answer is a head, the request's id between two texts, and nothing that
// has to be made for each request.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "bench/stub/options.hpp"

namespace bench {

// Valid until the next call.
struct Answer {
  std::array<std::string_view, 5> pieces;  // head, before the id, the id, after the id, end
};

class Answers {
 public:
  explicit Answers(const Options& options);

  // The answer to the HTTP request of that method whose body is a JSON-RPC message. `id` is the message's, as written.
  [[nodiscard]] Answer to(std::string_view http_method, std::string_view rpc_method, std::string_view id);
  [[nodiscard]] const Options& options() const { return options_; }

 private:
  struct Template {
    std::string before;
    std::string after;
  };
  [[nodiscard]] Answer fill(const Template& body, std::string_view id, std::string_view extra_fields);
  [[nodiscard]] const Template& body_of(std::string_view rpc_method) const;

  Options options_;
  Template call_;
  Template list_;
  Template opening_;
  Template unknown_;
  std::string head_;
  std::string end_;
};

}  // namespace bench
