// The master key's file. Writers hold a lock on its directory, so that no two of them make different keys; the lock
// goes with the process. The content is replaced whole: temporary file, fsync, rename, fsync of the directory.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "vault/master_key.hpp"

namespace vault {
namespace {

constexpr std::string_view kComment =
    "# The master key of mcp-gateway, one version per line, the newest last.\n"
    "# Keep a copy in a safe place: without it no saved credential can be opened.\n";

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

base::Failure cannot(std::string_view act, const std::string& path) {
  return base::fail(base::Kind::unavailable, "vault.key_file",
                    fmt::format("cannot {} the master key file {}: {}", act, path, std::strerror(errno)));
}

std::string directory_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

base::Result<void> refuse_readable_by_others(const File& file, const std::string& path) {
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return cannot("inspect", path);
  if (!S_ISREG(status.st_mode)) {
    return base::fail(base::Kind::invalid, "vault.key", fmt::format("The master key {} is not a file.", path));
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return base::fail(base::Kind::invalid, "vault.key",
                      fmt::format("The master key file {} is open to other users (mode {:04o}). Run: chmod 600 {}",
                                  path, status.st_mode & 07777U, path));
  }
  return {};
}

base::Result<base::SecretString> read_all(const File& file, const std::string& path) {
  // One buffer of full size: growing would leave copies of the key behind.
  std::string buffer(MasterKeys::kMaxText + 1, '\0');
  std::size_t length = 0;
  while (length < buffer.size()) {
    const auto got = read(file.get(), buffer.data() + length, buffer.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read", path);
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  const base::SecretString whole(std::move(buffer));
  return base::SecretString(whole.reveal().substr(0, length));
}

base::Result<void> write_all(const File& file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const auto put = write(file.get(), text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return cannot("write", path);
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

base::Result<void> write_temporary(const std::string& temporary, const MasterKeys& keys) {
  unlink(temporary.c_str());  // left by a process that was killed; the lock says that nobody writes it now
  const File file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file.is_open()) return cannot("create", temporary);
  if (auto done = write_all(file, kComment, temporary); !done) return done;
  if (auto done = write_all(file, keys.text().reveal(), temporary); !done) return done;
  if (fsync(file.get()) != 0) return cannot("sync", temporary);
  return {};
}

base::Result<void> replace(const File& directory, const std::string& path, const MasterKeys& keys) {
  const auto temporary = path + ".new";
  if (auto done = write_temporary(temporary, keys); !done) return done;
  if (rename(temporary.c_str(), path.c_str()) != 0) return cannot("replace", path);
  if (fsync(directory.get()) != 0) return cannot("sync the directory of", path);
  return {};
}

base::Result<void> lock(const File& directory, const std::string& path) {
  if (!directory.is_open()) return cannot("open the directory of", path);
  while (flock(directory.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return cannot("lock the directory of", path);
  }
  return {};
}

File open_directory(const std::string& path) {
  return File(open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace

base::Result<MasterKeys> load_master_keys(const std::string& path) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT) {
    return base::fail(base::Kind::not_found, "vault.key", fmt::format("There is no master key file {}.", path));
  }
  if (!file.is_open()) return cannot("open", path);
  if (auto fine = refuse_readable_by_others(file, path); !fine) return std::move(fine).failure();

  const auto text = read_all(file, path);
  if (!text) return text.failure();
  auto keys = MasterKeys::parse(text->reveal());
  if (!keys) return base::Failure(std::move(keys.error()).at(path));
  return keys;
}

base::Result<MasterKeys> load_or_create_master_keys(const std::string& path, base::Random& random) {
  auto present = load_master_keys(path);
  if (present || present.error().kind != base::Kind::not_found) return present;

  const auto directory = open_directory(path);
  if (auto locked = lock(directory, path); !locked) return std::move(locked).failure();
  present = load_master_keys(path);  // somebody else may have made it meanwhile
  if (present || present.error().kind != base::Kind::not_found) return present;

  auto keys = MasterKeys::generate(random);
  if (auto done = replace(directory, path, keys); !done) return std::move(done).failure();
  return keys;
}

base::Result<MasterKeys> add_master_key_version(const std::string& path, base::Random& random) {
  const auto directory = open_directory(path);
  if (auto locked = lock(directory, path); !locked) return std::move(locked).failure();
  auto present = load_master_keys(path);
  if (!present) return present;

  auto keys = present->with_new_version(random);
  if (!keys) return keys;
  // A link stays a link: the file it names is replaced.
  std::error_code error;
  const auto target = std::filesystem::canonical(path, error).string();
  if (error) return cannot("find", path);
  const auto target_directory = open_directory(target);
  if (auto done = replace(target_directory, target, *keys); !done) return std::move(done).failure();
  return keys;
}

}  // namespace vault
