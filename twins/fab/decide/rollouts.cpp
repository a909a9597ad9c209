#include "twins/fab/decide/rollouts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twins/fab/ahead.hpp"
#include "twins/fab/decide/lot_sums.hpp"
#include "twins/fab/decide/rank_anew.hpp"
#include "twins/fab/engine/engine.hpp"
#include "twins/fab/invariants.hpp"

namespace twins::fab::decide {

namespace {

// [slot] how long a lot that waits outside is still to wait there [ms]: those of its product enter in turn, as often as
// their streams start one. A control that lets in fewer for good has no long run.
std::vector<double> waits_outside(const Layout& m, const State& x) {
  std::vector<double> waits(x.lots.size(), 0.0);
  const std::vector<std::uint32_t> slots = waiting_outside(x);
  if (slots.empty()) return waits;
  std::vector<double> rate(m.description.products.size(), 0.0);  // [lots/ms]
  for (std::size_t s = 0; s < m.streams.size(); ++s)
    if (m.streams[s].interval_ms > 0.0 && x.releases[s] < m.streams[s].count)
      rate[m.streams[s].product] += m.streams[s].lots_per_release / m.streams[s].interval_ms;
  std::vector<double> ahead(rate.size(), 0.0);  // [product] [lots]
  for (const std::uint32_t slot : slots) {
    const std::uint32_t product = m.classes[x.lots[slot].lot_class].product;
    ahead[product] += 1.0;
    if (rate[product] > 0.0) waits[slot] = ahead[product] / rate[product];
  }
  return waits;
}

// Queue-time windows that are open and over their limit.
double overdue_windows(const Layout& m, const State& x) {
  double windows = 0.0;
  for (const Lot& lot : x.lots)
    if (lot.place != LotPlace::Free && lot.place != LotPlace::Finished && lot.window_open &&
        x.now - lot.window_from > m.steps[lot.window_step].window_limit)
      windows += 1.0;
  return windows;
}

}  // namespace

Outcome outcome_of(const Layout& m, const Outlook& outlook, const State& before,
                   const State& after) {
  LotSums sums(m, outlook.paces.empty() ? 0 : outlook.paces.front().priority);
  sums.left(before, after);
  Outcome o;
  const std::vector<double> waits = waits_outside(m, after);
  for (std::size_t slot = 0; slot < after.lots.size(); ++slot) {
    const Lot& lot = after.lots[slot];
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
    o.outside += lot.place == LotPlace::Outside ? 1.0 : 0.0;
    sums.inside(lot, outlook.tardy_ms(m, lot, after.now + to_ticks(waits[slot])));
    sums.cycle(static_cast<double>(after.now - lot.release) + waits[slot] +
               outlook.remaining_ms(m, lot));
  }
  sums.into(o);
  o.wip = after.wip - o.outside;
  o.windows = o.late_windows = overdue_windows(m, after) - overdue_windows(m, before);
  for (std::size_t w = 0; w < after.window_tally.size(); ++w) {
    const WindowTally &a = before.window_tally[w], &b = after.window_tally[w];
    o.violations += static_cast<double>(b.violated - a.violated);
    o.late_windows += static_cast<double>(b.violated - a.violated);
    o.windows += static_cast<double>(b.closed - a.closed);
  }
  return o;
}

Rollouts::Rollouts(std::shared_ptr<const Layout> layout, State x,
                   std::vector<calibrate::Posterior> posterior, std::vector<Alternative> menu,
                   RolloutsAsked asked)
    : layout_(std::move(layout)),
      x_(std::move(x)),
      posterior_(std::move(posterior)),
      menu_(std::move(menu)),
      asked_(std::move(asked)),
      outcomes_(menu_.size()) {
  TWIN_EXPECT(x_.now <= asked_.now, x_.now, asked_.now);
  TWIN_EXPECT(asked_.horizon_hours > 0.0 && !asked_.outlook.paces.empty(), asked_.horizon_hours);
  if (menu_.empty())
    throw twin::core::Error("a menu without alternatives (what is to be decided?)");
  std::map<std::string, std::size_t> known;
  std::set<std::string> names;
  const auto fab_of = [&](const std::string& rule) {
    const auto [at, fresh] = known.try_emplace(rule, fabs_.size());
    if (fresh) fabs_.push_back(make_fab(layout_, rule));
    return at->second;
  };
  fab_of(asked_.standing);
  for (const Act& act : asked_.anyway)
    if (const auto why = why_not(*layout_, x_, act))
      throw twin::core::Error(fmt::format("what is done anyway: {}", *why));
  for (const Alternative& a : menu_) {
    if (!names.insert(a.name).second)
      throw twin::core::Error(
          fmt::format("alternative '{}' (the menu has two of this name)", a.name));
    const std::string& rule = a.rule.empty() ? asked_.standing : a.rule;
    try {
      fab_of_.push_back(fab_of(rule));
      if (with_rule(layout_->options, rule).setup_lines && !layout_->options.setup_lines)
        throw twin::core::Error(fmt::format(
            "rule '{}' (needs queue lines by setup, and this fab was set up without)", rule));
    } catch (const twin::core::Error& e) {
      throw twin::core::Error(fmt::format("alternative '{}': {}", a.name, e.what()));
    }
    for (const Act& act : a.acts)
      if (const auto why = why_not(*layout_, x_, act))
        throw twin::core::Error(fmt::format("alternative '{}': {}", a.name, *why));
  }
}

Rollouts::Start Rollouts::start_of(std::uint64_t member) const {
  Start start{{asked_.seed, static_cast<std::uint32_t>(member)}, {}, {}};
  start.theta = posterior_.empty() ? layout_->nominal_theta()
                                   : calibrate::draw_theta(*layout_, posterior_, start.draw);
  start.x = with_future(*fabs_[0], x_, start.theta, start.draw);
  rank_anew(*fabs_[0], start.x);  // the mirror may rank its queues by another rule
  fabs_[0]->advance(start.x, start.theta, asked_.now, start.draw);
  return start;
}

void Rollouts::one(std::size_t alternative, const Start& start, State& room) const {
  const AnyFab& fab = *fabs_[fab_of_[alternative]];
  room = start.x;
  if (fab_of_[alternative] != 0) rank_anew(fab, room);
  Doing doing(fab, room, start.theta, start.draw);
  doing.begin(asked_.anyway);
  doing.begin(menu_[alternative].acts);
  const Tick end = asked_.now + static_cast<Tick>(asked_.horizon_hours * HourMs);
  while (doing.next() < end) {
    fab.advance(room, start.theta, doing.next(), start.draw);
    doing.at();
  }
  fab.advance(room, start.theta, end, start.draw);
}

std::vector<std::string> Rollouts::broken(std::size_t alternative, std::uint32_t member) const {
  State room;
  one(alternative, start_of(member), room);
  return check_state(*layout_, room);
}

Rollouts Rollouts::again(std::span<const std::size_t> alternatives, std::uint64_t seed,
                         bool nominal) const {
  RolloutsAsked asked = asked_;
  asked.seed = seed;
  return {layout_, x_, nominal ? std::vector<calibrate::Posterior>{} : posterior_,
          some(alternatives), std::move(asked)};
}

Rollouts Rollouts::over(std::span<const std::size_t> alternatives, double horizon_hours) const {
  RolloutsAsked asked = asked_;
  asked.horizon_hours = horizon_hours;
  return {layout_, x_, posterior_, some(alternatives), std::move(asked)};
}

Rollouts Rollouts::changed(std::span<const std::size_t> alternatives, Change change) const {
  RolloutsAsked asked = asked_;
  asked.anyway = std::move(change.anyway);
  State x = x_;
  for (Lot& lot : x.lots)
    if (lot.place != LotPlace::Free) lot.due += change.later_due;
  return {layout_, std::move(x), posterior_, some(alternatives), std::move(asked)};
}

std::vector<Alternative> Rollouts::some(std::span<const std::size_t> alternatives) const {
  std::vector<Alternative> menu;
  for (const std::size_t a : alternatives) menu.push_back(menu_[a]);
  return menu;
}

void Rollouts::run(std::span<const twin::decide::Runs> wanted, unsigned threads) {
  TWIN_EXPECT(threads > 0, threads);
  std::map<std::uint64_t, std::vector<std::size_t>> by_member;  // its alternatives
  for (const twin::decide::Runs& runs : wanted) {
    auto& have = outcomes_[runs.alternative];
    const std::uint64_t end = runs.first + runs.count;
    TWIN_EXPECT(runs.first <= have.size(), runs.first, have.size());
    for (std::uint64_t r = have.size(); r < end; ++r) by_member[r].push_back(runs.alternative);
    spent_ += end > have.size() ? end - have.size() : 0;
    have.resize(std::max<std::size_t>(have.size(), end));
  }
  std::vector<std::pair<std::uint64_t, std::vector<std::size_t>>> members(by_member.begin(),
                                                                          by_member.end());
  // A batch costs more than one run, so a few members with many alternatives are split among the threads.
  struct Part {
    std::uint64_t member;
    std::span<const std::size_t> alternatives;
  };
  std::vector<Part> parts;
  const std::size_t splits =
      std::max<std::size_t>(1, 4 * threads / std::max<std::size_t>(members.size(), 1));
  for (const auto& [member, alternatives] : members) {
    const std::span<const std::size_t> all(alternatives);
    const std::size_t size = (all.size() + splits - 1) / splits;
    for (std::size_t i = 0; i < all.size(); i += size)
      parts.push_back({member, all.subspan(i, std::min(size, all.size() - i))});
  }
  twin::core::for_each_member(parts.size(), threads, [&](std::size_t p) {
    const Start start = start_of(parts[p].member);
    State room;
    for (const std::size_t alternative : parts[p].alternatives) {
      one(alternative, start, room);
      outcomes_[alternative][parts[p].member] = outcome_of(*layout_, asked_.outlook, start.x, room);
    }
  });
}

}  // namespace twins::fab::decide
