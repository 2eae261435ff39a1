// A vendor's MCP endpoint over HTTP on a port of its own, scripted per JSON-RPC method: answers, hangs, cuts, garbles.
// Unscripted it is a well-behaved vendor with one tool, of the era that it is told to be of. Legacy: answers are JSON,
// there is no GET stream, and what comes before initialize is refused as by the official SDK. Modern: heads are checked
// against bodies, subscriptions/listen is an SSE stream. HTTP+SSE: every answer comes on the stream of the session.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <cctype>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fake {

enum class Speaks { legacy, modern, sse };

struct VendorRequest {
  std::string http_method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string rpc_method;  // "" for a response
  std::string id;          // raw token, "" for none
};

// The connection that a request came on.
class VendorWire {
 public:
  enum class Carries { answers, session };  // session: the stream of HTTP+SSE
  explicit VendorWire(int descriptor, Carries carries = Carries::answers)
      : descriptor_(descriptor), carries_(carries) {}

  void send(std::string_view bytes);
  // A whole answer. `head` holds further fields, each ending in CR LF.
  void answer(int status, std::string_view type, std::string_view body, std::string_view head = {});
  void json(std::string_view body, std::string_view head = {}) {
    if (carries_ == Carries::session) return event("", body);
    answer(200, "application/json", body, head);
  }
  // An SSE answer, to be ended by end_stream() or cut by close().
  void start_stream(std::string_view head = {});
  void event(std::string_view id, std::string_view data);
  void stream_text(std::string_view text);  // one chunk, as it is
  void end_stream();
  void close();
  void reset();
  // Returns when the peer, or the fake itself, closes.
  void hang();
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  Carries carries_;
};

class FakeVendor {
 public:
  using Act = std::function<void(const VendorRequest&, VendorWire&)>;

  FakeVendor();
  ~FakeVendor();
  FakeVendor(const FakeVendor&) = delete;
  FakeVendor& operator=(const FakeVendor&) = delete;

  // What to do for a JSON-RPC method ("tools/call"), or for "GET" or "DELETE". Runs on a thread of the connection.
  void on(const std::string& what, Act act);
  // From now on, as after a restart of another program on the same port.
  void speak(Speaks speaks);
  // Cuts every connection, streams included.
  void drop_connections();
  // Says a notification on every subscription that is open (modern), or session (HTTP+SSE).
  void say(const std::string& method, const std::string& params = "{}");
  // Ends every subscription in the orderly way, with its result.
  void end_subscriptions();
  // Subscriptions or sessions that are open now.
  [[nodiscard]] std::size_t open_streams() const;
  // initialize gives this session id from now on, and every other request must carry it (else 404).
  void use_session(std::string id);
  void forget_session() { use_session("another-session"); }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/mcp"; }
  [[nodiscard]] std::vector<VendorRequest> requests() const;
  // How many requests there were of a JSON-RPC or HTTP method.
  [[nodiscard]] std::size_t count(const std::string& what) const;
  // The last request of that kind; an empty one when there was none.
  [[nodiscard]] VendorRequest last(const std::string& what) const;
  [[nodiscard]] std::size_t connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int descriptor);
  void act(const VendorRequest& request, VendorWire& wire);
  void act_legacy(const VendorRequest& request, VendorWire& wire, const std::string& session);
  void act_modern(const VendorRequest& request, VendorWire& wire);
  // The wire that the answer goes to: over HTTP+SSE another one than the request came on; nothing when it was refused.
  std::optional<VendorWire> answering(const VendorRequest& request, VendorWire& wire);
  void keep_stream(const std::string& id, VendorWire& wire, std::string_view greeting);

  struct Stream {
    std::string id;  // of the subscription, raw, or of the session
    int descriptor;
  };

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::map<std::string, Act> acts_;
  std::string session_;
  Speaks speaks_ = Speaks::legacy;
  std::vector<Stream> streams_;
  std::vector<VendorRequest> requests_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// {"jsonrpc":"2.0","id":<id>,"result":<result>}
