#include "twins/fab/decide/menu.hpp"

#include <algorithm>
#include <utility>

#include "twins/fab/ahead.hpp"
#include "twins/fab/decide/policies.hpp"
#include "twins/fab/occasions.hpp"
#include "twins/fab/rules/rule.hpp"

namespace twins::fab::decide {

std::vector<std::uint32_t> waited_for(const Layout& m, const State& x) {
  std::vector<double> work(m.groups.size(), 0.0);
  for (const Lot& lot : x.lots)
    if (lot.place == LotPlace::Queued) {
      const StepInfo& step = m.steps[lot.step];
      // A batch takes its lots together, so each counts for its share.
      const double share =
          m.groups[step.group].batch && step.batch_max > 0
              ? static_cast<double>(lot.wafers) / static_cast<double>(step.batch_max)
              : 1.0;
      work[step.group] += process_ms(m, lot) * share;
    }
  std::vector<std::uint32_t> groups;
  for (std::uint32_t g = 0; g < m.groups.size(); ++g) {
    work[g] /= static_cast<double>(std::max(m.groups[g].tools, 1U));
    if (work[g] > 0.0) groups.push_back(g);
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return work[a] > work[b]; });
  return groups;
}

namespace {

struct Slack {
  double ms = 0.0;
  std::uint32_t id = None;
  std::int32_t priority = 0;
};

struct Making {
  const AnyFab& fab;
  const State& x;
  const Outlook& outlook;
  const MenuAsked& asked;
  const Layout& m = fab.layout();
  Tick shift = static_cast<Tick>(asked.shift_hours * HourMs);
  std::vector<bool> looked_at = std::vector<bool>(m.groups.size(), false);

  [[nodiscard]] std::vector<Slack> slacks() const;
  [[nodiscard]] Alternative of(Act act) const { return {text_of(m, act, x.now), "", {act}}; }
  [[nodiscard]] std::vector<Alternative> maintenances() const;
};

// Lots that wait at the bottlenecks, least slack first: due less what is still to come.
std::vector<Slack> Making::slacks() const {
  std::vector<Slack> lots;
  for (const Lot& lot : x.lots) {
    if (lot.place != LotPlace::Queued || !looked_at[m.steps[lot.step].group]) continue;
    const double slack = static_cast<double>(lot.due - x.now) - outlook.remaining_ms(m, lot);
    lots.push_back({slack, lot.id, lot.priority});
  }
  std::sort(lots.begin(), lots.end(), [](const Slack& a, const Slack& b) {
    return a.ms != b.ms ? a.ms < b.ms : a.id < b.id;
  });
  return lots;
}

std::vector<Alternative> Making::maintenances() const {
  const std::vector<double> theta = m.nominal_theta();
  const State ahead =
      with_future(fab, x, theta, {});  // calendars keep their marks whatever the luck
  std::vector<twin::des::Event> due;
  for (const twin::des::Event& e : ahead.agenda.sorted())
    if (e.kind == static_cast<std::uint16_t>(Happens::PmDue) && e.at <= x.now + 2 * shift &&
        looked_at[m.tool_group[e.who]])
      due.push_back(e);
  std::vector<Alternative> made;
  for (const twin::des::Event& e : due) {
    const bool waits = x.pms[e.who * m.max_pms + e.arg].asked != 0 || x.tools[e.who].pm == e.arg;
    if (waits) continue;
    made.push_back(of(ShiftPm{e.who, e.arg, x.now}));
    made.push_back(of(ShiftPm{e.who, e.arg, e.at + shift}));
  }
  return made;
}

}  // namespace

std::vector<Alternative> menu_of(const AnyFab& fab, const State& x, const Outlook& outlook,
                                 const MenuAsked& asked) {
  Making making{fab, x, outlook, asked};
  const std::vector<std::uint32_t> groups = waited_for(making.m, x);
  for (std::size_t i = 0; i < groups.size() && i < asked.bottlenecks; ++i)
    making.looked_at[groups[i]] = true;
  std::vector<Alternative> menu = {{"as it is: " + asked.standing, "", {}}};
  for (const std::string& rule : asked.rules)
    if (rule != asked.standing && menu.size() < asked.most)
      menu.push_back({"rule " + rule, rule, {}});
  for (Alternative& a : release_policies(fab, x, asked.standing, asked.releases))
    if (menu.size() < asked.most) menu.push_back(std::move(a));
  const std::span<const std::uint32_t> bottlenecks(
      groups.data(), std::min<std::size_t>(groups.size(), asked.bottlenecks));
  for (Alternative& a :
       qualification_policies(fab, x, {asked.standing, asked.qualifications, bottlenecks}))
    if (menu.size() < asked.most) menu.push_back(std::move(a));
  const std::vector<Slack> lots = making.slacks();
  const std::vector<Alternative> maintenances = making.maintenances();
  std::int32_t highest = lots.empty() ? 0 : lots.front().priority, lowest = highest;
  for (const Slack& lot : lots) {
    highest = std::max(highest, lot.priority);
    lowest = std::min(lowest, lot.priority);
  }
  const Tick until = x.now + making.shift;
  std::size_t front = 0, back = lots.size(), pm = 0;
  while (menu.size() < asked.most && (front < back || pm < maintenances.size())) {
    if (front < back) {
      menu.push_back(making.of(SetPriority{lots[front].id, highest + 1, until}));
      ++front;
    }
    if (menu.size() < asked.most && front < back) {
      --back;
      menu.push_back(making.of(SetPriority{lots[back].id, lowest - 1, until}));
    }
    if (menu.size() < asked.most && pm < maintenances.size()) menu.push_back(maintenances[pm++]);
  }
  return menu;
}

}  // namespace twins::fab::decide
