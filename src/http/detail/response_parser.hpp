// Reads one answer from bytes, strictly: what two readers could understand differently is invalid.
// Plain state: no I/O, no time.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace http {

class ResponseParser final : private boost::beast::http::basic_parser<false> {
 public:
  enum class State { head, body, done, invalid };

  ResponseParser(std::size_t head_bytes, Method request_method);

  // Takes bytes and says how many are used up. Stops at the end of the head and after each piece of the body.
  std::size_t put(std::string_view bytes);
  // The peer closed: the end of a body that had no announced length, else invalid.
  void put_end();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] const Headers& headers() const { return headers_; }
  // The body bytes found by the last put(), a view into what it was given; empty for none.
  [[nodiscard]] std::string_view piece() const { return piece_; }
  // May another request follow on this connection? REQUIRES: state() is body or done.
  [[nodiscard]] bool keeps_alive() const { return Base::keep_alive(); }
  // The body's length, when the head tells it. REQUIRES: state() is body or done.
  [[nodiscard]] std::optional<std::uint64_t> announced() const {
    const auto length = Base::content_length();
    return length ? std::optional(*length) : std::nullopt;
  }
  // What is wrong, when invalid.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  using Base = boost::beast::http::basic_parser<false>;
  using Verb = boost::beast::http::verb;
  using Name = boost::beast::http::field;
  using View = boost::beast::string_view;
  using Code = boost::beast::error_code;

  void on_request_impl(Verb, View, View, int, Code&) override {}
  void on_response_impl(int status, View reason, int version, Code& error) override;
  void on_field_impl(Name field, View name, View value, Code& error) override;
  void on_header_impl(Code& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(View body, Code& error) override;
  void on_chunk_header_impl(std::uint64_t size, View, Code&) override { chunk_left_ = size; }
  std::size_t on_chunk_body_impl(std::uint64_t remaining, View body, Code& error) override;
  void on_finish_impl(Code& error) override;

  void refuse(Code& error, std::string problem);

  std::size_t limit_;
  State state_ = State::head;
  int status_ = 0;
  Headers headers_;
  std::string_view piece_;
  std::string problem_;
  std::size_t head_bytes_ = 0;
  int version_ = 11;
  std::size_t content_lengths_ = 0;
  bool chunked_ = false;
  std::uint64_t chunk_left_ = 0;
};

}  // namespace http
