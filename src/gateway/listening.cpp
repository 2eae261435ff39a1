#include "gateway/listening.hpp"

#include "mcp/error.hpp"
#include "mcp/unified_uri.hpp"

namespace gateway {
namespace {

// With the subscription's mark. `message` is JSON-RPC.
std::string marked(std::string message, std::string_view id) {
  message.reserve(message.size() + mcp::kPadding);
  const auto envelope = mcp::scan(message);
  return envelope ? mcp::with_subscription_id(message, *envelope, id) : std::string();
}

}  // namespace

void Listening::acknowledge(mcp::SubscriptionFilter agreed) {
  const base::Lock lock(mutex_);
  stream_->append(mcp::subscription_acknowledged(origin_.id, agreed));
  for (const auto& message : early_) stream_->append_once(message);
  early_.clear();
  agreed_ = std::move(agreed);
  acknowledged_ = true;
}

void Listening::tell_list(mcp::ListKind kind) {
  const base::Lock lock(mutex_);
  const bool wanted = kind == mcp::ListKind::tools     ? agreed_.tools
                      : kind == mcp::ListKind::prompts ? agreed_.prompts
                                                       : agreed_.resources;
  if (wanted) stream_->append_once(marked(mcp::notification(mcp::list_changed(kind)), origin_.id));
}

void Listening::tell_updated(std::string_view vendor, std::string message) {
  if (origin_.endpoint.empty()) {
    message.reserve(message.size() + mcp::kPadding);
    message = mcp::with_unified_uris(message, vendor);
  }
  const auto text = marked(std::move(message), origin_.id);
  const base::Lock lock(mutex_);
  if (acknowledged_) {
    stream_->append_once(text);
  } else if (early_.size() < limits_.events) {
    early_.push_back(text);
  }
}

}  // namespace gateway
