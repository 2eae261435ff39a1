#include "base/secret_string.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ostream>

namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

TEST(SecretString, CannotBePrintedOrFormatted) {
  static_assert(!Printable<base::SecretString>);
  static_assert(!fmt::is_formattable<base::SecretString>::value);
  static_assert(!std::is_convertible_v<base::SecretString, std::string_view>);
}

TEST(SecretString, TakingOverWipesTheSource) {
  std::string source = "s3cret";
  const char* bytes = source.data();
  const base::SecretString secret(std::move(source));
  EXPECT_EQ(secret.reveal(), "s3cret");
  EXPECT_EQ(std::string(bytes, 6), std::string(6, '\0'));  // short strings keep their place
}

TEST(SecretString, MoveLeavesNothingBehind) {
  base::SecretString from(std::string_view("token"));
  const base::SecretString to(std::move(from));
  EXPECT_EQ(to.reveal(), "token");
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move)
}

}  // namespace
