#include "vendor/detail/json_answer.hpp"

namespace vendor::detail {

base::Async<std::string_view> JsonAnswer::more(base::SteadyTime deadline) {
  auto part = co_await response_.read_some(deadline);
  if (!part) co_return part;
  passed_ = part->empty() ? 0 : passed_ + part->size();
  if (passed_ > limit_) co_return base::fail(base::Kind::too_large, "http.answer_too_large", "a message is too large");
  co_return part;
}

base::Async<http::Beginning> JsonAnswer::complete(base::SteadyTime deadline) {
  auto all = std::exchange(put_back_, {});
  passed_ = all.size();
  while (true) {
    const auto part = co_await more(deadline);
    if (!part) co_return part.failure();
    if (part->empty()) co_return http::Beginning{.text = std::move(all), .whole = true};
    all += *part;
  }
}

}  // namespace vendor::detail
