// See the header.
#include "twin/people/throttle.hpp"

#include <algorithm>

namespace twin::people {
namespace {

constexpr core::Tick SweepMs = 100;

}  // namespace

core::Tick Buckets::debt(const Used& used, core::Tick now) const {
  const core::Tick passed =
      std::max<core::Tick>(0, now - used.at);  // a clock set back gives nothing
  return std::max<core::Tick>(0, used.debt - passed);
}

core::Tick Buckets::debt_of(std::string_view key, core::Tick now) const {
  const auto at = used_.find(key);
  if (at != used_.end()) return debt(at->second, now);
  const bool shares = used_.size() >= keys_max_ && crowd_ == Crowd::Shares;
  return shares ? debt(others_, now) : 0;
}

bool Buckets::has(std::string_view key, core::Tick now) const { return wait(key, now) == 0; }

core::Tick Buckets::wait(std::string_view key, core::Tick now) const {
  const core::Tick most = pace_.every_ms * (static_cast<core::Tick>(pace_.burst) - 1);
  return std::max<core::Tick>(0, debt_of(key, now) - most);
}

bool Buckets::take(std::string_view key, core::Tick now) {
  if (!has(key, now)) return false;
  auto at = used_.find(key);
  // Not at every call: a crowd that comes from ever new addresses must not make each of them dear.
  const bool due = !swept_ || now < *swept_ || now - *swept_ >= SweepMs;
  if (at == used_.end() && used_.size() >= keys_max_ && due) {
    swept_ = now;
    std::erase_if(used_, [&](const auto& one) { return debt(one.second, now) == 0; });
  }
  if (at == used_.end() && used_.size() < keys_max_) {
    at = used_.emplace(std::string(key), Used{.debt = debt_of(key, now), .at = now}).first;
    at->second.debt = 0;
  }
  if (at == used_.end() && crowd_ == Crowd::Passes) return true;
  Used& used = at == used_.end() ? others_ : at->second;
  used = {.debt = debt(used, now) + pace_.every_ms, .at = std::max(now, used.at)};
  return true;
}

}  // namespace twin::people
