// Asks a vendor whether a credential works, with the definition's probe tool or by listing tools.
#pragma once

#include <memory>
#include <string>

#include "base/async.hpp"
#include "vendor/definition.hpp"

namespace vendor {

enum class Verdict { working, rejected, unreachable };

struct ProbeResult {
  Verdict verdict = Verdict::unreachable;
  std::string message;  // the vendor's own words or the transport's trouble; the caller masks secrets in it
};

class Prober {
 public:
  virtual ~Prober() = default;
  // Never fails: trouble is a verdict. Takes at most the definition's list_timeout. Any I/O thread.
  virtual base::Task<ProbeResult> probe(std::shared_ptr<const Definition> definition,
                                        std::shared_ptr<const Injection> injection) = 0;
};

}  // namespace vendor
