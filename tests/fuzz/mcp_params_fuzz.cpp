// Params of a client's request, whatever they are: what is read of them is what another reader sees, or they are
// refused in words fit for people.
#include "json/document.hpp"
#include "mcp/completion_ref.hpp"
#include "mcp/input_responses.hpp"
#include "mcp/subscriptions.hpp"
#include "mcp/tasks.hpp"
#include "mcp_text.hpp"

namespace {

using boost::json::object;
using fuzz::require;
using fuzz::Text;

constexpr std::size_t kMaxUris = 3;

void check_refused(const base::Error& error) {
  require(error.kind == base::Kind::invalid && error.code == "invalid_params");
  require(error.message.size() < 1'000);
  for (const char c : error.message) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

void check_completion(std::string_view params, const object& other) {
  const auto ref = mcp::read_completion_ref(params);
  if (!ref) return check_refused(ref.error());
  const auto& seen = other.at("ref").get_object();
  require(seen.at("type").get_string() == std::string_view(ref->type));
  require(ref->type == "ref/prompt" || ref->type == "ref/resource");
  require(seen.at(ref->type == "ref/prompt" ? "name" : "uri").get_string() == std::string_view(ref->text));
  require(ref->token.data() >= params.data() && ref->token.data() + ref->token.size() <= params.data() + params.size());
  require(fuzz::unescaped(ref->token) == ref->text);
}

void check_answers(const mcp::Envelope& envelope) {
  const auto answers = mcp::read_input_responses(envelope.input_responses);
  if (!answers) return check_refused(answers.error());
  const auto seen = fuzz::parse(envelope.input_responses);
  require(seen && seen->get_object().size() == answers->size());
  for (const auto& answer : *answers) {
    require(fuzz::same(*fuzz::parse(answer.result), seen->get_object().at(answer.key)));
    require(answer.result.starts_with('{') && answer.result.ends_with('}'));
  }
}

void check_subscriptions(const mcp::Envelope& envelope) {
  const auto filter = mcp::read_subscription_filter(envelope.params, kMaxUris);
  if (!filter) return check_refused(filter.error());
  require(filter->uris.size() <= kMaxUris && std::ranges::is_sorted(filter->uris));
  // What is acknowledged is what was understood.
  const Text acknowledged(mcp::subscription_acknowledged("7", *filter));
  const auto told = mcp::scan(acknowledged.view());
  require(told.has_value());
  const auto again = mcp::read_subscription_filter(told->params, kMaxUris);
  require(again && again->tools == filter->tools && again->prompts == filter->prompts);
  require(again->resources == filter->resources && again->uris == filter->uris);
}

// A notification with the subscription's mark, and without it again.
void check_marks(const Text& text, const mcp::Envelope& envelope) {
  const Text marked(mcp::with_subscription_id(text.view(), envelope, R"("s-1")"));
  const auto scanned = mcp::scan(marked.view());
  require(scanned && scanned->method == envelope.method);
  const auto meta = fuzz::parse(scanned->meta);
  require(meta && json::text_at(meta->get_object(), "io.modelcontextprotocol/subscriptionId") == "s-1");
  const Text plain(mcp::without_subscription_id(marked.view(), *scanned));
  const auto again = mcp::scan(plain.view());
  require(again && again->method == envelope.method);
  const auto left = fuzz::parse(again->meta);
  require(!left || !left->get_object().contains("io.modelcontextprotocol/subscriptionId"));
}

// Of a client's request only what names the vendor's own tasks is made the vendor's; another vendor's ids stay.
void check_tasks(const Text& text) {
  const auto before = mcp::task_id_tokens(text.view());
  const Text sent(mcp::without_unified_task_ids(text.view(), "v"));
  require(mcp::scan(sent.view()).has_value());
  const auto after = mcp::task_id_tokens(sent.view());
  require(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto id = fuzz::unescaped(before[i]);
    const auto split = mcp::split_unified_task_id(id);
    require(fuzz::unescaped(after[i]) == (split && split->vendor == "v" ? std::string(split->task_id) : id));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Text text(fuzz::text_of(data, size));
  const auto envelope = mcp::scan(text.view());
  if (!envelope || fuzz::is_beyond_boost(text.view())) return 0;
  if (envelope->shape == mcp::Shape::response) return 0;
  const auto whole = fuzz::parse(text.view());
  const auto* params = whole->get_object().if_contains("params");
  if (params != nullptr && params->is_object()) check_completion(envelope->params, params->get_object());
  if (envelope->input_responses.data() != nullptr) check_answers(*envelope);
  check_subscriptions(*envelope);
  if (envelope->shape == mcp::Shape::notification) check_marks(text, *envelope);
  check_tasks(text);
  return 0;
}