[[nodiscard]] inline std::string result_of(std::string_view id, std::string_view result) {
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":)" + std::string(result) + "}";
}
[[nodiscard]] inline std::string tool_text(std::string_view id, std::string_view text) {
  return result_of(id, R"({"content":[{"type":"text","text":")" + std::string(text) + R"("}]})");
}

inline void VendorWire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

inline void VendorWire::answer(int status, std::string_view type, std::string_view body, std::string_view head) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Something\r\n" + std::string(head);
  if (!type.empty()) text += "Content-Type: " + std::string(type) + "\r\n";
  send(text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
}

inline void VendorWire::start_stream(std::string_view head) {
  send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n" + std::string(head) +
       "\r\n");
}

inline void VendorWire::stream_text(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string size;
  for (auto left = text.size(); left > 0; left /= 16) size.insert(size.begin(), kDigits[left % 16]);
  send(size + "\r\n" + std::string(text) + "\r\n");
}

inline void VendorWire::event(std::string_view id, std::string_view data) {
  std::string text;
  if (!id.empty()) text += "id: " + std::string(id) + "\n";
  stream_text(text + "data: " + std::string(data) + "\n\n");
}

inline void VendorWire::end_stream() { send("0\r\n\r\n"); }

inline void VendorWire::close() { ::shutdown(descriptor_, SHUT_RDWR); }

inline void VendorWire::reset() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  // Closing is the owner's; connecting to nowhere resets at once.
  const sockaddr nowhere{AF_UNSPEC, {}};
  ::connect(descriptor_, &nowhere, sizeof nowhere);
}

inline void VendorWire::hang() {
  char bytes[256];
  while (::recv(descriptor_, bytes, sizeof bytes, 0) > 0) {
  }
}

inline FakeVendor::FakeVendor() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, length) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, generic, &length) != 0) {
    throw std::runtime_error("cannot listen");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

inline FakeVendor::~FakeVendor() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int descriptor : open_) ::shutdown(descriptor, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
  ::close(listener_);
}

inline void FakeVendor::on(const std::string& what, Act act) {
  const std::lock_guard lock(mutex_);
  acts_[what] = std::move(act);
}

inline void FakeVendor::speak(Speaks speaks) {
  const std::lock_guard lock(mutex_);
  speaks_ = speaks;
}

inline void FakeVendor::drop_connections() {
  const std::lock_guard lock(mutex_);
  for (const int descriptor : open_) ::shutdown(descriptor, SHUT_RDWR);
}

inline void FakeVendor::say(const std::string& method, const std::string& params) {
  const std::lock_guard lock(mutex_);
  for (const auto& stream : streams_) {
    auto object = boost::json::parse(params).as_object();
    if (speaks_ == Speaks::modern) {
      object["_meta"] = {{"io.modelcontextprotocol/subscriptionId", boost::json::parse(stream.id)}};
    }
    VendorWire(stream.descriptor)
        .event("", R"({"jsonrpc":"2.0","method":")" + method + R"(","params":)" + boost::json::serialize(object) + "}");
  }
}

inline void FakeVendor::end_subscriptions() {
  const std::lock_guard lock(mutex_);
  for (const auto& stream : streams_) {
    VendorWire wire(stream.descriptor);
    wire.event("", R"({"jsonrpc":"2.0","id":)" + stream.id + R"(,"result":{"resultType":"complete"}})");
    wire.end_stream();
    wire.close();  // its thread waits for that
  }
}

inline std::size_t FakeVendor::open_streams() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

inline void FakeVendor::use_session(std::string id) {
  const std::lock_guard lock(mutex_);
  session_ = std::move(id);
}

inline std::vector<VendorRequest> FakeVendor::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

inline std::size_t FakeVendor::count(const std::string& what) const {
  const auto all = requests();
  return static_cast<std::size_t>(std::ranges::count_if(
      all, [&](const VendorRequest& request) { return request.rpc_method == what || request.http_method == what; }));
}

