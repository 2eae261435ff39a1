#include "gateway/credential_waits.hpp"

#include <algorithm>

namespace gateway {

// The calls that share a question, or one call of no session. All but `come` is guarded by the owner's mutex.
struct CredentialWaits::Group {
  base::Notifier come;
  const Wait* leader = nullptr;
  std::shared_ptr<Question> question;
};

namespace {

std::string key_of(const CredentialWaits::Waiter& waiter) { return waiter.session + "/" + waiter.vendor; }

}  // namespace

CredentialWaits::Wait::Wait(CredentialWaits& owner, Waiter waiter, std::shared_ptr<Group> group)
    : owner_(owner), waiter_(std::move(waiter)), group_(std::move(group)) {}

CredentialWaits::Wait::~Wait() {
  const base::Lock lock(owner_.mutex_);
  auto [it, last] = owner_.waits_.equal_range(waiter_.subject);
  it = std::find_if(it, last, [this](const auto& entry) { return entry.second == this; });
  owner_.waits_.erase(it);
  if (group_->leader == this) group_->leader = nullptr;
  if (group_.use_count() == 1) owner_.groups_.erase(key_of(waiter_));
  group_->come.notify_all();
}

base::Notifier::Ticket CredentialWaits::Wait::prepare() const { return group_->come.prepare(); }

void CredentialWaits::Wait::end() {
  ended_ = true;
  group_->come.notify_all();
}

std::shared_ptr<Question> CredentialWaits::Wait::lead() {
  if (waiter_.session.empty()) return nullptr;
  const base::Lock lock(owner_.mutex_);
  if (group_->leader != nullptr || (group_->question && group_->question->answered())) return nullptr;
  group_->leader = this;
  group_->question = std::make_shared<Question>(group_->come);
  return group_->question;
}

std::optional<std::string> CredentialWaits::Wait::answer() const {
  const base::Lock lock(owner_.mutex_);
  return group_->question ? group_->question->answered() : std::nullopt;
}

CredentialWaits::CredentialWaits(vault::Credentials& credentials, std::size_t per_principal)
    : per_principal_(per_principal),
      on_credential_(credentials.changes().subscribe([this](const vault::Change& change) { wake(change); })) {}

std::shared_ptr<CredentialWaits::Wait> CredentialWaits::begin(Waiter waiter) {
  const base::Lock lock(mutex_);
  if (closed_ || waits_.count(waiter.subject) >= per_principal_) return nullptr;
  std::shared_ptr<Group> group;
  if (!waiter.session.empty()) group = groups_[key_of(waiter)].lock();
  if (!group) group = std::make_shared<Group>();
  if (!waiter.session.empty()) groups_[key_of(waiter)] = group;
  auto subject = waiter.subject;
  auto wait = std::make_shared<Wait>(*this, std::move(waiter), std::move(group));
  waits_.emplace(std::move(subject), wait.get());
  return wait;
}

void CredentialWaits::end_of_grant(const std::string& grant_id) {
  end_those([&](const Waiter& waiter) { return waiter.grant_id == grant_id; });
}

void CredentialWaits::end_of_session(const std::string& session) {
  end_those([&](const Waiter& waiter) { return waiter.session == session; });
}

void CredentialWaits::close() {
  {
    const base::Lock lock(mutex_);
    closed_ = true;
  }
  end_those([](const Waiter&) { return true; });
}

void CredentialWaits::end_those(const std::function<bool(const Waiter&)>& chosen) {
  const base::Lock lock(mutex_);
  for (const auto& [subject, wait] : waits_) {
    if (chosen(wait->waiter_)) wait->end();
  }
}

void CredentialWaits::wake(const vault::Change& change) {
  const base::Lock lock(mutex_);
  const auto [first, last] = waits_.equal_range(change.owner);
  std::for_each(first, last, [&](const auto& entry) {
    if (entry.second->waiter_.vendor == change.vendor) entry.second->group_->come.notify_all();
  });
}

}  // namespace gateway
