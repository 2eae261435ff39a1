// One JSON-RPC message, scanned without building a tree: what it is, and where the parts stand that the gateway reads
// or replaces. Every view points into the scanned text.
//
//   {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"hudu__search","_meta":{"progressToken":"p1"}}}
//                        ^id         ^method                    ^name                                  ^progress_token
//
// The whole text is validated, so that what is relayed is JSON. Keys that two readers could disagree about are refused:
// a key that stands twice in the envelope, in params or in params._meta (first-wins against last-wins would be a way
// around policy).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mcp {

enum class Shape { request, notification, response };

// Bytes that must be readable behind a text handed to scan().
inline constexpr std::size_t kPadding = 64;
// Deeper messages are refused.
inline constexpr int kMaxDepth = 128;

struct Envelope {
  std::string_view text;  // that was scanned
  Shape shape = Shape::notification;
  bool is_error = false;      // a response with "error"
  bool names_things = false;  // a response in which a member "uri" or "taskId" stands somewhere
  std::string method;         // unescaped; "" in a response
  std::string_view id;        // the raw token: 7 or "a7"; empty in a notification
  std::string_view params;    // raw object; null data when absent
  // params.uri of resources/… and notifications/resources/updated, params.name of all other methods: a raw string token
  // with quotes; null data when absent. A message that has both is read as its method means it.
  std::string_view name_token;
  std::string name;  // the same, unescaped
  // params.progressToken of notifications/progress, params._meta.progressToken of all other methods.
  std::string_view progress_token;
  std::string_view request_id;   // params.requestId of notifications/cancelled
  std::string protocol_version;  // params._meta["io.modelcontextprotocol/protocolVersion"]: makes a request modern

  // Further raw parts of params; null data when absent. Those of _meta are its io.modelcontextprotocol/ keys; of what
  // type clientInfo and clientCapabilities are, check_request_meta() looks.
  std::string_view meta;                 // params._meta, an object
  std::string_view client_info;          // clientInfo
  std::string_view client_capabilities;  // clientCapabilities
  std::string log_level;                 // logLevel, unescaped
  std::string_view arguments;            // params.arguments
  std::string_view input_responses;      // params.inputResponses (2026-07-28 basic/patterns/mrtr)
  std::string_view request_state;        // params.requestState, a string token with quotes
  std::string_view task_id_token;        // params.taskId, a string token with quotes
  std::string task_id;                   // the same, unescaped
};

// REQUIRES: kPadding readable bytes behind `text`. Thread-safe.
// Errors: invalid with code "parse_error" (not JSON, too deep) or "invalid_request" (JSON, but no JSON-RPC 2.0 message
// of MCP's: null or fractional id, duplicate key, neither method nor result nor error …).
[[nodiscard]] base::Result<Envelope> scan(std::string_view text);

// The messages of a batch, each copied with padding; at most `limit`. A text that is no array gives one view: itself.
[[nodiscard]] bool is_batch(std::string_view text);
// Errors: as scan(); too_many beyond the limit; invalid for an empty batch.
[[nodiscard]] base::Result<std::vector<std::string>> split_batch(std::string_view text, std::size_t limit);

}  // namespace mcp
