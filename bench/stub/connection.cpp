#include "bench/stub/connection.hpp"

#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

namespace bench {
namespace {

constexpr std::size_t kRead = 64 << 10;

// The whole request at the beginning of `text`, its length; 0: not whole yet.
std::size_t request_length(std::string_view text) {
  constexpr std::string_view kName = "\r\ncontent-length:";
  const auto head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  std::size_t body = 0;
  for (auto line = text.find("\r\n"); line < head; line = text.find("\r\n", line + 2)) {
    const auto field = text.substr(line, kName.size());
    if (field.size() != kName.size() || ::strncasecmp(field.data(), kName.data(), kName.size()) != 0) continue;
    const auto value = text.substr(text.find_first_not_of(' ', line + kName.size()));
    std::from_chars(value.data(), value.data() + value.size(), body);
    break;
  }
  const auto whole = head + 4 + body;
  return text.size() >= whole ? whole : 0;
}

// The value after the first `key` of the body, as written. Clients write the envelope's keys before params.
std::string_view value_of(std::string_view body, std::string_view key) {
  auto at = body.find(key);
  if (at == std::string_view::npos) return {};
  at = body.find_first_not_of(": ", at + key.size());
  if (at == std::string_view::npos) return {};
  return body[at] == '"' ? body.substr(at, body.find('"', at + 1) + 1 - at)
                         : body.substr(at, body.find_first_of(",} \n", at) - at);
}

}  // namespace

Answers& Paths::at(std::string_view path) {
  const auto found = all_.find(path);
  if (found != all_.end()) return *found->second;
  return *all_.emplace(path, std::make_unique<Answers>(read_options(path))).first->second;
}

Connection::~Connection() { ::close(descriptor_); }

Connection::Step Connection::readable() {
  for (;;) {
    const auto used = in_.size();
    in_.resize(used + kRead);
    const auto got = ::recv(descriptor_, in_.data() + used, kRead, 0);
    in_.resize(used + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0 || (got < 0 && errno != EAGAIN)) return {State::closed, {}};
    if (got < 0 || static_cast<std::size_t>(got) < kRead) break;
  }
  return go_on();
}

Connection::Step Connection::go_on() {
  while (!waiting_ && out_.empty() && (request_ = request_length(in_)) > 0) {
    const auto begin = in_.find(' ') + 1;
    const auto path = std::string_view(in_).substr(begin, in_.find(' ', begin) - begin);
    if (answers_ == nullptr || path != path_) {
      path_ = path;
      answers_ = &paths_.at(path);
    }
    if (answers_->options().hang) {
      in_.erase(0, request_);
      continue;
    }
    if (answers_->options().delay.count() > 0) {
      waiting_ = true;
      return {State::open, answers_->options().delay};
    }
    if (send_answer() == State::closed) return {State::closed, {}};
  }
  return {State::open, {}};
}

Connection::Step Connection::answer() {
  waiting_ = false;
  if (send_answer() == State::closed) return {State::closed, {}};
  return go_on();
}

Connection::State Connection::send_answer() {
  const std::string_view request(in_.data(), request_);
  const auto body = request.substr(request.find("\r\n\r\n") + 4);
  auto method = value_of(body, "\"method\"");
  if (method.size() >= 2) method = method.substr(1, method.size() - 2);
  // In a request of a client, params may hold an id too; the envelope's comes first.
  const auto id = value_of(body, "\"id\"");
  const auto state = write(answers_->to(request.substr(0, request.find(' ')), method, id));
  in_.erase(0, request_);
  request_ = 0;
  return state;
}

Connection::State Connection::write(const Answer& answer) {
  std::array<iovec, 5> pieces{};
  std::size_t size = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    pieces[i] = {const_cast<char*>(answer.pieces[i].data()), answer.pieces[i].size()};
    size += answer.pieces[i].size();
  }
  auto sent = ::writev(descriptor_, pieces.data(), pieces.size());
  if (sent < 0 && errno != EAGAIN) return State::closed;
  auto skip = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
  if (skip == size) return State::open;
  for (const auto piece : answer.pieces) {
    const auto step = std::min(skip, piece.size());
    out_ += piece.substr(step);
    skip -= step;
  }
  return State::open;
}

Connection::State Connection::writable() {
  if (out_.empty()) return State::open;
  const auto sent = ::send(descriptor_, out_.data(), out_.size(), MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN ? State::open : State::closed;
  out_.erase(0, static_cast<std::size_t>(sent));
  return out_.empty() ? go_on().state : State::open;
}

}  // namespace bench
