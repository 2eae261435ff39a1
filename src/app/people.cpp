#include "app/people.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "base/spawn.hpp"
#include "identity/one_time_links.hpp"

namespace app {
namespace {

// Runs one coroutine to its end on a loop of its own.
template <class T>
base::Result<T> run(base::Async<T> task) {
  boost::asio::io_context loop(1);
  base::Result<T> result = base::fail(base::Kind::bug, "app.unfinished", "the work did not finish");
  base::spawn(loop, std::move(task), [&](const std::exception_ptr& error, base::Result<T> value) {
    if (error) std::rethrow_exception(error);
    result = std::move(value);
  });
  loop.run();
  return result;
}

struct People {
  explicit People(Foundation& foundation)
      : hasher(identity::PasswordHasherConfig{}),
        accounts(foundation.database, hasher, foundation.clock, foundation.random),
        links(foundation.database, accounts, hasher, foundation.clock, foundation.random) {}

  identity::PasswordHasher hasher;
  identity::Accounts accounts;
  identity::OneTimeLinks links;
};

base::Result<IssuedLink> issue(const Config& config, People& people, const std::string& user_id) {
  auto link = run(people.links.issue(user_id));
  if (!link) return std::move(link).failure();
  return IssuedLink{link->user, set_up_url(public_url_of(config, config.listen.port), link->token)};
}

}  // namespace

base::Result<IssuedLink> add_person(const Config& config, Foundation& foundation, identity::NewUser user) {
  People people(foundation);
  auto created = run(people.accounts.create(std::move(user)));
  if (!created) return std::move(created).failure();
  return issue(config, people, created->id);
}

base::Result<IssuedLink> reset_person(const Config& config, Foundation& foundation, std::string login) {
  People people(foundation);
  auto user = run(people.accounts.find_by_login(std::move(login)));
  if (!user) return std::move(user).failure();
  return issue(config, people, user->id);
}

base::Result<std::vector<identity::User>> list_people(Foundation& foundation) {
  People people(foundation);
  return run(people.accounts.list());
}

std::string public_url_of(const Config& config, std::uint16_t port) {
  if (!config.public_url.empty()) return config.public_url;
  const auto scheme = config.tls ? "https" : "http";
  const bool v6 = config.listen.host.contains(':');
  return fmt::format("{}://{}{}{}:{}", scheme, v6 ? "[" : "", config.listen.host, v6 ? "]" : "", port);
}

std::string set_up_url(const std::string& public_url, const base::SecretString& token) {
  return fmt::format("{}/auth/setup?token={}", public_url, token.reveal());
}

}  // namespace app
