// What a client sends back to the gateway: a requestState, and the id of an event. A state opens for the person, the
// endpoint and the request that it was made for, and for nobody else; nothing that was not made here opens at all.
// Input: the token; then method, name, arguments, subject and endpoint of the request that it comes with, a line each.
#include <cstdlib>
#include <string>

#include "base/encoding.hpp"
#include "gateway/event_stream.hpp"
#include "gateway/request_state.hpp"

namespace {

constexpr std::chrono::seconds kLifetime{60};

void require(bool holds) {
  if (!holds) std::abort();
}

// One fixed id and one fixed time: a genuine state is then the same in every run, and mutations of it are worth
// something.
class OneId final : public base::Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = 7;
  }
};

class OneTime final : public base::Clock {
 public:
  [[nodiscard]] base::Micros now() const override { return base::Micros(std::chrono::seconds(1'800'000'000 + later)); }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }
  std::int64_t later = 0;
};

struct Request {
  std::string subject;
  std::string endpoint;
  mcp::Envelope envelope{};
  [[nodiscard]] gateway::StateBinding binding() const { return {subject, endpoint, envelope}; }
  [[nodiscard]] bool is(const Request& other) const {
    return subject == other.subject && endpoint == other.endpoint && envelope.method == other.envelope.method &&
           envelope.name == other.envelope.name && envelope.arguments == other.envelope.arguments;
  }
};

Request genuine_request() {
  Request request{"user-1", "hudu"};
  request.envelope.method = "tools/call";
  request.envelope.name = "echo";
  request.envelope.arguments = R"({"a":1})";
  return request;
}

std::string_view next_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

void check_states(std::string_view token, std::string_view rest) {
  static OneTime clock;
  static OneId random;
  static gateway::RequestStates states(clock, random, base::SecretString(std::string_view("key")));
  static const auto genuine = genuine_request();
  static const auto made = states.make(gateway::StateKind::parked, genuine.binding(), kLifetime);

  Request request;
  request.envelope.method = next_line(rest);
  request.envelope.name = next_line(rest);
  request.envelope.arguments = next_line(rest);
  request.subject = next_line(rest);
  request.endpoint = rest;

  // A foreign token opens for nobody, the genuine one for nobody else.
  const bool is_genuine = token == made.first;
  const auto opened = states.open(token, genuine.binding());
  require((opened && *opened) == is_genuine);
  if (is_genuine) require((*opened)->id == made.second.id && (*opened)->kind == gateway::StateKind::parked);
  const auto foreign = states.open(made.first, request.binding());
  require(foreign && foreign->has_value() == request.is(genuine));
  // One that was made for that request is not to be had by taking the border between its parts for another.
  const auto own = states.make(gateway::StateKind::credential, request.binding(), kLifetime).first;
  const auto again = states.open(own, request.binding());
  require(again && again->has_value() && (*again)->kind == gateway::StateKind::credential);
  const auto stolen = states.open(own, genuine.binding());
  require(stolen && stolen->has_value() == request.is(genuine));

  clock.later = kLifetime.count() + 1;
  require(!*states.open(own, request.binding()));
  clock.later = 0;
}

void check_event_ids(std::string_view text) {
  const auto id = gateway::parse_event_id(text);
  if (!id) return;
  const auto written = std::to_string(id->stream) + "-" + std::to_string(id->number);
  const auto read = gateway::parse_event_id(written);
  require(read && read->stream == id->stream && read->number == id->number);
  // An id of a stream tells nothing that has not been sent there, and harms no stream.
  gateway::EventStream stream(id->stream, "1", {.events = 2, .bytes = 8});
  for (const auto* message : {"a", "b", "c"}) stream.append(message);
  const auto reader = stream.attach([] {}, id->number);
  (void)stream.take(reader);
  stream.append("d");
  require(stream.take(reader).text.contains("data: d\n"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = base::text_of({data, size});
  const auto token = next_line(rest);
  check_states(token, rest);
  check_event_ids(token);
  return 0;
}
