// A vendor's response on its way to a client that gets it in parts.
#pragma once

#include <span>
#include <string_view>

#include "gateway/detail/delivery.hpp"
#include "gateway/responder.hpp"
#include "mcp/passed_response.hpp"

namespace gateway {

class VendorParts final : public ResponseParts {
 public:
  // REQUIRES: the delivery and its call outlive this.
  explicit VendorParts(Delivery& delivery);

  // Looks at the first part, which lives until the second call of next(). False: it has to be looked at as a whole.
  [[nodiscard]] bool begin(std::string_view first);
  base::Async<std::span<const std::string_view>> next() override;

 private:
  [[nodiscard]] base::Failure invalid(const base::Error& error) const;

  Delivery& delivery_;
  mcp::PassedResponse response_;
  std::span<const std::string_view> first_;
};

}  // namespace gateway
