// Answers over HTTP that the caller takes in parts, in both eras.
#include <fmt/format.h>

#include "channel_fixture.hpp"

namespace {

using fake::FakeVendor;
using fake::VendorRequest;
using fake::VendorWire;
using testing::HasSubstr;

constexpr std::size_t kBeyond = 1'000;

struct Taken {
  std::size_t parts = 0;  // 0: it came whole
  std::string text = {};
  std::string error = {};
};

enum class Then { go_on, put_back };

base::Task<Taken> take(std::shared_ptr<vendor::Channel> channel, Then then) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto id = channel->next_id();
  const auto text = vendor_test::request_text(*channel, id, "tools/call", R"({"name":"echo"})");
  const std::array<std::string_view, 1> pieces{text};
  auto call = co_await channel->request(
      {.pieces = pieces, .method = "tools/call", .name = "echo", .id = id, .traceparent = {}}, deadline);
  if (!call) co_return Taken{.error = call.error().message};
  (*call)->take_parts_beyond(kBeyond);
  auto first = co_await (*call)->next(deadline);
  if (first && (*call)->has_more() && then == Then::put_back) {
    (*call)->put_back(*std::move(first));
    first = co_await (*call)->next(deadline);
  }
  if (!first) co_return Taken{.error = first.error().message};
  Taken taken{.text = *first};
  while ((*call)->has_more()) {
    ++taken.parts;
    const auto part = co_await (*call)->more(deadline);
    if (!part) {
      taken.error = part.error().message;
      break;
    }
    taken.text += *part;
  }
  co_return taken;
}

class Parts : public vendor_test::ChannelTest, public testing::WithParamInterface<fake::Speaks> {
 protected:
  Parts() { vendor_.speak(GetParam()); }

  void answer(std::function<void(const std::string& response, VendorWire&)> act) {
    vendor_.on("tools/call", [this, act](const VendorRequest& request, VendorWire& wire) {
      const std::string type = GetParam() == fake::Speaks::modern ? R"("resultType":"complete",)" : "";
      const auto response = fmt::format(R"({{"result":{{{}"text":"{}"}},"jsonrpc":"2.0","id":{}}})", type,
                                        std::string(100'000, 'x'), request.id);
      {
        const std::lock_guard lock(mutex_);
        response_ = response;
      }
      act(response, wire);
    });
  }
  [[nodiscard]] std::string response() const {
    const std::lock_guard lock(mutex_);
    return response_;
  }
  Taken taken(Then then = Then::go_on) {
    const auto channel = open(http_definition(vendor_.url()));
    if (!channel) return {.error = channel.error().message};
    return run(take(*channel, then));
  }
  static void announce(VendorWire& wire, std::size_t bytes) {
    wire.send(fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", bytes));
  }

  mutable std::mutex mutex_;
  std::string response_;  // of the vendor's thread
  FakeVendor vendor_;     // ends its threads before what they use goes
};

TEST_P(Parts, AreAllOfTheAnswer) {
  answer([](const std::string& response, VendorWire& wire) { wire.json(response); });
  const auto answer = taken();
  EXPECT_EQ(answer.error, "");
  EXPECT_GT(answer.parts, 1U);
  EXPECT_EQ(answer.text, response());
}

TEST_P(Parts, CanBePutBack) {
  answer([](const std::string& response, VendorWire& wire) { wire.json(response); });
  const auto answer = taken(Then::put_back);
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.parts, 0U);
  EXPECT_EQ(answer.text, response());
}

TEST_P(Parts, ThatArePutBackAreChecked) {
  answer([](const std::string&, VendorWire& wire) {
    wire.json(fmt::format(R"({{"result":{{"text":"{}"}},"jsonrpc":"2.0","id":987}})", std::string(100'000, 'x')));
  });
  EXPECT_THAT(taken(Then::put_back).error, HasSubstr("the id of another request"));
}

TEST_P(Parts, OfAnAnswerThatIsCutEndWithAnError) {
  answer([](const std::string& response, VendorWire& wire) {
    announce(wire, response.size());
    wire.send(response.substr(0, 50'000));
    wire.close();
  });
  const auto answer = taken();
  EXPECT_THAT(answer.error, HasSubstr("acme"));
  EXPECT_GT(answer.parts, 0U);
  EXPECT_LE(answer.text.size(), 50'000U);
}

TEST_P(Parts, AreNotGivenOfAnAnswerBeyondTheLimit) {
  config_.http.message_bytes = 99'999;
  answer([](const std::string& response, VendorWire& wire) { wire.json(response); });
  const auto answer = taken();
  EXPECT_EQ(answer.error, "vendor acme sent a message of more than 99999 bytes, which is the limit");
  EXPECT_EQ(answer.parts, 0U);
}

// It might turn out to be longer than is allowed.
TEST_P(Parts, AreNotGivenOfAnAnswerThatDoesNotTellItsLength) {
  answer([](const std::string& response, VendorWire& wire) {
    wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
    wire.send(response);
    wire.close();
  });
  const auto answer = taken();
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.parts, 0U);
  EXPECT_EQ(answer.text, response());
}

INSTANTIATE_TEST_SUITE_P(OfBothEras, Parts, testing::Values(fake::Speaks::legacy, fake::Speaks::modern),
                         [](const auto& param) { return param.param == fake::Speaks::legacy ? "Legacy" : "Modern"; });

}  // namespace
