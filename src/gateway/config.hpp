// What an operator can set about the MCP endpoints.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace gateway {

struct Config {
  std::string public_url;  // issuer and base of every resource URL, without a slash at its end
  std::vector<std::string>
      allowed_origins;  // beside the public URL's own; loopback ones when the public host is loopback
  std::vector<std::string> allowed_hosts;  // beside the public URL's own and loopback names

  std::chrono::milliseconds ping_interval{
      25'000};                              // comment on an idle stream: below clients' and proxies' 60 s and 300 s
  std::chrono::milliseconds retry{15'000};  // retry: of a stream; mcp-remote tries twice, so it bridges 30 s
  std::chrono::milliseconds early_start{
      10'000};                                 // a call silent for so long gets its stream started, with a priming id
  std::chrono::milliseconds list_wait{3'000};  // how long a list waits for vendors it knows nothing of yet
  std::chrono::milliseconds list_ttl{60'000};  // a list is fresh for so long when its vendor does not say for how long
  std::chrono::milliseconds list_ttl_max{600'000};  // the most that a vendor's own word counts for; the least is 1 s
  std::chrono::milliseconds list_quiet{1'000};      // a vendor's list is fetched at most once in so long
  std::chrono::milliseconds connection_idle{
      3'600'000};                                     // unused for so long: its channel is closed, its lists forgotten
  std::chrono::milliseconds session_idle{1'800'000};  // then it leaves memory; the store still knows it
  std::chrono::milliseconds session_lifetime{2'592'000'000};  // unused for so long: it leaves the store

  bool own_tools = true;             // gateway__status and, in search mode, the two others
  std::size_t search_threshold = 0;  // with more tools than this, only the gateway's own are listed; 0: never

  // A call that asked its client something waits so long for the answer.
  std::chrono::milliseconds answer_wait{600'000};
  // A call whose person is saving a credential waits so long for that; one request of the modern era no longer than a
  // turn, since clients have 60 s; and it looks that often by itself, since other processes tell nothing.
  std::chrono::milliseconds credential_wait{300'000};
  std::chrono::milliseconds credential_turn{45'000};
  std::chrono::milliseconds credential_look{5'000};

  std::size_t askable_sessions = 64;         // upstream sessions of one connection for such calls; beyond: an error
  std::size_t parked_calls = 10'000;         // calls that wait for an answer, in all; beyond: an error
  std::size_t waits_per_principal = 20;      // calls that wait for a credential; beyond: an error
  std::size_t batch_messages = 50;           // beyond: -32600
  std::size_t sessions_per_principal = 500;  // in memory; beyond: the one unused longest leaves memory
  std::size_t listens_per_principal = 100;   // subscriptions/listen that are open; beyond: -32602
  std::size_t subscribed_resources = 256;    // of one subscriptions/listen, or of one session; beyond: -32602
  std::size_t replay_events = 256;           // per stream, kept for Last-Event-ID
  std::size_t replay_bytes = 1 << 20;        // per stream; the oldest go first
  // Of one list of one vendor; beyond: the rest is left out, and logged.
  std::size_t list_items = 5'000;
  std::size_t list_pages = 200;
  std::size_t list_bytes = 16 << 20;
};

}  // namespace gateway
