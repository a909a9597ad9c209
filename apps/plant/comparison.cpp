#include "apps/plant/comparison.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "apps/plant/arrival.hpp"

namespace apps::plant {

using namespace twins::fab;
namespace mirror = twins::fab::live;

View in_plant_numbers(View view, const mirror::Dialect& dialect) {
  const auto number = [&](std::uint32_t& lot) {
    if (lot >= dialect.lots.size()) return;
    if (const auto own = lot_number(dialect.lots[lot])) lot = *own;
  };
  for (GroupView& group : view.groups)
    for (Waiting& waiting : group.queue) number(waiting.lot);
  for (ToolView& tool : view.tools)
    for (JobView& job : tool.jobs)
      for (std::uint32_t& lot : job.lots) number(lot);
  for (LotView& lot : view.lots) number(lot.id);
  std::sort(view.lots.begin(), view.lots.end(),
            [](const LotView& a, const LotView& b) { return a.id < b.id; });
  return view;
}

namespace {

// Without times (clocks differ) and without what is in flight.
View comparable(View v, const std::set<std::uint32_t>& lots, const std::set<std::uint32_t>& tools) {
  v.wip = 0;
  for (LotView& lot : v.lots) lot.since = lot.window_from = lot.release = lot.due = 0;
  std::erase_if(v.lots, [&](const LotView& l) { return lots.count(l.id) != 0; });
  for (GroupView& group : v.groups)
    std::erase_if(group.queue, [&](const Waiting& w) { return lots.count(w.lot) != 0; });
  for (std::uint32_t t = 0; t < v.tools.size(); ++t) {
    if (tools.count(t) != 0) v.tools[t] = {};
    for (JobView& job : v.tools[t].jobs) job.start = 0;
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

}  // namespace

Audit Comparison::audit(const State& x, const mirror::Dialect& dialect,
                        const Instant& instant) const {
  Audit a{.at = instant.at};
  View mine = in_plant_numbers(observe(layout_, x), dialect);
  View truth = instant.truth;
  if (demand_ == Demand::ApartFromClocks) set_apart(a, mine, truth, instant);
  // Equals in a queue go by the lots' numbers, and those are given as names are first heard.
  std::map<std::uint32_t, LotView> true_lots;
  for (const LotView& lot : instant.truth.lots) true_lots.emplace(lot.id, lot);
  settle_ties(mine, true_lots, tolerance_);
  settle_ties(truth, true_lots, tolerance_);
  count(a, mine, truth);
  return a;
}

// Takes what is in flight, and what depends on clocks, out of both.
void Comparison::set_apart(Audit& a, View& mine, View& truth, const Instant& instant) const {
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
  a.tools_out = tools.size();
  mine = comparable(std::move(mine), lots, tools);
  truth = comparable(std::move(truth), lots, tools);
}

void Comparison::count(Audit& a, const View& mine, const View& truth) const {
  a.lots = truth.lots.size();
  a.tools = truth.tools.size() - a.tools_out;
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
}

}  // namespace apps::plant
