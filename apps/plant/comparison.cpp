#include "apps/plant/comparison.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "apps/plant/arrival.hpp"
#include "twins/fab/event_names.hpp"

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

using Set = std::set<std::uint32_t>;

View without(View v, const Set& lots, const Set& tools) {
  v.wip = 0;
  std::erase_if(v.lots, [&](const LotView& l) { return lots.count(l.id) != 0; });
  for (GroupView& group : v.groups)
    std::erase_if(group.queue, [&](const Waiting& w) { return lots.count(w.lot) != 0; });
  for (const std::uint32_t t : tools) v.tools[t] = {};
  return v;
}

// And what such a lot is in.
void add_tools_around(const Set& lots, const View& view, Set& tools) {
  for (std::uint32_t t = 0; t < view.tools.size(); ++t)
    for (const JobView& job : view.tools[t].jobs)
      for (const std::uint32_t lot : job.lots)
        if (lots.count(lot) != 0) tools.insert(t);
}

// Lots that stand one behind the other and are tied, by their numbers.
template <class Tied>
void settle_ties(View& v, const Tied& tied) {
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

// Of one instant; the lots in the plant's numbers.
struct Comparison::Belief {
  const Comparison& of;
  const mirror::Follower& follower;
  const mirror::Live& live;
  Set lots = {}, tools = {};  // doubted

  // [tick] of what a source of EventNames said around `at`
  [[nodiscard]] Tick clock_error(std::uint32_t source, Tick at) const {
    std::uint32_t ours = None;
    if (source < of.names_.size())
      for (const std::string& name : of.names_[source])
        if (ours == None) ours = live.dialect.source(name);
    return follower.clock_error(live, ours, at);
  }
};

Comparison::Comparison(const Layout& layout, Demand demand) : layout_(layout), demand_(demand) {
  names_.push_back({"mqtt/mes"});  // EventNames::Fab
  for (std::uint32_t t = 0; t < layout.tools(); ++t)
    names_.push_back({"secs/" + layout.tool_name(t),
                      "secs/" + layout.description.tool_groups[layout.tool_group[t]].name});
}

Audit Comparison::audit(mirror::Follower& follower, const mirror::Live& live,
                        const Instant& instant) const {
  Audit a{.at = instant.at};
  const mirror::Fold fold = follower.belief(live, instant.at);
  View mine = in_plant_numbers(observe(layout_, fold.x), live.dialect);
  View truth = instant.truth;
  if (demand_ != Demand::Everything) {
    mine = without_times(std::move(mine));
    truth = without_times(std::move(truth));
  }
  if (demand_ == Demand::Certain) {
    Belief belief{*this, follower, live};
    const mirror::Doubted doubted = follower.doubted(fold);
    belief.tools.insert(doubted.tools.begin(), doubted.tools.end());
    for (const std::uint32_t lot : doubted.lots) {
      const auto own = lot < live.dialect.lots.size() ? lot_number(live.dialect.lots[lot])
                                                      : std::optional<std::uint32_t>{};
      belief.lots.insert(own.value_or(lot));
    }
    set_apart(a, belief, mine, truth, instant);
  }
  count(a, mine, truth);
  return a;
}

// Takes out of both what the twin does not call certain.
void Comparison::set_apart(Audit& a, const Belief& belief, View& mine, View& truth,
                           const Instant& instant) const {
  Tick most = 0;
  for (std::uint32_t s = 0; s < names_.size(); ++s)
    most = std::max(most, belief.clock_error(s, instant.at));
  Set lots, tools;
  auto t = std::lower_bound(touched_.begin(), touched_.end(), instant.at - most,
                            [](const Touched& e, Tick at) { return e.at < at; });
  for (; t != touched_.end() && t->at <= instant.at + most; ++t) {
    if (std::abs(t->at - instant.at) > belief.clock_error(t->source, t->at)) continue;
    if (t->lot != None) lots.insert(t->lot);
    if (t->tool != None) tools.insert(t->tool);
  }
  a.in_flight = lots.size() + tools.size();
  const Set in_flight = lots;
  lots.insert(belief.lots.begin(), belief.lots.end());
  tools.insert(belief.tools.begin(), belief.tools.end());
  add_tools_around(lots, truth, tools);
  add_tools_around(lots, mine, tools);
  std::map<std::uint32_t, const LotView*> before;  // doubted alone
  for (const LotView& lot : mine.lots)
    if (lots.count(lot.id) != 0 && in_flight.count(lot.id) == 0) before[lot.id] = &lot;
  for (const LotView& lot : truth.lots) {
    if (lots.count(lot.id) == 0 || in_flight.count(lot.id) != 0) continue;
    const auto same = before.find(lot.id);
    a.doubted_lots_wrong += same == before.end() || !(*same->second == lot) ? 1U : 0U;
    if (same != before.end()) before.erase(same);
  }
  a.doubted_lots_wrong += before.size();
  a.doubted = lots.size() + tools.size() - a.in_flight;
  a.tools_out = tools.size();
  std::map<std::uint32_t, LotView> true_lots;
  for (const LotView& lot : instant.truth.lots) true_lots.emplace(lot.id, lot);
  const auto came = [&](const Waiting& w) {
    const auto at = true_lots.find(w.lot);
    return at == true_lots.end() ? nullptr : &at->second;
  };
  const auto tied = [&](const Waiting& w, const Waiting& v) {
    const LotView *x = came(w), *y = came(v);
    return x != nullptr && y != nullptr && w.line == v.line && x->priority == y->priority &&
           std::abs(x->since - y->since) <= belief.clock_error(EventNames::Fab, x->since) +
                                                belief.clock_error(EventNames::Fab, y->since);
  };
  mine = without(std::move(mine), lots, tools);
  truth = without(std::move(truth), lots, tools);
  settle_ties(mine, tied);
  settle_ties(truth, tied);
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
