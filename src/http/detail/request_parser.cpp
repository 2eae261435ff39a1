#include "http/detail/request_parser.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "http/detail/characters.hpp"
#include "http/detail/fields.hpp"

namespace http {
namespace {

namespace beast = boost::beast::http;
using detail::view;

constexpr std::size_t kPadding = 64;              // simdjson reads that far behind the end
constexpr std::size_t kFirstReserve = 256 << 10;  // a longer announced body must come before it gets memory
constexpr std::size_t kLongestExtension = 256;    // of one chunk: nobody needs any

Method method_of(beast::verb verb) {
  switch (verb) {
    case beast::verb::get:
      return Method::get;
    case beast::verb::post:
      return Method::post;
    case beast::verb::put:
      return Method::put;
    case beast::verb::delete_:
      return Method::delete_;
    case beast::verb::head:
      return Method::head;
    case beast::verb::options:
      return Method::options;
    case beast::verb::patch:
      return Method::patch;
    default:
      return Method::other;
  }
}

// RFC 3986: visible ASCII without what ends or never begins in a path and query.
bool is_target(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

bool is_host(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    // What nearly every host consists of is not looked up.
    return detail::is_alphanumeric(c) || c == '.' || c == ':' || std::string_view("-_~%!$&'()*+,;=[]").contains(c);
  });
}

}  // namespace

RequestParser::RequestParser(Request& request, std::unique_ptr<KnownRequest>& known, KnownHeads& heads,
                             const RequestLimits& limits)
    : request_(request), known_(known), heads_(heads), limits_(limits) {
  known_->keep(request_);
  request_.body.clear();
  header_limit(static_cast<std::uint32_t>(limits.head_bytes + detail::kLimitSlack));
  body_limit(limits.body_bytes);
}

std::size_t RequestParser::put(std::string_view bytes) {
  if (known_left_) return put_known_body(bytes);
  if (state_ == State::head && head_bytes_ == 0) {
    if (const auto known = recall(bytes)) return take_known_head(*known);
  }
  std::size_t used = 0;
  Code error;
  const State before = state_;
  while (state_ == before && used < bytes.size()) {
    const auto rest = bytes.substr(used);
    if (state_ == State::head && head_bytes_ == 0 && rest.starts_with('\r')) {
      // RFC 9112 section 2.2: an empty line before the request line is skipped.
      if (rest == "\r") break;
      if (rest.starts_with("\r\n")) {
        used += 2;
        continue;
      }
    }
    if (chunked_ && state_ == State::body && chunk_left_ == 0 && rest.size() < detail::kShortestLastChunk) break;
    const auto body = request_.body.size();
    const auto step = Base::put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    used += step;
    if (before == State::head) head_bytes_ += step;
    const bool is_line = before == State::body && request_.body.size() == body;  // or a trailer: it counts as a head
    if (is_line && step > limits_.head_bytes) error = beast::error::header_limit;
    if (error && error != beast::error::need_more) explain(error);
    if (error) break;
  }
  if (state_ == State::head && detail::has_bare_line_feed(bytes.substr(used))) explain(beast::error::bad_line_ending);
  // What waits belongs to the head, or to a line or trailer between chunks. Both are small.
  const auto waiting = state_ == before && state_ != State::done ? bytes.size() - used : 0;
  if ((before == State::head ? head_bytes_ : 0) + waiting > limits_.head_bytes) explain(beast::error::header_limit);
  if (before == State::head && state_ != State::head) remember();
  return used;
}

// The next request may begin with the same head. One without a body costs little to parse.
void RequestParser::remember() {
  known_->forget();
  if (state_ != State::body || chunked_ || expects_continue_ || is_http10() || !request_.keep_alive) return;
  known_->remember(request_, content_length_);
}

std::optional<KnownRequest::Recalled> RequestParser::recall(std::string_view bytes) {
  if (auto known = known_->recall(bytes, request_, limits_.body_bytes)) return known;
  heads_.exchange(known_, bytes);
  return known_->recall(bytes, request_, limits_.body_bytes);
}

// What was decided on the head before holds for this one.
std::size_t RequestParser::take_known_head(const KnownRequest::Recalled& known) {
  request_.keep_alive = true;
  make_room_for_body(known.body_bytes);
  known_left_ = known.body_bytes;
  state_ = State::body;
  return known.head_bytes;
}

std::size_t RequestParser::put_known_body(std::string_view bytes) {
  const auto taken = bytes.substr(0, *known_left_);
  request_.body += taken;
  *known_left_ -= taken.size();
  if (*known_left_ == 0) finish();
  return taken.size();
}

