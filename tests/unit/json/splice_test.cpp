#include "json/splice.hpp"

#include <gtest/gtest.h>

namespace {

std::string_view part(std::string_view text, std::string_view wanted) {
  return text.substr(text.find(wanted), wanted.size());
}

TEST(Splice, ReplacesInTheOrderOfTheText) {
  const std::string_view text = R"({"params":{"name":"v__t"},"id":12})";
  json::Splice splice(text);
  splice.replace(part(text, "12"), "99");
  splice.replace(part(text, "\"v__t\""), "\"t\"");
  EXPECT_EQ(splice.str(), R"({"params":{"name":"t"},"id":99})");
}

TEST(Splice, InsertsBeforeASpanThatIsReplacedToo) {
  const std::string_view text = "abc";
  json::Splice splice(text);
  splice.replace(text.substr(1, 1), "X");
  splice.replace(text.substr(1, 0), "-");
  EXPECT_EQ(splice.str(), "a-Xc");
}

TEST(Splice, IgnoresWhatIsAbsent) {
  json::Splice splice("abc");
  splice.replace({}, "X");
  EXPECT_EQ(splice.str(), "abc");
}

TEST(Splice, TakesAnyNumberOfReplacements) {
  const std::string text(100, 'a');
  json::Splice splice(text);
  for (std::size_t i = 0; i < text.size(); i += 2) splice.replace(std::string_view(text).substr(i, 1), "bb");
  std::string expected;
  for (int i = 0; i < 50; ++i) expected += "bba";
  EXPECT_EQ(splice.str(), expected);
}

TEST(Splice, PiecesCanBeAskedForAgain) {
  const std::string_view text = "abc";
  json::Splice splice(text);
  splice.replace(text.substr(0, 1), "X");
  EXPECT_EQ(splice.pieces().size(), splice.pieces().size());
  splice.replace(text.substr(2, 1), "Y");
  EXPECT_EQ(splice.str(), "XbY");
}

}  // namespace
