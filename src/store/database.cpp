#include "store/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <semaphore>
#include <stdexcept>

#include "base/wake.hpp"
#include "store/detail/job_queue.hpp"

namespace store {
namespace {

constexpr std::string_view kMemory = ":memory:";

// Where the data lies. A database "in memory" is a file in a directory of its own: the very same engine and locking.
class Location {
 public:
  explicit Location(const std::string& path) : path_(path) {
    if (path == kMemory) make_temporary();
    create();
  }
  ~Location() {
    std::error_code ignored;
    if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
  }
  Location(const Location&) = delete;
  Location& operator=(const Location&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool temporary() const { return !directory_.empty(); }

 private:
  void make_temporary() {
    auto pattern = (std::filesystem::temp_directory_path() / "mcp-gateway-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary directory");
    directory_ = pattern;
    path_ = directory_ + "/memory.db";
  }
  // SQLite gives the WAL and its index the mode of the database file.
  void create() {
    const int file = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) throw std::runtime_error(fmt::format("cannot open the database {}: {}", path_, std::strerror(errno)));
    close(file);
  }

  std::string path_;
  std::string directory_;
};

std::vector<std::unique_ptr<detail::SqliteConnection>> connections(std::size_t count,
                                                                   const detail::SqliteOptions& options) {
  std::vector<std::unique_ptr<detail::SqliteConnection>> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(std::make_unique<detail::SqliteConnection>(options));
  return all;
}

}  // namespace

class Database::Impl {
 public:
  explicit Impl(const DatabaseConfig& config)
      : location_(config.path),
        writer_(connections(1, options(config, false)), config.queue_limit),
        readers_(connections(std::max<std::size_t>(config.readers, 1), options(config, true)), config.queue_limit) {}

  // False: the queue is full, and the job says so.
  bool post(Lane lane, std::shared_ptr<detail::Job> job, std::move_only_function<void()> ended) {
    detail::JobQueue::Entry entry{std::move(job), std::move(ended)};
    if ((lane == Lane::read ? readers_ : writer_).push(entry)) return true;
    entry.job->fail({base::Kind::unavailable, "store.overloaded", "The database has too much to do. Try again.", "",
                     std::chrono::seconds(1)});
    return false;
  }
  [[nodiscard]] std::size_t queued() const { return readers_.size() + writer_.size(); }

 private:
  [[nodiscard]] detail::SqliteOptions options(const DatabaseConfig& config, bool read_only) const {
    return {.path = location_.path(),
            .busy_timeout = config.busy_timeout,
            .read_only = read_only,
            .durable = !location_.temporary()};
  }

  Location location_;
  detail::JobQueue writer_;
  detail::JobQueue readers_;
};

Database::Database(DatabaseConfig config) : impl_(std::make_unique<Impl>(config)) {}

Database::~Database() = default;

std::size_t Database::queued() const { return impl_->queued(); }

base::Task<void> Database::run(Lane lane, std::shared_ptr<detail::Job> job) {
  auto wake = std::make_shared<base::Wake>(co_await boost::asio::this_coro::executor);
  if (!impl_->post(lane, std::move(job), [wake] { wake->ended(); })) co_return;
  co_await base::Wake::wait(std::move(wake));
}

void Database::run_now(Lane lane, std::shared_ptr<detail::Job> job) {
  // Shared: the database thread may still be inside release() when acquire() returns here.
  auto ended = std::make_shared<std::binary_semaphore>(0);
  if (impl_->post(lane, std::move(job), [ended] { ended->release(); })) ended->acquire();
}

}  // namespace store
