#include "twins/fab/decide/long_run.hpp"

#include <algorithm>

#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twins/fab/ahead.hpp"
#include "twins/fab/decide/lot_sums.hpp"
#include "twins/fab/decide/rank_anew.hpp"
#include "twins/fab/rules/policy_text.hpp"

namespace twins::fab::decide {
namespace {

Outcome of_those_that_left(const Layout& m, const State& before, const State& after) {
  LotSums sums(m, m.streams.empty() ? 0 : m.streams.front().priority);
  sums.left(before, after);
  for (const Lot& lot : after.lots)
    if (lot.place != LotPlace::Free && lot.place != LotPlace::Finished && lot.due < after.now)
      sums.inside(lot, static_cast<double>(after.now - lot.due));
  Outcome o;
  sums.into(o);
  o.wip = after.wip;
  return o;
}

}  // namespace

std::vector<std::vector<Outcome>> long_runs(const std::shared_ptr<const Layout>& layout,
                                            const State& x,
                                            std::span<const calibrate::Posterior> posterior,
                                            std::span<const std::string> rules,
                                            const LongRunsAsked& asked) {
  TWIN_EXPECT(x.now <= asked.now, x.now, asked.now);
  TWIN_EXPECT(asked.members > 0 && asked.threads > 0, asked.members, asked.threads);
  TWIN_EXPECT(0.0 <= asked.settle_days && asked.settle_days < asked.days, asked.settle_days,
              asked.days);
  const std::vector<calibrate::Posterior> believed(posterior.begin(), posterior.end());
  const auto standing = make_fab(layout, asked.standing);
  std::vector<std::unique_ptr<AnyFab>> fabs;
  for (const std::string& rule : rules) fabs.push_back(make_fab(layout, rule));
  const auto after = [&](double days) { return asked.now + static_cast<Tick>(days * DayMs); };
  std::vector<std::vector<Outcome>> outcomes(rules.size(), std::vector<Outcome>(asked.members));
  twin::core::for_each_member(rules.size() * asked.members, asked.threads, [&](std::size_t i) {
    const std::size_t rule = i / asked.members, member = i % asked.members;
    const twin::core::Draw draw{asked.seed, static_cast<std::uint32_t>(member)};
    const std::vector<double> theta =
        believed.empty() ? layout->nominal_theta() : calibrate::draw_theta(*layout, believed, draw);
    State fab = with_future(*standing, x, theta, draw);
    rank_anew(*standing, fab);
    standing->advance(fab, theta, asked.now, draw);
    if (rules[rule] != asked.standing) rank_anew(*fabs[rule], fab);
    fabs[rule]->advance(fab, theta, after(asked.settle_days), draw);
    const State settled = fab;
    fabs[rule]->advance(fab, theta, after(asked.days), draw);
    outcomes[rule][member] = of_those_that_left(*layout, settled, fab);
  });
  return outcomes;
}

std::vector<std::optional<Stay>> stays_of(const std::shared_ptr<const Layout>& layout,
                                          const State& x,
                                          std::span<const calibrate::Posterior> posterior,
                                          std::span<const Alternative> menu,
                                          const AdviceAsked& advice, const LongRunsAsked& asked) {
  TWIN_EXPECT(advice.cycle_reference < menu.size(), advice.cycle_reference, menu.size());
  std::vector<std::string> rules = {asked.standing};
  std::vector<std::size_t> rule_of(menu.size(), menu.size());  // the size: none that stays
  for (std::size_t a = 0; a < menu.size(); ++a) {
    const std::string& rule = menu[a].rule.empty() ? asked.standing : menu[a].rule;
    if (!menu[a].acts.empty() || (rule != asked.standing && rule != without_plan(rule))) continue;
    const auto at = std::ranges::find(rules, rule);
    rule_of[a] = static_cast<std::size_t>(at - rules.begin());
    if (at == rules.end()) rules.push_back(rule);
  }
  const std::size_t reference = rule_of[advice.cycle_reference];
  TWIN_EXPECT(reference < rules.size(), advice.cycle_reference);
  std::vector<std::optional<Stay>> stays(menu.size());
  if (rules.size() < 2) return stays;
  const auto runs = long_runs(layout, x, posterior, rules, asked);
  for (std::size_t a = 0; a < menu.size(); ++a) {
    if (rule_of[a] >= rules.size()) continue;
    stays[a] =
        stay_of(advice.objective, runs[0], runs[rule_of[a]], runs[reference], advice.confidence);
  }
  return stays;
}

}  // namespace twins::fab::decide
