// A stream of events in any cut gives the same events as in one piece, and an event written is read back.
#include <cstdlib>
#include <string>

#include "http/sse.hpp"

namespace {

constexpr std::size_t kLimit = 100;

// Every event in one text; "!" when the limit was crossed.
std::string read(std::string_view text, std::size_t step) {
  http::SseReader reader(kLimit);
  std::string all;
  for (std::size_t at = 0; at < text.size(); at += step) {
    if (!reader.feed(text.substr(at, step))) return "!";
    while (const auto event = reader.next()) {
      if (event->data.size() > kLimit) std::abort();
      all.append(event->event).append("|").append(event->data).append("|").append(event->id.value_or("-"));
      all.append("|").append(std::to_string(event->retry_ms.value_or(-1))).append("\n");
    }
  }
  return all;
}

void write_and_read(std::string_view data) {
  http::SseReader reader(1 << 20);
  const auto text = http::sse_event("7", data);
  if (!reader.feed(text)) std::abort();
  const auto event = reader.next();
  if (!event || event->id != "7" || reader.next()) std::abort();
  if (!data.contains('\r') && event->data != data) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (read(text, text.size()) != read(text, data[0] % 16 + 1)) std::abort();
  write_and_read(text);
  return 0;
}
