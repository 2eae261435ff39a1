// A child process with pipes to its standard streams, in a process group of its own. Nothing else of this process is
// open in it, and its environment is exactly the one given.
#pragma once

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/secret_string.hpp"

namespace vendor::detail {

using Descriptor = boost::asio::posix::basic_stream_descriptor<base::Executor>;

struct Command {
  std::string program;  // looked up in this process's PATH when it has no slash
  std::vector<std::string> arguments;
  std::vector<base::SecretString> environment;  // "NAME=value"
};

// Thread: the executor's. Destroyed while the process runs, it kills the group and waits for the process's end.
class ChildProcess {
 public:
  // Errors: vendor_down with the system's words ("No such file or directory").
  static base::Result<ChildProcess> spawn(base::Executor executor, const Command& command);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  [[nodiscard]] Descriptor& input() { return input_; }    // its standard input
  [[nodiscard]] Descriptor& output() { return output_; }  // its standard output
  [[nodiscard]] Descriptor& errors() { return errors_; }  // its standard error
  [[nodiscard]] int pid() const { return pid_; }

  // Returns when the process has ended; it stays a zombie until reap().
  base::Task<void> ended();
  // To the whole group. REQUIRES: not reaped.
  void signal(int number) const;
  // Kills what is left of the group, takes the status: "exit status 1", "signal 9". REQUIRES: ended() has returned.
  [[nodiscard]] std::string reap();

 private:
  ChildProcess(base::Executor executor, int pid, int watch, int input, int output, int errors);

  int pid_ = 0;  // 0 when reaped or moved from
  Descriptor watch_;
  Descriptor input_;
  Descriptor output_;
  Descriptor errors_;
};

}  // namespace vendor::detail
