// The deadlines of all connections of one thread behind one timer. Moving a deadline later, which every request does
// a few times, is one store: an entry stays filed under its old time and is filed anew when that comes.
// Thread: the executor's.
#pragma once

#include <boost/intrusive/set.hpp>
#include <memory>

#include "base/async.hpp"

namespace http {

class Deadlines {
 public:
  class Entry : public boost::intrusive::set_base_hook<boost::intrusive::optimize_size<true>> {
   public:
    explicit Entry(Deadlines& deadlines) : deadlines_(deadlines) {}
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    // SteadyTime::max() means none. An entry that is due is called once, soon after, never from inside.
    void set(base::SteadyTime due);
    void clear() { due_ = base::SteadyTime::max(); }

   protected:
    ~Entry();

   private:
    friend class Deadlines;
    virtual void on_deadline() = 0;

    Deadlines& deadlines_;
    base::SteadyTime due_ = base::SteadyTime::max();
    base::SteadyTime filed_{};
  };

  explicit Deadlines(base::Executor executor);
  // REQUIRES: no entry is left.
  ~Deadlines();
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

 private:
  struct ByTime {
    bool operator()(const Entry& a, const Entry& b) const { return a.filed_ < b.filed_; }
  };
  using Entries = boost::intrusive::multiset<Entry, boost::intrusive::compare<ByTime>>;

  void file(Entry& entry);
  void arm();
  void fire();

  base::Timer timer_;
  base::SteadyTime armed_ = base::SteadyTime::max();
  Entries entries_;
  // The timer's handler may still be queued when this goes.
  std::shared_ptr<Deadlines*> self_;
};

}  // namespace http
