// Settings of the upstream connections, each with its default.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "base/version.hpp"
#include "vendor/breaker.hpp"
#include "vendor/restart_backoff.hpp"

namespace vendor {

// Streamable HTTP.
struct HttpChannelConfig {
  std::string user_agent = "mcp-gateway/" MCPGW_VERSION;
  std::size_t message_bytes = 16 << 20;             // one message of a vendor; beyond: too_large
  int resume_attempts = 5;                          // in a row without news, for one dropped answer; then vendor_down
  std::chrono::milliseconds retry{1'000};           // before resuming, when the vendor sent no `retry`
  std::chrono::milliseconds longest_retry{60'000};  // the most that a vendor's own `retry` delays a resume
  std::chrono::milliseconds quiet_stream{900'000};  // a stream without a byte for so long is opened anew
  std::size_t streams_per_vendor = 128;             // streams at once, per I/O thread; beyond: none for a session
  // For server/discover to a vendor of unknown era, at most half of the caller's time; then initialize is tried. Also
  // for the first event of an HTTP+SSE stream.
  std::chrono::milliseconds probe_timeout{5'000};
  std::chrono::milliseconds farewell{3'000};  // for DELETE, and for the rest of an answer nobody waits for
};

// Supervised processes.
struct StdioChannelConfig {
  // What every process gets besides its definition's and its credential's variables: see inherited_environment().
  std::map<std::string, std::string> environment;
  std::size_t message_bytes = 16 << 20;              // one line of a vendor; beyond: too_large
  std::size_t unread_bytes = 32 << 20;               // sent, but not yet read by a process; beyond: vendor_down
  std::size_t processes = 256;                       // at once; beyond: unavailable
  std::chrono::milliseconds start_timeout{60'000};   // until the first answer (npx may install first)
  std::chrono::milliseconds probe_timeout{5'000};    // for server/discover to a process of unknown era; then initialize
  std::chrono::milliseconds idle_timeout{600'000};   // without a message either way: ended, started when needed
  std::chrono::milliseconds terminate_after{2'000};  // from closing stdin to SIGTERM
  std::chrono::milliseconds kill_after{5'000};       // from closing stdin to SIGKILL
  RestartConfig restart;
};

struct ChannelsConfig {
  HttpChannelConfig http;
  StdioChannelConfig stdio;
  BreakerConfig breaker;
};

// PATH, HOME, LANG and TMPDIR of this process, as far as they are set: nothing else of the gateway's own environment
// reaches a vendor's process. Call before threads start.
[[nodiscard]] std::map<std::string, std::string> inherited_environment();

}  // namespace vendor
