// The HTTP/1.1 client: a pool of kept-alive connections per origin, plain or TLS, owned by one I/O thread.
// Heads are built here from what the caller names; the peer's answer is parsed as strictly as requests are.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/async.hpp"
#include "http/message.hpp"

namespace http {

struct Origin {
  bool tls = false;
  std::string host;  // name or address, without brackets
  std::uint16_t port = 80;
  [[nodiscard]] std::string authority() const;  // for the Host field: port only when not the scheme's own
  bool operator==(const Origin&) const = default;
};
// "https://vendor.example", for messages.
[[nodiscard]] std::string place_name(const Origin& origin);

struct Url {
  Origin origin;
  std::string target;  // path and query, at least "/"
};
// Absolute http or https URL without user info or fragment. Errors: invalid, saying what is wrong with it.
[[nodiscard]] base::Result<Url> parse_url(std::string_view text);

// Which addresses may be connected to. Checked on every resolved address, right before connecting, so that a name
// that changes its mind between check and use gains nothing.
enum class Addresses {
  any,          // operators' own vendors
  public_only,  // addresses a stranger can name: no loopback, private, link-local, multicast, unspecified, or mapped
};

struct ClientLimits {
  std::size_t head_bytes = 64 << 10;
  std::size_t connections_per_origin = 256;  // beyond: waits for one to be free, until the deadline
  std::size_t idle_per_origin = 256;
  std::chrono::milliseconds idle_timeout{55'000};  // shorter than common servers' 60 s, so that they close second
  std::chrono::milliseconds connect_timeout{5'000};
};

// Fields as they stand in a head, for those that many requests share. Without those that this side writes itself.
[[nodiscard]] std::string field_lines(const Headers& headers);
// One more. REQUIRES: is_token(name), is_field_value(value), and the field is none that this side writes itself.
void append_field_line(std::string& lines, std::string_view name, std::string_view value);

struct ClientRequest {
  Method method = Method::get;
  const Url* url = nullptr;
  const Headers* headers = nullptr;                     // without Host, Content-Length, Connection
  std::span<const std::string_view> field_lines = {};   // further ones
  std::span<const std::string_view> body = {};          // sent with the head in one gather write
  base::SteadyTime deadline = base::SteadyTime::max();  // for the whole exchange up to the answer's head
  Addresses addresses = Addresses::any;
};

class ClientExchange;
class ClientImpl;

// Of a body, with 64 bytes of spare capacity behind it.
struct Beginning {
  std::string text;
  bool whole = false;
};

// An answer whose body is read as it comes. Destroying it before its end closes the connection.
class ClientResponse {
 public:
  ClientResponse() noexcept;  // none, as after a move: Asio's operators want it
  ClientResponse(ClientResponse&&) noexcept;
  ClientResponse& operator=(ClientResponse&&) noexcept;
  ~ClientResponse();

  // Of what try_send() gave: sends what could not be sent at once, and waits for the answer's head. Before anything
  // else is asked of this. Errors: those of Client::send.
  base::Async<void> begin(base::SteadyTime deadline);
  [[nodiscard]] int status() const;
  [[nodiscard]] const Headers& headers() const;
  // The next bytes of the body; empty at its end. The view lives until the next call.
  // Errors: vendor_timeout (deadline), vendor_down (reset), vendor_invalid (ends before its announced end).
  base::Async<std::string_view> read_some(base::SteadyTime deadline);
  // The same, when something has come already, or the end; nothing when it has to be waited for.
  [[nodiscard]] std::optional<base::Result<std::string_view>> piece_at_hand();
  // Passes over what has come already; true when that was the end.
  [[nodiscard]] bool ended();
  // The whole rest; of a body that is announced to have more bytes than `most`, some KiB, and read_some() goes on.
  // Errors: also too_large.
  base::Async<Beginning> read_beginning(std::size_t most, std::size_t limit, base::SteadyTime deadline);
  // The same, when all of the body has come already; nothing else.
  [[nodiscard]] std::optional<Beginning> body_at_hand(std::size_t most);
  // The whole rest, with 64 bytes of spare capacity behind it. Errors: also too_large.
  base::Async<std::string> read_all(std::size_t limit, base::SteadyTime deadline);

 private:
  friend class Client;
  friend class ClientImpl;
  ClientResponse(std::unique_ptr<ClientExchange> exchange, std::shared_ptr<ClientImpl> client);
  std::unique_ptr<ClientExchange> exchange_;
  std::shared_ptr<ClientImpl> client_;  // of what try_send() gave, to send it once more
};

struct ConnectionCount {
  std::size_t idle = 0;
  std::size_t in_use = 0;  // by an exchange, or just being opened for one
  [[nodiscard]] std::size_t total() const { return idle + in_use; }
};

// Thread: every call but connection_count() on the executor's thread; destroyed there too, or after its loop has
// stopped.
class Client {
 public:
  Client(base::Executor executor, ClientLimits limits);
  ~Client();

  // Sends and waits for the answer's head. A request that finds its kept-alive connection closed by the peer before
  // a byte of answer came is sent once more on a new connection.
  // Errors: vendor_down (resolve, refused, reset, TLS), vendor_timeout, vendor_invalid, forbidden (address not
  // allowed).
  base::Async<ClientResponse> send(ClientRequest request);
  // The same for a small request without `headers`, while a connection is kept alive, in two steps: what goes out at
  // once goes out, and ClientResponse::begin() does the rest. Nothing when send() has to do it. Only `url` has to
  // outlive the call, until begin() returns; the deadline is begin()'s.
  [[nodiscard]] std::optional<ClientResponse> try_send(const ClientRequest& request);
  [[nodiscard]] ConnectionCount connection_count() const;  // thread-safe

 private:
  std::shared_ptr<ClientImpl> impl_;
};

}  // namespace http