void RequestParser::on_request_impl(Verb verb, View, View target, int version, Code& error) {
  const auto text = view(target);
  version_ = version;
  request_.method = method_of(verb);
  if (verb == Verb::connect) {
    return refuse(error, 405, base::Kind::method_not_allowed, "http.connect", "CONNECT is not served here.");
  }
  const bool is_asterisk = text == "*" && verb == Verb::options;
  if (!is_asterisk && (!text.starts_with('/') || !is_target(text))) {
    return malformed(error, "The request target must be a path that begins with \"/\".");
  }
  request_.target = text;
  request_.path_length = std::min(text.find('?'), text.size());
}

void RequestParser::on_field_impl(Field field, View name, View value, Code& error) {
  if (detail::is_folded(view(name), view(value))) return malformed(error, "A header field is folded over lines.");
  if (state_ != State::head) return;  // trailers say nothing that anybody here asks for
  if (request_.headers.size() == limits_.header_count) {
    return refuse(error, 431, base::Kind::too_large, "http.too_many_fields",
                  "The request has more than " + std::to_string(limits_.header_count) + " header fields.");
  }
  request_.headers.append(view(name), view(value));
  take_framing(field, view(value), error);
}

void RequestParser::take_framing(Field field, std::string_view value, Code& error) {
  if (field == Field::host) {
    if (++hosts_ > 1) return malformed(error, "The request has two Host fields.");
    if (!is_host(value)) return malformed(error, "The Host field is not a host.");
  } else if (field == Field::content_length) {
    if (++content_lengths_ > 1 || !std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
      return malformed(error, "The request has more than one Content-Length.");
    }
    content_length_ = request_.headers.size() - 1;
  } else if (field == Field::transfer_encoding) {
    if (version_ < 11) return malformed(error, "Transfer-Encoding is not part of HTTP/1.0.");
    if (value != "chunked") return malformed(error, "The only Transfer-Encoding understood is \"chunked\".");
    chunked_ = true;
  } else if (field == Field::expect) {
    if (!detail::equal_without_case(value, "100-continue")) {
      return refuse(error, 417, base::Kind::invalid, "http.expectation", "The only Expect understood is 100-continue.");
    }
    expects_continue_ = version_ >= 11;
  }
}

void RequestParser::on_header_impl(Code& error) {
  if (hosts_ == 0 && version_ >= 11) return malformed(error, "The request has no Host field.");
  if (chunked_ && content_lengths_ > 0) return malformed(error, "The request has both kinds of length.");
  request_.keep_alive = Base::keep_alive();
  state_ = State::body;
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, Code&) {
  if (length) make_room_for_body(*length);
}

void RequestParser::make_room_for_body(std::uint64_t announced) {
  request_.body.reserve(std::min<std::size_t>(announced, kFirstReserve) + kPadding);
}

std::size_t RequestParser::on_body_impl(View body, Code&) {
  request_.body.append(view(body));
  return body.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, View extensions, Code& error) {
  chunk_left_ = size;
  if (extensions.size() > kLongestExtension) malformed(error, "A chunk extension is too long.");
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, View body, Code& error) {
  chunk_left_ -= body.size();
  return on_body_impl(body, error);
}

void RequestParser::on_finish_impl(Code&) { finish(); }

void RequestParser::finish() {
  request_.body.reserve(request_.body.size() + kPadding);
  state_ = State::done;
}

void RequestParser::refuse(Code& error, int status, base::Kind kind, std::string code, std::string message) {
  refusal_ = std::make_unique<Refusal>(status, base::Error{kind, std::move(code), std::move(message), {}, {}});
  state_ = State::refused;
  error = beast::error::bad_field;
}

void RequestParser::malformed(Code& error, std::string message) {
  refuse(error, 400, base::Kind::invalid, "http.malformed", std::move(message));
}

// Errors found by Beast's parser itself; our own callbacks have said theirs.
void RequestParser::explain(Code error) {
  if (state_ == State::refused) return;
  Code ignored;
  if (error == beast::error::header_limit) {
    return refuse(ignored, 431, base::Kind::too_large, "http.head_too_large",
                  "The head of the request is larger than " + std::to_string(limits_.head_bytes) + " bytes.");
  }
  if (error == beast::error::body_limit) {
    return refuse(ignored, 413, base::Kind::too_large, "http.body_too_large",
                  "The body of the request is larger than " + std::to_string(limits_.body_bytes) + " bytes.");
  }
  if (error == beast::error::bad_version) {
    return malformed(ignored, "The request line does not end in HTTP/1.1 or HTTP/1.0.");
  }
  malformed(ignored, "The request is not well-formed HTTP (" + error.message() + ").");
}

}  // namespace http
