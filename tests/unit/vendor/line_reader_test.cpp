#include "vendor/detail/line_reader.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace {

using testing::ElementsAre;
using vendor::detail::LineReader;

// "<text>" for a line, "too long" for a dropped one; bytes arrive in pieces of `step`.
std::vector<std::string> read(std::string_view text, std::size_t step, std::size_t limit = 8) {
  LineReader reader(limit);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size(); at += step) {
    reader.feed(text.substr(at, step));
    while (auto line = reader.next()) lines.push_back(line->too_long ? "too long" : "<" + line->text + ">");
  }
  return lines;
}

TEST(LineReader, CutsLinesWhateverTheCutOfTheBytes) {
  for (std::size_t step = 1; step < 20; ++step) {
    EXPECT_THAT(read("one\ntwo\r\n\nthree\nrest", step), ElementsAre("<one>", "<two>", "<>", "<three>"));
  }
}

TEST(LineReader, DropsALineThatIsTooLongAndGoesOnBehindIt) {
  for (std::size_t step = 1; step < 40; ++step) {
    EXPECT_THAT(read("a\n0123456789012345678901234567890\nb\n", step), ElementsAre("<a>", "too long", "<b>")) << step;
  }
}

TEST(LineReader, ALineOfExactlyTheLimitIsWhole) {
  EXPECT_THAT(read("01234567\n012345678\n", 3), ElementsAre("<01234567>", "too long"));
}

TEST(LineReader, TellsOfALongLineBeforeItsEnd) { EXPECT_THAT(read("0123456789", 10), ElementsAre("too long")); }

}  // namespace
