// Whatever a vendor answers, over HTTP or on a process's output, is either checked messages or an error that is fit for
// people: one line, of bounded length.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "vendor/channel_prober.hpp"
#include "vendor/detail/handshake.hpp"
#include "vendor/detail/http_failure.hpp"
#include "vendor/detail/line_reader.hpp"
#include "vendor/detail/received.hpp"

namespace {

constexpr std::size_t kLongestMessage = 1'000;
constexpr std::size_t kLineLimit = 64;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_words(const std::string& text) {
  require(text.size() <= kLongestMessage);
  for (const char c : text) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

void check_messages(const std::string& text) {
  const auto messages = vendor::detail::read_received("acme", text);
  if (!messages) return require(messages.error().kind == base::Kind::vendor_invalid);
  require(!messages->empty());
  for (const auto& message : *messages) {
    require(message.text.capacity() >= message.text.size() + mcp::kPadding);
    require(mcp::scan(message.text).has_value());
    if (message.shape != mcp::Shape::response) continue;
    if (const auto read = vendor::detail::read_initialized("acme", message.text); !read) {
      check_words(read.error().message);
    }
    check_words(vendor::judge_probe(message.text).message);
  }
}

void check_failures(const std::string& body) {
  for (const int status : {302, 400, 401, 404, 500, 503}) {
    const vendor::detail::HttpAnswer answer{
        .status = status, .location = std::string_view(body).substr(0, 200), .body = body, .with_session = true};
    check_words(vendor::detail::http_failure("acme", answer).message);
  }
  check_words(vendor::detail::wrong_content_type("acme", body).message);
}

// Lines are the same whatever the cut of the bytes.
void check_lines(const std::string& text, std::size_t step) {
  vendor::detail::LineReader whole(kLineLimit);
  whole.feed(text);
  vendor::detail::LineReader pieces(kLineLimit);
  for (std::size_t at = 0; at < text.size(); at += step) {
    pieces.feed(std::string_view(text).substr(at, step));
    while (const auto line = pieces.next()) {
      const auto same = whole.next();
      require(same && same->text == line->text && same->too_long == line->too_long);
      require(line->text.size() <= kLineLimit);
    }
  }
  require(!whole.next());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_messages(text);
  check_failures(text);
  check_lines(text, size == 0 ? 1 : 1 + data[0] % 7U);
  return 0;
}