inline VendorRequest FakeVendor::last(const std::string& what) const {
  VendorRequest found;
  for (const auto& request : requests()) {
    if (request.rpc_method == what || request.http_method == what) found = request;
  }
  return found;
}

inline void FakeVendor::accept_all() {
  while (!stopping_) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    ++connections_;
    const std::lock_guard lock(mutex_);
    open_.push_back(descriptor);
    threads_.emplace_back([this, descriptor] { serve(descriptor); });
  }
}

// One request after the other, with Content-Length bodies only: that is what the gateway sends.
inline void FakeVendor::serve(int descriptor) {
  std::string buffer;
  const auto more = [&] {
    char bytes[8192];
    const auto size = ::recv(descriptor, bytes, sizeof bytes, 0);
    if (size > 0) buffer.append(bytes, static_cast<std::size_t>(size));
    return size > 0;
  };
  const auto read_request = [&](VendorRequest& request) {
    while (!buffer.contains("\r\n\r\n")) {
      if (!more()) return false;
    }
    const auto end = buffer.find("\r\n\r\n");
    request.http_method = buffer.substr(0, buffer.find(' '));
    request.target = buffer.substr(request.http_method.size() + 1);
    request.target = request.target.substr(0, request.target.find(' '));
    for (auto at = buffer.find("\r\n") + 2; at < end + 2; at = buffer.find("\r\n", at) + 2) {
      const auto line = buffer.substr(at, buffer.find("\r\n", at) - at);
      auto name = line.substr(0, line.find(':'));
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      request.headers[name] = line.substr(std::min(line.size(), name.size() + 2));
    }
    const auto length = request.headers.contains("content-length") ? std::stoul(request.headers["content-length"]) : 0;
    while (buffer.size() < end + 4 + length) {
      if (!more()) return false;
    }
    request.body = buffer.substr(end + 4, length);
    buffer.erase(0, end + 4 + length);
    if (request.body.empty()) return true;
    const auto message = boost::json::parse(request.body).as_object();
    if (message.contains("id")) request.id = boost::json::serialize(message.at("id"));
    if (message.contains("method")) request.rpc_method = message.at("method").as_string().c_str();
    return true;
  };
  VendorRequest request;
  while (read_request(request)) {
    VendorWire wire(descriptor);
    act(request, wire);
    request = {};
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, descriptor);
  ::close(descriptor);
}

inline void FakeVendor::act(const VendorRequest& request, VendorWire& wire) {
  Act act;
  std::string session;
  Speaks speaks{};
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    session = session_;
    speaks = speaks_;
    auto found = acts_.find(request.rpc_method);
    if (found == acts_.end() || request.rpc_method.empty()) found = acts_.find(request.http_method);
    if (found != acts_.end()) act = found->second;
  }
  const bool opens = request.rpc_method == "initialize";
  const auto given = request.headers.find("mcp-session-id");
  const bool is_lost = speaks == Speaks::legacy && !opens && !session.empty() &&
                       (given == request.headers.end() || given->second != session);
  if (is_lost) {
    return wire.answer(404, "application/json",
                       R"({"jsonrpc":"2.0","error":{"code":-32001,"message":"gone"},"id":null})");
  }
  std::optional answers(wire);
  if (speaks == Speaks::sse && (!act || request.http_method == "POST")) answers = answering(request, wire);
  if (!answers) return;
  if (act) return act(request, *answers);
  if (speaks == Speaks::modern) return act_modern(request, *answers);
  act_legacy(request, *answers, session);
}

inline std::optional<VendorWire> FakeVendor::answering(const VendorRequest& request, VendorWire& wire) {
  static constexpr std::string_view kPlace = "/messages?session=";
  if (request.http_method == "GET") {
    const auto id = std::to_string(wire.descriptor());
    wire.start_stream();
    keep_stream(id, wire, "event: endpoint\ndata: " + std::string(kPlace) + id + "\n\n");
    return std::nullopt;
  }
  std::optional<VendorWire> stream;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, descriptor] : streams_) {
      if (request.target == std::string(kPlace) + id) stream.emplace(descriptor, VendorWire::Carries::session);
    }
  }
  wire.answer(stream ? 202 : 404, "text/html", stream ? "" : "<pre>Cannot POST</pre>");
  return stream;
}

