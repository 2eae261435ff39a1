// A response of a vendor that nobody holds: looked through and mapped part by part, while it is passed on.
//
// All of it is validated as by scan(), and mapped as by with_unified_uris() and with_unified_task_ids(). What is wrong
// may be found when the parts before it have been passed on already: whoever passes them on has to see to it that they
// are not taken for a whole message.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace mcp {

class PassedResponse {
 public:
  struct Ids {
    std::string vendors;  // raw token of the request, as the vendor got it
    std::string clients;  // what stands for it in what is passed on
  };
  // `vendor`: a slug on the unified endpoint, where URIs and task ids are mapped; "" elsewhere.
  PassedResponse(Ids ids, std::string_view vendor);
  ~PassedResponse();
  PassedResponse(const PassedResponse&) = delete;
  PassedResponse& operator=(const PassedResponse&) = delete;

  // Takes the next part, and gives what may be passed on by now: views into the part and into this, until the next
  // call. Errors: invalid (no JSON, no response, another one's id, a name too long to be mapped); of no use after one.
  [[nodiscard]] base::Result<std::span<const std::string_view>> take(std::string_view part);
  // Nothing more comes. Errors: invalid (it is not whole, or lacks something).
  [[nodiscard]] base::Result<void> end();
  // Whether its result has begun: it is no error response.
  [[nodiscard]] bool has_result() const;

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace mcp
