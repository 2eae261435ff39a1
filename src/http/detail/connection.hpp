// One connection of the server: reads requests one after the other and hands each to the handler as an Exchange.
// Thread: its worker's.
#pragma once

#include <boost/intrusive/list.hpp>
#include <memory>
#include <string>

#include "http/detail/request_parser.hpp"
#include "http/detail/response_head.hpp"
#include "http/detail/stream.hpp"
#include "http/detail/worker.hpp"
#include "http/exchange.hpp"

namespace http {

class Connection final
    : public Exchange,
      public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  // Takes the connected socket over.
  Connection(std::shared_ptr<Worker> worker, int socket, std::string peer);
  ~Connection() override;

  // Serves it until it ends.
  static base::Task<void> serve(std::unique_ptr<Connection> connection);
  // The server is full: says so and closes.
  static base::Task<void> turn_away(std::unique_ptr<Connection> connection);
  // Lets whoever waits look at draining().
  void drain();
  void cut();

  [[nodiscard]] const Request& request() const override { return request_; }
  [[nodiscard]] Request& request() override { return request_; }
  base::Async<void> respond(Response response) override;
  base::Async<void> respond(const Response& head, std::span<const std::string_view> pieces) override;
  base::Async<void> start(Response head) override;
  base::Async<void> write(std::span<const std::string_view> pieces) override;
  base::Async<void> finish() override;
  [[nodiscard]] bool started() const override { return answer_ != Answer::none; }
  void release_request() override;
  base::Task<bool> peer_closed(base::SteadyTime until) override;
  [[nodiscard]] bool peer_gone() override { return answer_ == Answer::broken || stream_.peer_hung_up(); }
  void interrupt() override;
  [[nodiscard]] bool draining() const override;

 private:
  enum class Answer { none, streaming, done, broken };
  enum class Waiting { no, for_request, for_close };
  enum class Arrived { request, nothing, refused };
  // Begins with the first wait: most requests are there at once, and need no look at the clock.
  struct Patience {
    std::chrono::milliseconds length;
    std::optional<base::SteadyTime> end;
  };

  base::Task<bool> shake_hands();
  base::Task<bool> wait_for_request();
  base::Task<Arrived> read_request();
  base::Task<Stream::Code> receive(RequestParser& parser, Patience& patience);
  void note_escaped(std::string what);
  base::Task<bool> settle(Arrived arrived);
  base::Task<void> see_answered(Arrived arrived);
  base::Task<void> linger();
  void log_what_escaped() const;
  base::Async<void> fail(Refusal refusal);
  [[nodiscard]] base::Result<void> write_head(const Response& head, ResponseFraming framing);
  base::Async<void> send(Gather what);
  void begin_request();
  void adopt_request_id();
  void release_buffers();

  std::shared_ptr<Worker> worker_;
  Shared& shared_;
  Stream stream_;
  Request request_;
  std::unique_ptr<KnownRequest> known_;   // idle streams have none
  std::string rest_;                      // bytes read and not yet parsed
  std::string head_;                      // of the answer being sent
  std::unique_ptr<Refusal> refusal_;      // of the last request, when it was refused
  std::unique_ptr<std::string> escaped_;  // from the handler
  Answer answer_ = Answer::none;
  Waiting waiting_ = Waiting::no;
  bool http10_ = false;
  bool raw_body_ = false;  // a streamed answer ends with the connection (HTTP/1.0)
  bool close_ = false;     // after the current answer
};

}  // namespace http
