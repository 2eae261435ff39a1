// What operators see of the MCP endpoints. Names follow Prometheus' conventions; labels are bounded by configuration
// (vendors) and the protocol (methods known here; "other" for the rest), never by callers.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/mutex.hpp"

namespace gateway {

// Thread-safe.
class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);

  // One request, when it is answered. `route`: "unified" or the vendor's slug; `outcome`: "ok" or a kind's name,
  // "cancelled" among them.
  void request(std::string_view route, std::string_view method, std::string_view outcome,
               std::chrono::steady_clock::duration took);
  void vendor_error(std::string_view vendor, base::Kind kind);
  void sessions(std::size_t open) { sessions_.Set(static_cast<double>(open)); }

  // Counts one open stream for as long as it lives.
  class OpenStream {
   public:
    explicit OpenStream(prometheus::Gauge& streams) : streams_(streams) { streams_.Increment(); }
    ~OpenStream() { streams_.Decrement(); }
    OpenStream(const OpenStream&) = delete;
    OpenStream& operator=(const OpenStream&) = delete;

   private:
    prometheus::Gauge& streams_;
  };
  [[nodiscard]] OpenStream open_stream() { return OpenStream(streams_); }

 private:
  struct Series {
    prometheus::Counter* count;
    prometheus::Histogram* duration;
  };
  [[nodiscard]] Series series(std::string_view route, std::string_view method, std::string_view outcome);

  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& durations_;
  prometheus::Family<prometheus::Counter>& vendor_errors_;
  prometheus::Gauge& sessions_;
  prometheus::Gauge& streams_;
  base::Mutex mutex_;
  // Families look their series up by building a label map; this finds them by one key.
  std::map<std::string, Series, std::less<>> series_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace gateway
