#include <gtest/gtest.h>

#include "http/client.hpp"
#include "http/detail/address.hpp"

namespace http {
namespace {

TEST(ParseUrl, TakesSchemeHostPortAndTarget) {
  struct Case {
    std::string text;
    Url expected;
    std::string authority;
  };
  const std::vector<Case> cases = {
      {"http://a.example", {{false, "a.example", 80}, "/"}, "a.example"},
      {"https://A.Example:443/x?y=%20z", {{true, "a.example", 443}, "/x?y=%20z"}, "a.example"},
      {"https://a.example:8443?q", {{true, "a.example", 8443}, "/?q"}, "a.example:8443"},
      {"http://127.0.0.1:9/", {{false, "127.0.0.1", 9}, "/"}, "127.0.0.1:9"},
      {"http://[::1]:8080/x", {{false, "::1", 8080}, "/x"}, "[::1]:8080"},
  };
  for (const auto& [text, expected, authority] : cases) {
    const auto url = parse_url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->origin, expected.origin) << text;
    EXPECT_EQ(url->target, expected.target) << text;
    EXPECT_EQ(url->origin.authority(), authority);
  }
}

TEST(ParseUrl, RefusesWhatIsNotAPlainAbsoluteUrl) {
  for (const std::string text :
       {"", "a.example", "/x", "ftp://a.example/", "file:///etc/passwd", "http://", "http:///x",
        "http://u:p@a.example/", "http://a.example/#f", "http://a.example:0/", "http://a.example:99999/", "http://a b/",
        "https://[::1]080/", "http://1.2.3.4:80:90/", "http://a%2fb/", "http://a.example/\r\nX: y",
        "http://[fe80::1%25eth0]/", "http://a.example/ x", "http://\xc3\xa4.example/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, base::Kind::invalid);
    EXPECT_FALSE(url.error().message.empty());
  }
  EXPECT_FALSE(parse_url("http://a.example/" + std::string(9000, 'x')));
}

TEST(IsPublic, RefusesEverySpecialBlockUpToItsEdges) {
  for (const char* text : {"0.0.0.0",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.0",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.1.1.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::127.0.0.1",
                           "64:ff9b::a00:1",
                           "64:ff9b:1::1",
                           "100::1",
                           "2001::1",
                           "2001:1ff::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "2002:a00:1::1",
                           "3fff::1",
                           "4000::1",
                           "5f00::1",
                           "fc00::1",
                           "fd12::1",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1"}) {
    EXPECT_FALSE(is_public(boost::asio::ip::make_address(text))) << text;
  }
}

TEST(IsPublic, AllowsTheRest) {
  for (const char* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
        "192.0.1.1", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2001:200::1", "2a00::1",
        "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1", "3ffe::1"}) {
    EXPECT_TRUE(is_public(boost::asio::ip::make_address(text))) << text;
  }
}

}  // namespace
}  // namespace http
