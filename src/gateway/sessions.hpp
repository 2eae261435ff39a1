// All legacy sessions: made by initialize, found by Mcp-Session-Id, ended by DELETE or revocation.
//
// An id is 16 random bytes and a MAC over them, the endpoint and the subject, in base64url. So a well-formed id that
// neither memory nor store knows (lost in a crash, collected after long idleness) is known to be of this very caller
// and is taken up again quietly: clients lose their connection for good over anything else (only 404 makes some of them
// start anew, and others hang on that too). 404 is left for ids that were ended on purpose, or are somebody else's.
//
// Thread-safe.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/async.hpp"
#include "base/interned.hpp"
#include "base/mutex.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"
#include "gateway/config.hpp"
#include "gateway/session.hpp"
#include "identity/principal.hpp"
#include "store/database.hpp"

namespace gateway {

class Sessions {
 public:
  // `id_key` makes the MACs; ids made under another key are unknown. REQUIRES: references outlive this.
  Sessions(store::Database& database, base::Clock& clock, base::Random& random, base::SecretString id_key,
           Config config);

  // Opens a session; it is in the store when this returns (a store in trouble does not refuse it: the id alone is
  // enough to take it up again). `own_stream`: as Session.
  base::Task<std::shared_ptr<Session>> open(identity::Principal principal, std::string endpoint,
                                            std::string protocol_version, std::string initialize_params,
                                            std::shared_ptr<EventStream> own_stream = nullptr);
  // Errors: not_found (ended, somebody else's, or no id of ours), unavailable (the store is in trouble).
  base::Async<std::shared_ptr<Session>> find(std::string id, identity::Principal principal, std::string endpoint,
                                             std::string protocol_version);
  // The same for a session in memory; nullptr: ask find().
  [[nodiscard]] std::shared_ptr<Session> at_hand(std::string_view id, std::string_view subject,
                                                 std::string_view endpoint) const;
  // Stores which resources it follows. Errors: unavailable.
  base::Async<void> keep_followed(std::shared_ptr<Session> session);
  // Ends it for good. Errors: as find.
  base::Async<void> end(std::shared_ptr<Session> session);
  // Ends every session that the grant opened.
  base::Async<void> end_of_grant(std::string grant_id);

  void for_each(const std::function<void(const std::shared_ptr<Session>&)>& visit) const;
  [[nodiscard]] std::size_t size() const;

  // Drops what was idle for too long from memory, notes uses in the store, and deletes what is too old there.
  base::Async<void> collect();

 private:
  struct Shard {
    mutable base::Mutex mutex;
    std::unordered_map<std::string_view, std::shared_ptr<Session>> sessions MCPGW_GUARDED_BY(mutex);  // by own id
  };
  [[nodiscard]] Shard& shard(std::string_view id) const;
  [[nodiscard]] std::string make_id(std::string_view endpoint, std::string_view subject);
  [[nodiscard]] bool is_id_of(std::string_view id, std::string_view endpoint, std::string_view subject) const;
  [[nodiscard]] std::shared_ptr<Session> in_memory(std::string_view id) const;
  std::shared_ptr<Session> keep(SessionRecord record, FollowedResources followed,
                                std::shared_ptr<EventStream> own_stream);
  void make_room(const std::string& subject);
  void forget(const std::string& id);

  store::Database& database_;
  base::Clock& clock_;
  base::Random& random_;
  const base::SecretString id_key_;
  const Config config_;
  base::Interned<std::string, ClientProfile> profiles_;
  mutable std::array<Shard, 64> shards_;
};

}  // namespace gateway
