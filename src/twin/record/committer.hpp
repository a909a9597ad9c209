// A thread that commits for a loop that must not wait: the loop appends, pokes, and is told how many
// entries are durable. While one sync runs, the next one's entries gather.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "twin/record/journal.hpp"

namespace twin::record {

class Committer {
 public:
  // `told` is called by the committer's thread after every commit, with what it came to and
  // durable(). The journal must outlive the committer.
  Committer(Journal& journal, std::function<void(Committed, std::uint64_t durable)> told);
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;
  ~Committer();  // commits what was appended before, tells it, and ends the thread

  void poke();  // something was appended

 private:
  void run();

  Journal& journal_;
  std::function<void(Committed, std::uint64_t)> told_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool poked_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace twin::record
