#include "vendor/detail/routes.hpp"

#include <charconv>

#include "mcp/error.hpp"

namespace vendor::detail {
namespace {

// An id of ours, as a number or, as some servers send it back, as text.
std::optional<std::uint64_t> id_of(std::string_view token) {
  if (token.size() > 2 && token.starts_with('"') && token.ends_with('"')) token = token.substr(1, token.size() - 2);
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), id);
  if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  return id;
}

template <class Mailboxes>
std::shared_ptr<Mailbox> find(const Mailboxes& mailboxes, std::string_view token) {
  const auto id = id_of(token);
  const auto found = id ? mailboxes.find(*id) : mailboxes.end();
  return found == mailboxes.end() ? nullptr : found->second;
}

Message copy_of(const Message& text) {
  Message copy;
  copy.reserve(text.size() + mcp::kPadding);
  copy += text;
  return copy;
}

base::Error ended_subscription() {
  return base::fail(base::Kind::vendor_down, "vendor.subscription_ended", "ended the subscription").error();
}

}  // namespace

void Routes::add(std::uint64_t id, std::shared_ptr<Mailbox> mailbox, Purpose purpose) {
  (purpose == Purpose::call ? calls_ : subscriptions_)[id] = std::move(mailbox);
}

bool Routes::remove(std::uint64_t id) { return calls_.erase(id) + subscriptions_.erase(id) > 0; }

bool Routes::cancel(std::uint64_t id) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return false;
  found->second->fail(base::fail(base::Kind::cancelled, "cancelled", "The request was cancelled.").error());
  calls_.erase(found);
  return true;
}

void Routes::fail_all(const base::Error& error) {
  for (auto* mailboxes : {&calls_, &subscriptions_}) {
    for (const auto& [id, mailbox] : *mailboxes) mailbox->fail(error);
    mailboxes->clear();
  }
}

std::optional<std::string> Routes::route(Received message, const Listeners& listeners) {
  if (message.shape == mcp::Shape::request) return route_request(std::move(message), listeners);
  if (message.shape == mcp::Shape::response) {
    route_response(std::move(message));
  } else if (!route_progress(message)) {
    for (const auto& listener : listeners) listener->on_message(copy_of(message.text));
  }
  return std::nullopt;
}

void Routes::route_modern(Received message) {
  if (message.shape == mcp::Shape::request) return;
  if (message.shape == mcp::Shape::response) return route_response(std::move(message));
  if (const auto subscription = find(subscriptions_, message.subscription)) {
    return subscription->put(std::move(message));
  }
  // Of one that was ended: the process has not read that yet.
  if (!message.subscription.empty()) return;
  if (message.method == "notifications/cancelled") {
    if (const auto subscription = find(subscriptions_, message.request_id)) subscription->fail(ended_subscription());
    return;
  }
  if (!route_progress(message) && calls_.size() == 1) calls_.begin()->second->put(std::move(message));
}

std::optional<std::string> Routes::route_request(Received message, const Listeners& listeners) {
  if (message.method == "ping") return mcp::result_response(message.id, "{}");
  if (calls_.size() == 1) {
    calls_.begin()->second->put(std::move(message));
  } else if (!listeners.empty()) {
    listeners.front()->on_message(std::move(message.text));
  } else {
    return mcp::error_response(message.id, mcp::kMethodNotFound, "Nobody is there to answer this.");
  }
  return std::nullopt;
}

void Routes::route_response(Received message) {
  auto mailbox = find(calls_, message.id);
  if (!mailbox) mailbox = find(subscriptions_, message.id);
  if (!mailbox) return;
  remove(*id_of(message.id));
  mailbox->put(std::move(message));
}

// Whether the message was notifications/progress of a call that runs.
bool Routes::route_progress(Received& message) {
  if (message.method != "notifications/progress") return false;
  const auto call = find(calls_, message.progress_token);
  if (call) call->put(std::move(message));
  return call != nullptr;
}

}  // namespace vendor::detail
