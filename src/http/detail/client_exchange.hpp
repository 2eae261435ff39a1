// One request on one connection of the client, and its answer as it comes. Thread: the executor's.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/client.hpp"
#include "http/detail/input_buffer.hpp"
#include "http/detail/pool.hpp"
#include "http/detail/response_parser.hpp"

namespace http {

class ClientExchange {
 public:
  ClientExchange(Pool::Lease lease, std::size_t head_bytes, Method method);

  // Sends, and waits for the head of the final answer.
  base::Async<void> run(const ClientRequest& request);
  // The peer had closed the connection before this request: nothing of an answer came.
  [[nodiscard]] bool found_stale() const { return stale_; }

  [[nodiscard]] const ResponseParser& parser() const { return *parser_; }
  base::Async<std::string_view> read_some(base::SteadyTime until);
  // See ClientResponse.
  [[nodiscard]] bool ended();
  // Takes the connection away from whoever reads: for an answer that is too large.
  void abandon() { lease_.drop(); }
  [[nodiscard]] const std::string& where() const { return *where_; }

 private:
  enum class Expect { soon, at_once };
  base::Task<Stream::Code> fill(Expect expect, base::SteadyTime until);
  base::Async<void> read_head(base::SteadyTime until);
  base::Async<void> more_of_head(base::SteadyTime until);
  base::Result<void> check();
  [[nodiscard]] std::unexpected<base::Error> failure(Stream::Code error);
  void give_back_when_done();

  Pool::Lease lease_;
  std::shared_ptr<const std::string> where_;
  std::size_t head_bytes_;
  Method method_;
  std::optional<ResponseParser> parser_;
  InputBuffer input_;
  bool got_bytes_ = false;
  bool stale_ = false;
};

// What a failed read, write or handshake means to the caller.
[[nodiscard]] std::unexpected<base::Error> stream_failure(const Stream& stream, Stream::Code error,
                                                          const std::string& where);

}  // namespace http
