#include "oauth/metadata_documents.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

namespace oauth {
namespace {

base::Failure wrong(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_client", "The client's metadata document: " + std::move(message));
}

}  // namespace

base::Result<std::shared_ptr<const Client>> read_metadata_document(const std::string& url, std::string_view body) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(body, error);
  if (error || !parsed.is_object()) return wrong("it is not a JSON object.");
  const auto& object = parsed.get_object();
  const auto* const id = object.if_contains("client_id");
  if (id == nullptr || !id->is_string() || id->get_string() != url) return wrong("its client_id is not its own URL.");

  auto metadata = read_client_metadata(object, MetadataSource::document);
  if (!metadata) return wrong(metadata.error().message);
  auto client = std::make_shared<Client>();
  client->id = url;
  client->metadata = *std::move(metadata);
  return std::shared_ptr<const Client>(std::move(client));
}

MetadataDocuments::MetadataDocuments(DocumentSource& source, const base::Clock& clock, MetadataDocumentsConfig config)
    : source_(source), clock_(clock), config_(config) {}

std::optional<MetadataDocuments::Entry> MetadataDocuments::known(const std::string& url) const {
  const base::Lock lock(mutex_);
  const auto found = entries_.find(url);
  if (found == entries_.end()) return std::nullopt;
  return found->second;
}

void MetadataDocuments::keep(const std::string& url, Entry entry) {
  const base::Lock lock(mutex_);
  entries_.insert_or_assign(url, std::move(entry));
  if (entries_.size() <= config_.entries) return;
  entries_.erase(std::ranges::min_element(entries_, {}, [](const auto& item) { return item.second.usable_until; }));
}

bool MetadataDocuments::begin_fetch() {
  const base::Lock lock(mutex_);
  if (fetching_ >= config_.fetches_at_once) return false;
  ++fetching_;
  return true;
}

void MetadataDocuments::end_fetch() {
  const base::Lock lock(mutex_);
  --fetching_;
}

MetadataDocuments::Entry MetadataDocuments::entry_of(const std::string& url,
                                                     const base::Result<Document>& document) const {
  const auto now = clock_.now();
  const auto failed_until = now + config_.failure_age;
  if (!document) return {document.failure(), failed_until, failed_until};
  auto client = read_metadata_document(url, document->body);
  if (!client) return {std::move(client), failed_until, failed_until};
  const auto age = std::clamp<std::chrono::seconds>(document->fresh_for, config_.min_age, config_.max_age);
  return {std::move(client), now + age, now + config_.max_age};
}

base::Async<std::shared_ptr<const Client>> MetadataDocuments::find(std::string url) {
  const auto before = known(url);
  if (before && clock_.now() < before->fresh_until) co_return before->answer;

  if (!begin_fetch()) co_return base::fail(base::Kind::too_many, "slow_down", "Too many clients at once; try again.");
  // Nothing between here and end_fetch() may leave: a throwing source would keep its place.
  base::Result<Document> document;
  try {
    document = co_await source_.fetch(url);
  } catch (const std::exception& error) {
    document = base::fail(base::Kind::unavailable, "temporarily_unavailable",
                          "The client's metadata document cannot be fetched now; try again.", error.what());
  }
  end_fetch();

  Entry entry = entry_of(url, document);
  const bool passing = !document && document.error().kind == base::Kind::unavailable;
  if (passing && before && before->answer && clock_.now() < before->usable_until) {
    entry = *before;
    entry.fresh_until = clock_.now() + config_.failure_age;
  }
  keep(url, entry);
  co_return entry.answer;
}

}  // namespace oauth
