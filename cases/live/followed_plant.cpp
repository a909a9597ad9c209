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

using apps::plant::Delivery;
using apps::plant::Fault;
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

struct Instant {  // awaits its audit
  Tick at = 0;
  View truth = {};
};

// By the plant's numbers, without times (clocks differ) and without what is in flight.
View comparable(View v, const mirror::Dialect* dialect, const std::set<std::uint32_t>& lots,
                const std::set<std::uint32_t>& tools) {
  const auto number = [&](std::uint32_t ours) -> std::uint32_t {
    if (dialect == nullptr) return ours;
    return apps::plant::lot_number(dialect->lots[ours]).value_or(None);
  };
  v.wip = 0;
  for (LotView& lot : v.lots) {
    lot.id = number(lot.id);
    lot.since = lot.window_from = lot.release = lot.due = 0;
  }
  std::erase_if(v.lots, [&](const LotView& l) { return lots.count(l.id) != 0; });
  std::sort(v.lots.begin(), v.lots.end(),
            [](const LotView& a, const LotView& b) { return a.id < b.id; });
  for (GroupView& group : v.groups) {
    for (Waiting& w : group.queue) w.lot = number(w.lot);
    std::erase_if(group.queue, [&](const Waiting& w) { return lots.count(w.lot) != 0; });
  }
  for (std::uint32_t t = 0; t < v.tools.size(); ++t) {
    if (tools.count(t) != 0) v.tools[t] = {};
    for (JobView& job : v.tools[t].jobs) {
      job.start = 0;
      for (std::uint32_t& lot : job.lots) lot = number(lot);
    }
    // In which slot a job stands depends on what was a moment earlier.
    std::sort(v.tools[t].jobs.begin(), v.tools[t].jobs.end(),
              [](const JobView& a, const JobView& b) { return a.lots < b.lots; });
  }
  return v;
}

// The order of lots that came to a queue within `tolerance` of each other, by truth, is in flight.
void settle_ties(View& v, const std::map<std::uint32_t, LotView>& truth, Tick tolerance) {
  const auto tied = [&](const Waiting& a, const Waiting& b) {
    const auto x = truth.find(a.lot), y = truth.find(b.lot);
    return x != truth.end() && y != truth.end() && a.line == b.line &&
           x->second.priority == y->second.priority &&
           (x->second.due == y->second.due ||
            std::abs(x->second.since - y->second.since) <= tolerance);
  };
  for (GroupView& group : v.groups) {
    auto from = group.queue.begin();
    while (from != group.queue.end()) {
      auto to = std::next(from);
      while (to != group.queue.end() && tied(*std::prev(to), *to)) ++to;
      std::sort(from, to, [](const Waiting& a, const Waiting& b) { return a.lot < b.lot; });
      from = to;
    }
  }
}

class Comparison {
 public:
  Comparison(const Layout& layout, Tick tolerance) : layout_(layout), tolerance_(tolerance) {}

  // From then on what it names is as the plant's lie has it.
  void lied(const Event& e) { lies_.push_back({e.at, e.lot, e.tool}); }
  void happened(const Event& e) { touched_.push_back({e.at, e.lot, e.tool}); }

  Audit audit(mirror::Follower& follower, mirror::Live& live, const Instant& instant) {
    Audit a{.at = instant.at};
    std::set<std::uint32_t> lots, tools;
    auto t = std::lower_bound(touched_.begin(), touched_.end(), instant.at - tolerance_,
                              [](const Touched& e, Tick at) { return e.at < at; });
    for (; t != touched_.end() && t->at <= instant.at + tolerance_; ++t) {
      if (t->lot != None) lots.insert(t->lot);
      if (t->tool != None) tools.insert(t->tool);
    }
    a.in_flight = lots.size() + tools.size();
    for (const Touched& lie : lies_) {
      if (lie.at > instant.at + tolerance_) continue;
      if (lie.lot != None) lots.insert(lie.lot);
      if (lie.tool != None) tools.insert(lie.tool);
    }
    for (std::uint32_t k = 0; k < instant.truth.tools.size(); ++k)  // and what such a lot is in
      for (const JobView& job : instant.truth.tools[k].jobs)
        for (const std::uint32_t lot : job.lots)
          if (lots.count(lot) != 0) tools.insert(k);
    a.lied = lots.size() + tools.size() - a.in_flight;
    follower.settle(live);
    const State x = follower.belief(live, instant.at).x;
    View mine = comparable(observe(layout_, x), &live.dialect, lots, tools);
    View truth = comparable(instant.truth, nullptr, lots, tools);
    std::map<std::uint32_t, LotView> true_lots;
    for (const LotView& lot : instant.truth.lots) true_lots.emplace(lot.id, lot);
    settle_ties(mine, true_lots, tolerance_);
    settle_ties(truth, true_lots, tolerance_);
    a.lots = truth.lots.size();
    a.tools = truth.tools.size() - tools.size();
    a.first = first_difference(layout_, mine, truth);
    std::size_t k = 0;
    for (const LotView& lot : truth.lots) {
      while (k < mine.lots.size() && mine.lots[k].id < lot.id) ++k, ++a.lots_wrong;
      const bool there = k < mine.lots.size() && mine.lots[k].id == lot.id;
      a.lots_wrong += there && mine.lots[k] == lot ? 0U : 1U;
      k += there ? 1U : 0U;
    }
    a.lots_wrong += mine.lots.size() - k;
    for (std::size_t tool = 0; tool < truth.tools.size(); ++tool)
      a.tools_wrong += mine.tools[tool] == truth.tools[tool] ? 0U : 1U;
    for (std::size_t g = 0; g < truth.groups.size(); ++g)
      a.queues_wrong += mine.groups[g] == truth.groups[g] ? 0U : 1U;
    return a;
  }

 private:
  struct Touched {
    Tick at = 0;
    std::uint32_t lot = None, tool = None;
  };
  const Layout& layout_;
  Tick tolerance_;
  std::vector<Touched> touched_, lies_;
};

}  // namespace

Followed follow_plant(const std::shared_ptr<const Layout>& layout, const PlantOptions& options) {
  Followed out;
  const std::int64_t zero = options.site.time_zero_ms;
  mirror::FollowOptions follow = options.follow;
  follow.time_zero_ms = zero;
  const auto fab = make_fab(layout, options.site.fab.rule);
  mirror::Follower follower(*fab, follow);
  out.live = follower.start();
  Comparison comparison(*layout, options.tolerance);
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
    if (m.told == apps::plant::Told::True) return;
    untrue.emplace(m.source, m.epoch, m.seq);
    comparison.lied(m.event);
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
  const auto audit = [&] {
    while (!waiting.empty() && site.wire().settled() > waiting.front().at + options.tolerance) {
      if (site.now() <= waiting.front().at + options.tolerance) break;
      out.audits.push_back(comparison.audit(follower, out.live, waiting.front()));
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
    if (instant.at >= out.live.rungs.front().until)
      out.afterwards.push_back(comparison.audit(follower, out.live, instant));
  out.accepted = door.counts().accepted;
  out.duplicates = door.counts().duplicates;
  out.quarantined = door.counts().quarantined;
  for (const mirror::Hearing& h : out.live.sources) out.missing += h.missing();
  return out;
}

}  // namespace cases::live
