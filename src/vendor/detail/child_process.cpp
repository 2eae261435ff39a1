#include "vendor/detail/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

// glibc 2.36 forgets that its header may be read by C++.
extern "C" {
#include <sys/pidfd.h>
}

namespace vendor::detail {
namespace {

base::Failure cannot_start(const Command& command, int error) {
  return base::fail(base::Kind::vendor_down, "vendor.cannot_start",
                    fmt::format("cannot start \"{}\": {}", command.program, std::generic_category().message(error)));
}

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor() {
    if (number_ >= 0) close(number_);
  }
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;
};

bool make_pipe(Pipe& pipe) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  pipe.read = FileDescriptor(ends[0]);
  pipe.write = FileDescriptor(ends[1]);
  return true;
}

struct SpawnSettings {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};

  SpawnSettings(int input, int output, int errors) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    // Asio opens its sockets without close-on-exec: nothing above the three may stay open.
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

// The C interface takes pointers to mutable text, and does not change it.
char* text_of(std::string_view text) { return const_cast<char*>(text.data()); }

// The system's error number, 0 for success. SecretString keeps a std::string, so its text ends with a NUL.
int spawn_with(const Command& command, const SpawnSettings& settings, pid_t& pid) {
  std::vector<char*> arguments{text_of(command.program)};
  for (const auto& argument : command.arguments) arguments.push_back(text_of(argument));
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (const auto& variable : command.environment) environment.push_back(text_of(variable.reveal()));
  environment.push_back(nullptr);
  return posix_spawnp(&pid, command.program.c_str(), &settings.actions, &settings.attributes, arguments.data(),
                      environment.data());
}

}  // namespace

base::Result<ChildProcess> ChildProcess::spawn(base::Executor executor, const Command& command) {
  Pipe input;
  Pipe output;
  Pipe errors;
  if (!make_pipe(input) || !make_pipe(output) || !make_pipe(errors)) return cannot_start(command, errno);

  const SpawnSettings settings(input.read.get(), output.write.get(), errors.write.get());
  pid_t pid = 0;
  if (const int error = spawn_with(command, settings, pid); error != 0) return cannot_start(command, error);

  const int watch = pidfd_open(pid, 0);
  if (watch < 0) {
    const int error = errno;
    kill(-pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return cannot_start(command, error);
  }
  return ChildProcess(executor, pid, watch, input.write.release(), output.read.release(), errors.read.release());
}

ChildProcess::ChildProcess(base::Executor executor, int pid, int watch, int input, int output, int errors)
    : pid_(pid),
      watch_(executor, watch),
      input_(executor, input),
      output_(executor, output),
      errors_(executor, errors) {}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      watch_(std::move(other.watch_)),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

ChildProcess::~ChildProcess() {
  if (pid_ == 0) return;
  kill(-pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

base::Task<void> ChildProcess::ended() {
  boost::system::error_code ignored;
  co_await watch_.async_wait(Descriptor::wait_read, base::error_into(ignored));
}

void ChildProcess::signal(int number) const { kill(-pid_, number); }

std::string ChildProcess::reap() {
  // While the process is a zombie its number is taken, so that no stranger's group can be hit.
  kill(-pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  if (WIFSIGNALED(status)) return fmt::format("signal {}", WTERMSIG(status));
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

}  // namespace vendor::detail
