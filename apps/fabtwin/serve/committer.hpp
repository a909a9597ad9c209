// Syncs the record in a thread of its own, so that the loop that moves bytes never waits for a disk:
// what came in meanwhile becomes durable together with the next sync.
#pragma once
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "twin/record/journal.hpp"

namespace apps::fabtwin::serve {

class Committer {
 public:
  explicit Committer(twin::record::Journal& journal);  // which must outlive it
  ~Committer();                                        // after the sync under way
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  void wake();  // something was appended
  // The disk failed: nothing becomes durable any more.
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  void run();

  twin::record::Journal& journal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false, ended_ = false;
  std::atomic<bool> broken_{false};
  std::thread thread_;
};

}  // namespace apps::fabtwin::serve
