// Credentials in memory, unsealed.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "vault/credentials.hpp"

namespace fake {

class FakeCredentials final : public vault::Credentials {
 public:
  base::Async<std::shared_ptr<const vault::Credential>> resolve(std::string owner, std::string vendor) override {
    co_return find(owner, vendor);
  }
  [[nodiscard]] std::optional<std::shared_ptr<const vault::Credential>> cached(std::string_view,
                                                                               std::string_view) const override {
    return std::nullopt;
  }
  base::Async<std::vector<vault::ConnectionInfo>> list(std::string) override {
    co_return std::vector<vault::ConnectionInfo>();
  }
  base::Async<vault::ConnectionInfo> save(std::string owner, std::string vendor, vault::Fields fields) override {
    {
      const std::lock_guard lock(mutex_);
      auto& entry = all_[{owner, vendor}];
      const auto version = entry ? entry->version + 1 : 1;
      entry = std::make_shared<vault::Credential>(
          vault::Credential{owner, vendor, version, vault::State::untested, std::move(fields)});
    }
    if (tells) changes_.emit({owner, vendor});
    co_return vault::ConnectionInfo{.vendor = vendor, .message = {}, .field_names = {}, .saved = {}, .tested = {}};
  }
  base::Async<void> note(std::string owner, std::string vendor, std::int64_t version, vault::State state,
                         std::string message) override {
    {
      const std::lock_guard lock(mutex_);
      auto& entry = all_[{owner, vendor}];
      if (!entry || entry->version != version) co_return base::Result<void>();
      auto changed = *entry;
      changed.state = state;
      entry = std::make_shared<vault::Credential>(std::move(changed));
      last_message = std::move(message);
    }
    if (tells) changes_.emit({owner, vendor});
    co_return base::Result<void>();
  }
  base::Async<void> remove(std::string owner, std::string vendor) override {
    {
      const std::lock_guard lock(mutex_);
      all_.erase({owner, vendor});
    }
    if (tells) changes_.emit({owner, vendor});
    co_return base::Result<void>();
  }
  base::Signal<vault::Change>& changes() override { return changes_; }

  [[nodiscard]] std::shared_ptr<const vault::Credential> find(const std::string& owner,
                                                              const std::string& vendor) const {
    const std::lock_guard lock(mutex_);
    const auto found = all_.find({owner, vendor});
    return found != all_.end() ? found->second : nullptr;
  }

  std::string last_message;
  bool tells = true;  // false: as if another process did it

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const vault::Credential>> all_;
  base::Signal<vault::Change> changes_;
};

}  // namespace fake
