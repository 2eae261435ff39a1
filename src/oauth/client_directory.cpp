#include "oauth/client_directory.hpp"

namespace oauth {
namespace {

constexpr std::size_t kIdLimit = 2048;

base::Result<std::shared_ptr<const Client>> known(base::Result<std::shared_ptr<const Client>> found) {
  if (found && *found == nullptr) {
    return base::fail(base::Kind::invalid, "invalid_client", "The client is not registered here; register it again.");
  }
  return found;
}

}  // namespace

base::Async<std::shared_ptr<const Client>> ClientDirectory::find(std::string id) {
  if (id.size() > kIdLimit) co_return known(nullptr);
  if (is_document_url(id)) co_return co_await documents_.find(std::move(id));
  co_return known(co_await clients_.find(std::move(id)));
}

base::Async<std::shared_ptr<const Client>> ClientDirectory::find_without_fetch(std::string id) {
  if (id.size() > kIdLimit) co_return known(nullptr);
  if (!is_document_url(id)) co_return known(co_await clients_.find(std::move(id)));
  auto client = std::make_shared<Client>();
  client->id = std::move(id);
  co_return std::shared_ptr<const Client>(std::move(client));
}

}  // namespace oauth
