#include "apps/plant/site.hpp"

#include <algorithm>
#include <utility>

#include "twin/core/archive.hpp"
#include "twin/core/expect.hpp"

namespace apps::plant {

namespace {

constexpr Tick Stride = 10 * 60'000;  // [tick] the fab runs ahead of the wire by that at most

struct SavedSite {
  std::vector<std::byte> fab;
  std::vector<Sources::Counter> counters;
  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("fab", self.fab);
    a("counters", self.counters);
  }
};

}  // namespace

Site::Site(const std::shared_ptr<const twins::fab::Layout>& layout, const SiteOptions& options,
           Watch watch)
    : options_(options),
      watch_(std::move(watch)),
      fab_(layout, options.fab),
      sources_(fab_.layout(),
               {.links = options.links,
                .time_zero_ms = options.time_zero_ms,
                .seed = options.fab.seed,
                .faults = options.faults},
               watch_.fault),
      wire_(sources_.size(),
            {.seed = options.fab.seed,
             .faults = options.faults,
             .window = options.window,
             .retry_ms = options.retry_ms,
             .spool_max = options.spool_max},
            watch_.fault) {
  take_ = [this](std::span<const twin::event::Event> events) {
    for (const twin::event::Event& event : events) {
      if (watch_.event) watch_.event(event);
      messages_.clear();
      sources_.tell(event, messages_);
      for (Message& m : messages_) {
        if (watch_.message) watch_.message(m);
        wire_.offer(std::move(m));
      }
    }
  };
}

// An audit is of an instant that is over: it is made when the fab is about to leave it.
void Site::run_until(Tick until, const Wire::Receive& receive) {
  TWIN_EXPECT(until >= now() && now() == fab_.now(), until, now(), fab_.now());
  while (now() < until) {
    const Tick from = fab_.now();
    Tick next = std::min(from + Stride, until);
    if (options_.audit_every > 0) {
      if (from > 0 && from % options_.audit_every == 0 && watch_.audit) watch_.audit(fab_);
      next = std::min(next, (from / options_.audit_every + 1) * options_.audit_every);
    }
    fab_.advance(next, take_);
    wire_.run_until(next, receive);
  }
}

bool Site::settle(Tick at_most, const Wire::Receive& receive) {
  while (wire_.waiting() != 0 && wire_.now() < at_most)
    wire_.run_until(std::min(wire_.now() + options_.retry_ms, at_most), receive);
  return wire_.waiting() == 0;
}

Obeyed Site::obey(const Command& command) {
  const Obeyed obeyed = fab_.obey(command);
  fab_.advance(fab_.now(), take_);
  return obeyed;
}

std::vector<std::byte> Site::save() const {
  return twin::core::save(SavedSite{fab_.save(), sources_.counters()});
}

void Site::load(std::span<const std::byte> bytes) {
  TWIN_EXPECT(now() == 0, now());
  auto saved = twin::core::load<SavedSite>(bytes);
  fab_.load(saved.fab);
  sources_.take_up(std::move(saved.counters));
  wire_.run_until(fab_.now(), [](const Delivery&) {});  // its cuts up to now
}

}  // namespace apps::plant
