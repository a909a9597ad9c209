#include "cases/live/followed_plant.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "apps/plant/arrival.hpp"
#include "twin/link/door.hpp"
#include "twin/record/recorder.hpp"
#include "twins/fab/view.hpp"

namespace cases::live {

using apps::plant::Comparison;
using apps::plant::Delivery;
using apps::plant::Fault;
using apps::plant::Instant;
using twin::event::Event;
using namespace twins::fab;
namespace mirror = twins::fab::live;

namespace {

// A record that keeps nothing but what it was given: each entry goes to the mirror.
class ToMirror final : public twin::record::Recorder {
 public:
  ToMirror(mirror::Follower& follower, mirror::Live& live) : follower_(follower), live_(live) {}
  twin::record::Receipt append(const twin::core::Entry& entry) override {
    using Outcome = twin::record::Receipt::Outcome;
    if (const auto* o = std::get_if<twin::core::Observation>(&entry))
      if (!seen_.insert({.sensor = o->sensor, .epoch = o->epoch}, o->sensor_seq))
        return {.outcome = Outcome::Duplicate, .index = entries_ - 1};
    const auto* o = std::get_if<twin::core::Observation>(&entry);
    const auto* note = std::get_if<twin::core::Note>(&entry);
    if ((o != nullptr && o->event.empty()) || (note != nullptr && note->kind == "quarantine"))
      set_aside_.emplace(entries_, entry);
    follower_.absorb(live_, entry);
    return {.outcome = Outcome::Appended, .index = entries_++};
  }
  [[nodiscard]] std::optional<twin::core::Entry> entry(std::uint64_t index) const {
    const auto at = set_aside_.find(index);
    return at == set_aside_.end() ? std::nullopt : std::optional(at->second);
  }
  [[nodiscard]] std::uint64_t size() const override { return entries_; }
  [[nodiscard]] std::uint64_t durable() const override { return entries_; }

 private:
  mirror::Follower& follower_;
  mirror::Live& live_;
  twin::record::Sequences seen_;
  std::map<std::uint64_t, twin::core::Entry> set_aside_;  // [index]
  std::uint64_t entries_ = 0;
};

}  // namespace

apps::plant::Faults faults_of_the_wire(std::string_view level) {
  apps::plant::Faults faults = apps::plant::faults_of_level(level);
  faults.skew_ms = faults.drift_ppm = faults.clock_steps_per_month = 0.0;
  faults.lies = faults.ghosts = 0.0;
  return faults;
}

Followed follow_plant(const std::shared_ptr<const Layout>& layout, const PlantOptions& options) {
  Followed out;
  const std::int64_t zero = options.site.time_zero_ms;
  mirror::FollowOptions follow = options.follow;
  follow.time_zero_ms = zero;
  const auto fab = make_fab(layout, options.site.fab.rule);
  mirror::Follower follower(*fab, follow);
  out.live = follower.start();
  Comparison comparison(*layout, options.demand);
  std::deque<Instant> waiting;
  std::vector<Instant> over;
  apps::plant::Site::Watch watch;
  watch.event = [&](const Event& e) {
    ++out.events;
    comparison.happened(e);
  };
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>> untrue;
  watch.message = [&](const apps::plant::Message& m) {
    ++out.messages;
    if (m.told != apps::plant::Told::True) untrue.emplace(m.source, m.epoch, m.seq);
  };
  watch.fault = [&](const Fault& f) {
    out.lies += f.kind == Fault::Kind::Lied;
    out.ghosts += f.kind == Fault::Kind::Ghosted;
  };
  watch.audit = [&](const apps::plant::Fab& plant) {
    waiting.push_back({plant.now(), plant.view()});
  };
  apps::plant::Site site(layout, options.site, watch);
  ToMirror recorder(follower, out.live);
  twin::link::DoorOptions door_options;
  door_options.quality.site_zero_ms = zero - 86'400'000;  // clocks may be wrong
  twin::link::Door door(recorder, door_options);
  apps::plant::Arrivals arrivals(site.sources(), site.fab().names());
  const auto receive = [&](const Delivery& d) {
    ++out.deliveries;
    if (d.corrupt) return;  // a parser's refusal; it is sent again
    door.take(arrivals.arrival(*d.message, d.at), arrivals.names(), [&](twin::link::Taken taken) {
      if (taken != twin::link::Taken::Refused) site.wire().acknowledge(d.ticket, d.at);
    });
    door.on_durable(recorder.durable());
  };
  const auto look = [&](const Instant& instant) {
    follower.settle(out.live);
    return comparison.audit(follower, out.live, instant);
  };
  const auto audit = [&] {
    const Tick ahead = follower.options().patience;  // so far the mirror looks
    while (!waiting.empty() && site.wire().settled() > waiting.front().at + ahead) {
      if (site.now() <= waiting.front().at + ahead) break;
      out.audits.push_back(look(waiting.front()));
      out.audits.back().behind = site.now() - waiting.front().at;
      over.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
  };
  constexpr Tick Minute = 60'000, AskEvery = 10 * Minute;
  const auto ask = [&](Tick at) {  // as a host asks its equipment for the time (S2F17)
    for (std::uint32_t s = 0; s < site.sources().size(); ++s)
      if (site.wire().up(s))
        door.clock_answer(site.sources().name(s), {.asked = at + zero,
                                                   .answered = at + zero + 40,
                                                   .clock = site.sources().clock(s, at + 20)});
  };
  ask(0);
  for (Tick at = Minute; at <= options.length; at += Minute) {
    site.run_until(at, receive);
    door.pass(at + zero);
    if (at % AskEvery == 0) ask(at);
    audit();
  }
  out.all_in = site.settle(2 * options.length, receive);
  audit();
  follower.settle(out.live);
  const auto numbers = [&] {  // source names -> the plant's numbers
    std::map<std::string, std::uint32_t> of;
    for (std::uint32_t s = 0; s < site.sources().size(); ++s) of[site.sources().name(s)] = s;
    return of;
  }();
  const auto set_aside = door.quarantine();
  for (const auto& q : set_aside) {
    if (!q.observation || untrue.count({numbers.at(q.source), q.epoch, q.seq}) != 0) continue;
    const auto made = door.release({*q.observation, "auditor", "was so", zero + site.now()},
                                   [&](std::uint64_t index) { return recorder.entry(index); });
    out.released += made == twin::link::Release::Made;
  }
  follower.settle(out.live);
  for (const Instant& instant : over)
    if (instant.at >= out.live.rungs.front().until) out.afterwards.push_back(look(instant));
  out.accepted = door.counts().accepted;
  out.duplicates = door.counts().duplicates;
  out.quarantined = door.counts().quarantined;
  for (const mirror::Hearing& h : out.live.sources) out.missing += h.missing();
  return out;
}

}  // namespace cases::live
