// One connection of the stub. It trusts its peers: it is an instrument, and not a server for the world.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "bench/stub/answers.hpp"

namespace bench {

// The answers of each path, shared by all connections.
class Paths {
 public:
  [[nodiscard]] Answers& at(std::string_view path);

 private:
  std::map<std::string, std::unique_ptr<Answers>, std::less<>> all_;
};

class Connection {
 public:
  Connection(int descriptor, Paths& paths) : descriptor_(descriptor), paths_(paths) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  enum class State { open, closed };
  struct Step {
    State state = State::open;
    std::optional<std::chrono::milliseconds> answer_after;  // call answer() then
  };
  // Reads what is there and answers what is whole.
  Step readable();
  // Sends the answer that was put off, and looks at what came meanwhile.
  Step answer();
  // Goes on with an answer that the peer did not take at once.
  State writable();

 private:
  Step go_on();
  State send_answer();
  State write(const Answer& answer);

  int descriptor_;
  Paths& paths_;
  std::string in_;
  std::string out_;          // what could not be sent yet
  std::size_t request_ = 0;  // bytes of the whole request at the beginning of in_; 0: none yet
  bool waiting_ = false;     // for answer()
  Answers* answers_ = nullptr;
  std::string path_;
};

}  // namespace bench