// Returns when the stream has ended. Who has read the greeting finds the stream known.
inline void FakeVendor::keep_stream(const std::string& id, VendorWire& wire, std::string_view greeting) {
  {
    const std::lock_guard lock(mutex_);
    streams_.push_back({id, wire.descriptor()});
    wire.stream_text(greeting);
  }
  wire.hang();
  const std::lock_guard lock(mutex_);
  std::erase_if(streams_, [&](const Stream& stream) { return stream.descriptor == wire.descriptor(); });
}

inline void FakeVendor::act_legacy(const VendorRequest& request, VendorWire& wire, const std::string& session) {
  if (request.rpc_method == "initialize") {
    return wire.json(result_of(request.id, R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},)"
                                           R"("serverInfo":{"name":"fake","version":"1"}})"),
                     session.empty() ? "" : "Mcp-Session-Id: " + session + "\r\n");
  }
  if (request.rpc_method == "server/discover") {
    return wire.answer(400, "application/json",
                       R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: Server not initialized"},)"
                       R"("id":null})");
  }
  if (request.http_method == "GET") return wire.answer(405, "", "");
  if (request.http_method == "DELETE") return wire.answer(200, "", "");
  // Over HTTP+SSE the message is taken already.
  const bool is_answered = request.target.starts_with("/messages");
  if (request.id.empty() || request.rpc_method.empty()) return is_answered ? void() : wire.answer(202, "", "");
  if (request.rpc_method == "tools/list") {
    return wire.json(result_of(request.id, R"({"tools":[{"name":"echo","inputSchema":{"type":"object"}}]})"));
  }
  if (request.rpc_method == "tools/call") return wire.json(tool_text(request.id, "done"));
  wire.json(result_of(request.id, "{}"));
}

inline void FakeVendor::act_modern(const VendorRequest& request, VendorWire& wire) {
  const auto fail = [&](int status, const std::string& error) {
    wire.answer(status, "application/json", R"({"jsonrpc":"2.0","id":)" + request.id + R"(,"error":)" + error + "}");
  };
  const auto header = [&](const std::string& name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
  };
  if (request.http_method != "POST") return wire.answer(405, "", "");
  const auto message = boost::json::parse(request.body);
  boost::json::error_code absent;
  const auto* revision = message.find_pointer("/params/_meta/io.modelcontextprotocol~1protocolVersion", absent);
  if (header("mcp-protocol-version") != "2026-07-28") {
    return fail(400, R"({"code":-32022,"message":"Unsupported protocol version","data":{"supported":["2026-07-28"]}})");
  }
  if (request.id.empty()) return wire.answer(202, "", "");
  if (revision == nullptr || *revision != "2026-07-28" || header("mcp-method") != request.rpc_method) {
    return fail(400, R"({"code":-32020,"message":"Header mismatch"})");
  }
  if (request.rpc_method == "server/discover") {
    return wire.json(result_of(request.id, R"({"resultType":"complete","supportedVersions":["2026-07-28"],)"
                                           R"("capabilities":{"tools":{"listChanged":true},)"
                                           R"("resources":{"listChanged":true,"subscribe":true}},"ttlMs":0})"));
  }
  if (request.rpc_method == "tools/list") {
    return wire.json(result_of(
        request.id, R"({"resultType":"complete","tools":[{"name":"echo","inputSchema":{"type":"object"}}]})"));
  }
  if (request.rpc_method == "tools/call") return wire.json(tool_text(request.id, "done"));
  if (request.rpc_method != "subscriptions/listen") return fail(404, R"({"code":-32601,"message":"Method not found"})");
  wire.start_stream();
  keep_stream(request.id, wire,
              R"(data: {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":)"
              R"({"io.modelcontextprotocol/subscriptionId":)" +
                  request.id + "},\"notifications\":{}}}\n\n");
}

}  // namespace fake
