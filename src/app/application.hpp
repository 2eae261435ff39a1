// The running gateway: configuration in, objects made and joined, threads started; drained and stopped in reverse.
// Thread: every call on the main thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/config.hpp"
#include "base/secret_string.hpp"

namespace app {

class Application {
 public:
  // Opens data, makes everything, binds the listeners; serves nothing yet. Throws std::runtime_error, saying what is
  // wrong and what to do.
  Application(Config config, const base::SecretString& master_key);
  ~Application();

  void start();
  [[nodiscard]] const std::string& public_url() const;
  [[nodiscard]] std::optional<std::string> metrics_url() const;
  // The one-time link for the owner, while no owner has a password.
  [[nodiscard]] std::optional<std::string> owner_link() const;

  // Takes over the vendor definitions of a new configuration; everything else needs a restart.
  void reload(const Config& config);
  // Accepts no more, answers what is under way, ends streams politely; cuts what is left after drain_timeout.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace app
