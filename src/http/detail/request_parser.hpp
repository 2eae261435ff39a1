// Reads one request from bytes, strictly (server.hpp says what is refused). Plain state: no I/O, no time.
// Beast's parser does the grammar; what it lets pass and other parsers read differently is refused here.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <memory>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "http/detail/known_heads.hpp"
#include "http/detail/known_request.hpp"
#include "http/message.hpp"

namespace http {

struct RequestLimits {
  std::size_t head_bytes = 32 << 10;
  std::size_t header_count = 100;
  std::size_t body_bytes = 4 << 20;
};

// What is wrong with a request: the status that HTTP has for it, and the error the handler words.
struct Refusal {
  int status = 400;
  base::Error error;
};

class RequestParser final : private boost::beast::http::basic_parser<true> {
 public:
  enum class State { head, body, done, refused };

  // Fills `request`, which outlives this, as the others do. It and `known`, which is not null, are those of the request
  // before on this connection: what they hold is known again or cleared, and buffers are reused.
  RequestParser(Request& request, std::unique_ptr<KnownRequest>& known, KnownHeads& heads, const RequestLimits& limits);

  // Takes bytes and says how many are used up; the rest is to be presented again, with more behind it.
  // Stops at the end of the head and at the end of the request, so that the caller can look at state().
  std::size_t put(std::string_view bytes);
  [[nodiscard]] State state() const { return state_; }
  // REQUIRES: state() is refused.
  [[nodiscard]] const Refusal& refusal() const { return *refusal_; }
  // The client waits for "100 Continue" before it sends the body. REQUIRES: state() is body.
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  [[nodiscard]] bool is_http10() const { return version_ == 10; }
  // The head is the same as that of a request before, which is `known` now.
  [[nodiscard]] bool knows_head() const { return known_left_.has_value(); }

 private:
  using Base = boost::beast::http::basic_parser<true>;
  using Verb = boost::beast::http::verb;
  using Field = boost::beast::http::field;
  using View = boost::beast::string_view;
  using Code = boost::beast::error_code;

  void on_request_impl(Verb verb, View method, View target, int version, Code& error) override;
  void on_response_impl(int, View, int, Code&) override {}
  void on_field_impl(Field field, View name, View value, Code& error) override;
  void on_header_impl(Code& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Code& error) override;
  std::size_t on_body_impl(View body, Code& error) override;
  void on_chunk_header_impl(std::uint64_t size, View extensions, Code& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remaining, View body, Code& error) override;
  void on_finish_impl(Code& error) override;

  [[nodiscard]] std::optional<KnownRequest::Recalled> recall(std::string_view bytes);
  std::size_t take_known_head(const KnownRequest::Recalled& known);
  std::size_t put_known_body(std::string_view bytes);
  void remember();
  void make_room_for_body(std::uint64_t announced);
  void finish();
  void take_framing(Field field, std::string_view value, Code& error);
  void refuse(Code& error, int status, base::Kind kind, std::string code, std::string message);
  void malformed(Code& error, std::string message);
  void explain(Code error);

  Request& request_;
  std::unique_ptr<KnownRequest>& known_;
  KnownHeads& heads_;
  RequestLimits limits_;
  State state_ = State::head;
  std::unique_ptr<Refusal> refusal_;
  std::size_t head_bytes_ = 0;
  int version_ = 11;
  std::size_t hosts_ = 0;
  std::size_t content_lengths_ = 0;
  std::size_t content_length_ = 0;  // its index among the fields
  bool chunked_ = false;
  std::uint64_t chunk_left_ = 0;
  bool expects_continue_ = false;
  std::optional<std::uint64_t> known_left_;  // of the body, behind a head that was known
};

}  // namespace http
