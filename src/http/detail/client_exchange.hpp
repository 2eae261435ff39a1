// One request on one connection of the client, and its answer as it comes. Thread: the executor's.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/kept_memory.hpp"
#include "http/client.hpp"
#include "http/detail/input_buffer.hpp"
#include "http/detail/pool.hpp"
#include "http/detail/response_parser.hpp"

namespace http {

class ClientExchange : public base::InKeptMemory {
 public:
  ClientExchange(Pool::Lease lease, std::size_t head_bytes, Method method);

  // Sends, and waits for the head of the final answer.
  base::Async<void> run(const ClientRequest& request);
  // The peer had closed the connection before this request: nothing of an answer came.
  [[nodiscard]] bool found_stale() const { return stale_ && !is_second_try_; }

  // The same in steps, for a small request that is kept until its answer begins.
  struct Kept {
    ClientRequest request;  // without what is sent
    base::KeptString text;  // head and body
  };
  // Sends what goes without waiting. REQUIRES: is_small(request).
  void send_now(const ClientRequest& request);
  [[nodiscard]] static bool is_small(const ClientRequest& request);
  // The outcome; nothing while there is more to be sent or read.
  [[nodiscard]] std::optional<base::Result<void>> head_at_hand();
  // After that, until the outcome is there: wait, and go on with what came of it.
  [[nodiscard]] Poller::Waiting wait_for_head(base::SteadyTime until);
  base::Result<void> go_on_with_head(Stream::Code waited);
  // Only then, after found_stale().
  [[nodiscard]] const Kept& kept() const { return kept_; }
  void send_again(Pool::Lease lease);

  [[nodiscard]] const ResponseParser& parser() const { return *parser_; }
  // As ClientResponse has them.
  base::Async<std::string_view> read_some(base::SteadyTime until);
  base::Async<Beginning> read_beginning(std::size_t most, std::size_t limit, base::SteadyTime until);
  [[nodiscard]] std::optional<base::Result<std::string_view>> piece_at_hand();
  [[nodiscard]] std::optional<Beginning> body_at_hand(std::size_t most);
  base::Async<std::string> read_all(std::size_t limit, base::SteadyTime until);
  [[nodiscard]] bool ended();

 private:
  // Names the peer in messages.
  [[nodiscard]] const std::string& where() const { return lease_.where(); }
  // Holds no buffer while it waits for a connection that is silent.
  [[nodiscard]] Poller::Waiting wait_for_bytes(base::SteadyTime until);
  void send_from_start();
  // These go on after that wait and its outcome: they read once, if at all. Error: there will be no more.
  [[nodiscard]] Stream::Code read_once(Stream::Code waited);
  base::Result<void> more_of_head(Stream::Code waited);
  base::Result<void> more_of_body(Stream::Code waited);
  base::Result<void> check();
  [[nodiscard]] base::Failure failure(Stream::Code error);
  void give_back_when_done();
  [[nodiscard]] base::Failure too_large(std::size_t limit);

  Pool::Lease lease_;
  std::size_t head_bytes_;
  Method method_;
  std::optional<ResponseParser> parser_;
  Kept kept_;
  Gather rest_{{}, {}};  // of it
  Stream::Code send_error_;
  InputBuffer input_;
  std::size_t input_size_ = base::kLargestKept;  // to begin with
  int interim_ = 0;                              // 1xx answers
  bool got_bytes_ = false;
  bool stale_ = false;
  bool is_second_try_ = false;
};

// What a failed read, write or handshake means to the caller.
[[nodiscard]] base::Failure stream_failure(const Stream& stream, Stream::Code error, const std::string& where);

}  // namespace http
