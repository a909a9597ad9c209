#include "apps/fabtwin/serve/committer.hpp"

#include <chrono>

namespace apps::fabtwin::serve {

Committer::Committer(twin::record::Journal& journal)
    : journal_(journal), thread_([this] { run(); }) {}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Committer::wake() {
  {
    const std::lock_guard lock(mutex_);
    if (asked_) return;
    asked_ = true;
  }
  changed_.notify_one();
}

void Committer::run() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    changed_.wait(lock, [this] { return asked_ || ended_; });
    if (ended_) return;
    asked_ = false;
    lock.unlock();
    const auto committed = journal_.commit();
    lock.lock();
    if (committed == twin::record::Committed::Broken) broken_ = true;
    if (committed == twin::record::Committed::Full) {
      // What waits is kept; there may be room in a while.
      changed_.wait_for(lock, std::chrono::milliseconds(500), [this] { return ended_; });
    }
  }
}

}  // namespace apps::fabtwin::serve
