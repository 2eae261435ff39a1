// Access tokens, genuine and forged.
#include "oauth/token_verifier.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include "fixture.hpp"
#include "oauth/detail/jose.hpp"

namespace {

using namespace oauth_test;

constexpr std::string_view kEndpoint = "https://gw.example/v1/mcp";

class TokenVerifierTest : public ServerTest {
 protected:
  std::string refusal(const std::string& token, std::string_view resource = kEndpoint) {
    const auto principal = server_->verifier().verify(token, resource);
    if (principal) return "accepted";
    EXPECT_EQ(principal.error().kind, base::Kind::unauthenticated);
    EXPECT_EQ(principal.error().code, "invalid_token");
    return principal.error().message;
  }
  static std::vector<std::string> split(const std::string& token) {
    const auto first = token.find('.');
    const auto second = token.find('.', first + 1);
    return {token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
  }
  static std::string decode(const std::string& segment) {
    return std::string(base::text_of(*base::from_base64url(segment)));
  }
  [[nodiscard]] boost::json::object header() const { return boost::json::parse(decode(split(access_)[0])).as_object(); }
  // The claims of a genuine token, changed, signed with `key`.
  std::string forge(const oauth::detail::Jwk& key, const std::string& claim, boost::json::value value,
                    std::string_view type = "at+jwt") {
    auto claims = boost::json::parse(decode(split(access_)[1])).as_object();
    claims[claim] = std::move(value);
    return oauth::detail::sign(key, type, boost::json::serialize(claims));
  }
  // The server's own key: what only a fault of ours could sign.
  [[nodiscard]] const oauth::detail::Jwk& own_key() { return *server_->keys().current()->keys.front().jwk; }

  std::string access_ = sign_in(register_client()).access;
  static constexpr const char* kForged = "The access token is malformed or was not issued here.";
};

TEST_F(TokenVerifierTest, AcceptsItsOwnTokenAgainAndAgain) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(refusal(access_), "accepted");
  const auto principal = server_->verifier().verify(access_, kEndpoint);
  ASSERT_TRUE(principal);
  EXPECT_FALSE((*principal)->grant_id.empty());
  EXPECT_EQ((*principal)->expires, clock_.now() + std::chrono::minutes(15));
}

TEST_F(TokenVerifierTest, TheTokenIsAnAtJwtWithEveryClaim) {
  EXPECT_EQ(text(header(), "typ"), "at+jwt");
  EXPECT_EQ(text(header(), "alg"), "ES256");
  const auto claims = boost::json::parse(decode(split(access_)[1])).as_object();
  for (const auto* name : {"iss", "sub", "aud", "client_id", "grant_id", "iat", "exp", "jti", "scope"}) {
    EXPECT_TRUE(claims.contains(name)) << name;
  }
  EXPECT_EQ(text(claims, "iss"), kIssuer);
  EXPECT_EQ(text(claims, "aud"), kIssuer);
}

TEST_F(TokenVerifierTest, IsAcceptedAMinuteLateAndNoLonger) {
  EXPECT_EQ(refusal(access_), "accepted");
  clock_.advance(std::chrono::minutes(15) + std::chrono::seconds(59));
  EXPECT_EQ(refusal(access_), "accepted");
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(refusal(access_), "The access token has expired.");
  restart();  // and without the cache
  EXPECT_EQ(refusal(access_), "The access token has expired.");
}

TEST_F(TokenVerifierTest, AForgedSignatureIsRefused) {
  auto parts = split(access_);
  for (const std::size_t place : {0U, 10U, 40U, 84U}) {
    auto signature = parts[2];
    signature[place] = signature[place] == 'A' ? 'B' : 'A';
    EXPECT_EQ(refusal(parts[0] + "." + parts[1] + "." + signature), kForged);
  }
  EXPECT_EQ(refusal(parts[0] + "." + parts[1] + "."), kForged);
}

TEST_F(TokenVerifierTest, ChangedClaimsAreRefused) {
  const auto parts = split(access_);
  auto claims = boost::json::parse(decode(parts[1])).as_object();
  claims["sub"] = "somebody-else";
  EXPECT_EQ(refusal(parts[0] + "." + base::base64url(boost::json::serialize(claims)) + "." + parts[2]), kForged);
}

TEST_F(TokenVerifierTest, TheNoneAlgorithmIsRefused) {
  const auto parts = split(access_);
  for (const auto* algorithm : {"none", "None", "NONE", ""}) {
    auto head = header();
    head["alg"] = algorithm;
    const auto encoded = base::base64url(boost::json::serialize(head));
    EXPECT_EQ(refusal(encoded + "." + parts[1] + "."), kForged);
    EXPECT_EQ(refusal(encoded + "." + parts[1] + "." + parts[2]), kForged);
  }
}

TEST_F(TokenVerifierTest, AnHmacWithThePublicKeyIsRefused) {
  const auto parts = split(access_);
  auto head = header();
  head["alg"] = "HS256";
  const auto signing_input = base::base64url(boost::json::serialize(head)) + "." + parts[1];
  for (const auto& key : {own_key().public_json(), get("/.well-known/jwks.json").body}) {
    EXPECT_EQ(refusal(signing_input + "." + base::base64url(base::hmac_sha256(key, signing_input))), kForged);
  }
}

TEST_F(TokenVerifierTest, AnotherKeyIsRefusedUnderItsOwnNameAndUnderOurs) {
  const auto stranger = oauth::detail::Jwk::generate("stranger");
  EXPECT_EQ(refusal(forge(stranger, "sub", "x")), kForged);
  const auto impostor = oauth::detail::Jwk::generate(own_key().kid());
  EXPECT_EQ(refusal(forge(impostor, "sub", "x")), kForged);
}

TEST_F(TokenVerifierTest, AnotherTypeOfJwtIsRefused) {
  EXPECT_EQ(refusal(forge(own_key(), "sub", "x", "JWT")), kForged);
  EXPECT_EQ(refusal(forge(own_key(), "sub", "x", "at+jwt")), "accepted");
}

TEST_F(TokenVerifierTest, AnotherIssuerAudienceOrExpiryIsRefused) {
  EXPECT_EQ(refusal(forge(own_key(), "iss", "https://gw.example/")), kForged);
  EXPECT_EQ(refusal(forge(own_key(), "aud", "https://gw.example/v1/hudu/mcp")),
            "The access token is for another resource.");
  EXPECT_EQ(refusal(forge(own_key(), "aud", boost::json::array())), "The access token is for another resource.");
  EXPECT_EQ(refusal(forge(own_key(), "exp", 1)), "The access token has expired.");
  EXPECT_EQ(refusal(forge(own_key(), "exp", "soon")), kForged);
  EXPECT_EQ(refusal(forge(own_key(), "grant_id", nullptr)), kForged);
}

TEST_F(TokenVerifierTest, GarbageIsRefused) {
  for (const auto& token : {std::string(), std::string("x"), std::string(".."), std::string("a.b.c"), access_ + ".x",
                            access_ + "=", "." + access_, std::string(100'000, 'a'), std::string("\0.\0.\0", 5)}) {
    EXPECT_EQ(refusal(token), kForged);
  }
}

TEST_F(TokenVerifierTest, ARevokedGrantIsRefusedAtOnceAlsoFromTheCache) {
  ASSERT_EQ(refusal(access_), "accepted");
  ASSERT_EQ(run(server_->grants().revoke_all(std::string(kUser))).value_or(0), 1);
  EXPECT_EQ(refusal(access_), "The access was revoked.");
}

TEST_F(TokenVerifierTest, APrincipalIsGoodForAsLongAsItsToken) {
  const auto principal = server_->verifier().verify(access_, kEndpoint);
  ASSERT_TRUE(principal);
  EXPECT_TRUE(server_->verifier().still_good(**principal));
  clock_.advance(std::chrono::minutes(15) + std::chrono::seconds(59));
  EXPECT_TRUE(server_->verifier().still_good(**principal));
  clock_.advance(std::chrono::seconds(1));
  EXPECT_FALSE(server_->verifier().still_good(**principal));
}

TEST_F(TokenVerifierTest, APrincipalWhoseGrantIsRevokedIsNotGoodAnyMore) {
  const auto principal = server_->verifier().verify(access_, kEndpoint);
  ASSERT_TRUE(principal);
  ASSERT_EQ(run(server_->grants().revoke_all(std::string(kUser))).value_or(0), 1);
  EXPECT_FALSE(server_->verifier().still_good(**principal));
}

TEST_F(TokenVerifierTest, TheCacheStaysWithinItsBound) {
  oauth::RevokedGrants revoked;
  const oauth::TokenVerifier verifier(server_->keys(), revoked, clock_,
                                      {std::string(kIssuer), std::chrono::seconds(60), 64});
  for (int i = 0; i < 300; ++i)
    ASSERT_TRUE(verifier.verify(forge(own_key(), "jti", boost::json::string(std::to_string(i))), kEndpoint));
  EXPECT_LE(verifier.cached(), 64U);
  EXPECT_GT(verifier.cached(), 0U);
}

// Keys, cache and revocations are shared by every I/O thread; ThreadSanitizer looks on in its preset.
TEST_F(TokenVerifierTest, ManyThreadsSignVerifyAndRevokeAtOnce) {
  oauth::RevokedGrants revoked;
  const oauth::TokenVerifier verifier(server_->keys(), revoked, clock_,
                                      {std::string(kIssuer), std::chrono::seconds(60), 64});
  const oauth::TokenMinter minter(server_->keys(), clock_, random_, {std::string(kIssuer), std::chrono::minutes(15)});
  std::atomic<int> wrong{0};
  const auto work = [&](int thread) {
    for (int i = 0; i < 50; ++i) {
      oauth::Grant grant;
      grant.id = std::to_string(thread) + "/" + std::to_string(i);
      const auto token = minter.mint(grant, {std::string(kIssuer)});
      wrong += verifier.verify(token, kEndpoint) && verifier.verify(token, kEndpoint) ? 0 : 1;
      revoked.add(grant.id, clock_.now() + std::chrono::hours(1));
      wrong += verifier.verify(token, kEndpoint) ? 1 : 0;
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) threads.emplace_back(work, thread);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
