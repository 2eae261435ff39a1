#include "gateway/question.hpp"

namespace gateway {

void Question::answer(std::string response) {
  {
    const base::Lock lock(mutex_);
    if (response_) return;
    response_ = std::move(response);
  }
  come_.notify_all();
}

base::Task<std::optional<std::string>> Question::wait(base::SteadyTime until) {
  auto ticket = come_.prepare();
  if (auto response = answered()) co_return response;
  co_await ticket.wait(until);
  co_return answered();
}

std::optional<std::string> Question::answered() const {
  const base::Lock lock(mutex_);
  return response_;
}

}  // namespace gateway
