#include "http/detail/resolver.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <cstring>

namespace http {
namespace {

namespace asio = boost::asio;
constexpr std::size_t kThreads = 4;

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

base::Result<Endpoints> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int failure = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, FreeAddresses> list(found);
  if (failure != 0) {
    return base::fail(base::Kind::vendor_down, "http.resolve",
                      "the name " + host + " does not resolve (" + ::gai_strerror(failure) + ")");
  }
  Endpoints endpoints;
  for (const addrinfo* at = list.get(); at != nullptr; at = at->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    if (at->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), at->ai_addr, at->ai_addrlen);
    endpoint.resize(at->ai_addrlen);
    endpoints.push_back(endpoint);
  }
  return endpoints;
}

}  // namespace

Resolver::~Resolver() {
  if (threads_) threads_->stop();
}

std::shared_ptr<Resolver::Lookup> Resolver::enter(const std::string& host) {
  std::erase_if(running_, [](const auto& entry) { return entry.second.expired(); });
  auto& slot = running_[host];
  if (auto lookup = slot.lock()) return lookup;

  if (!threads_) threads_.emplace(kThreads);
  auto lookup = std::make_shared<Lookup>();
  slot = lookup;
  asio::post(*threads_, [lookup, host] {
    auto result = look_up(host);
    {
      const base::Lock lock(lookup->mutex);
      lookup->result = std::move(result);
    }
    lookup->done.notify_all();
  });
  return lookup;
}

base::Async<Endpoints> Resolver::resolve(std::string host, std::uint16_t port, base::SteadyTime until) {
  boost::system::error_code not_numeric;
  const auto address = asio::ip::make_address(host, not_numeric);
  if (!not_numeric) co_return Endpoints{{address, port}};

  const auto lookup = enter(host);
  for (;;) {
    auto ticket = lookup->done.prepare();
    {
      const base::Lock lock(lookup->mutex);
      if (lookup->result) {
        auto result = *lookup->result;
        for (std::size_t i = 0; result && i < result->size(); ++i) (*result)[i].port(port);
        co_return result;
      }
    }
    if (co_await ticket.wait(until)) continue;
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) {
      co_return base::fail(base::Kind::cancelled, "cancelled", "given up");
    }
    co_return base::fail(base::Kind::vendor_timeout, "http.resolve_timeout",
                         "looking up the name " + host + " took too long");
  }
}

}  // namespace http
