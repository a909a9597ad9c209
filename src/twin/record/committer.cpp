#include "twin/record/committer.hpp"

#include <utility>

namespace twin::record {

Committer::Committer(Journal& journal, std::function<void(Committed, std::uint64_t durable)> told)
    : journal_(journal), told_(std::move(told)), thread_([this] { run(); }) {}

Committer::~Committer() {
  {
    const std::lock_guard hold(mutex_);
    poked_ = ending_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

void Committer::poke() {
  {
    const std::lock_guard hold(mutex_);
    if (poked_) return;
    poked_ = true;
  }
  woken_.notify_one();
}

void Committer::run() {
  for (bool ending = false; !ending;) {
    {
      std::unique_lock lock(mutex_);
      woken_.wait(lock, [this] { return poked_; });
      poked_ = false;
      ending = ending_;
    }
    const Committed result = journal_.commit();
    told_(result, journal_.durable());
  }
}

}  // namespace twin::record
