#include "twins/fab/generator/sizing.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/expect.hpp"
#include "twins/fab/generator/question.hpp"

namespace twins::fab::generator {
namespace {

constexpr int TrimRounds =
    6;  // each divides the error by 10 or more; rounding of times to 1/1000 min ends it
constexpr double TrimLimit = 1.6;       // process times stay within this factor of what was drawn
constexpr double TrialWafers = 1000.0;  // [per week] starts for the first look

double working_hours(const ToolGroup& group, const GroupLoad& load) {
  return group.batch ? load.work_h : load.work_least_h;
}

// Target load of each group: drawn between its family's limits; the first scanner group is the
// bottleneck.
std::vector<double> targets(const Park& park, double bottleneck, const twin::core::Draw& draw) {
  std::vector<double> target;
  bool first_scanner = true;
  const double scale = bottleneck / profile(Family::LithoScan).load_max;
  for (std::uint32_t g = 0; g < park.groups.size(); ++g) {
    const Profile& p = profile(park.groups[g].family);
    const double u = draw.uniform(number(Question::GroupLoad), g, 0);
    target.push_back(std::min(bottleneck, scale * (p.load_min + u * (p.load_max - p.load_min))));
    if (park.groups[g].family == Family::LithoScan && first_scanner)
      target.back() = bottleneck, first_scanner = false;
  }
  return target;
}

// Availability of a sized group: PM by wafers is due as often as the same PM by days would be.
double availability(const Profile& p) {
  const double week_minutes = HoursPerWeek * 60.0;
  const double down = p.repair_minutes / (p.repair_minutes + week_minutes);
  return 1.0 - down - p.week_pm_hours / HoursPerWeek - p.month_pm_hours / 720.0 -
         2.0 * p.month_pm_hours / 2184.0;
}

Description trial(const Flow& flow, const Park& park, const Sizing& sizing,
                  const twin::core::Draw& draw) {
  Description fab = draft(flow, park, sizing.tuning, draw);
  add_streams(fab, sizing.release);
  return fab;
}

// Lots that wait in the delay are many and independent, so their number is near Poisson: six
// standard deviations.
std::uint32_t delay_slots(const GroupLoad& load) {
  const double mean = load.work_most_h / HoursPerWeek;
  return static_cast<std::uint32_t>(std::ceil(mean + 6.0 * std::sqrt(mean) + 4.0));
}

}  // namespace

double sized_load(const ToolGroup& group, const GroupLoad& load) {
  return group.batch ? load.utilisation : load.load;
}

Sizing size_fab(const Flow& flow, const Park& park, const SizingOptions& options,
                const twin::core::Draw& draw) {
  TWIN_EXPECT(options.bottleneck_load > 0.0 && options.bottleneck_load < 1.0,
              options.bottleneck_load);
  const std::size_t groups = park.groups.size();
  const std::vector<double> target = targets(park, options.bottleneck_load, draw);
  Sizing sizing;
  sizing.tuning = {std::vector<std::uint32_t>(groups, 1), std::vector<double>(groups, 1.0),
                   std::vector<double>(groups, 0.0)};
  sizing.release = options.release;
  const bool starts_given = options.release.wafers_per_week > 0.0;
  if (!starts_given) sizing.release.wafers_per_week = TrialWafers;

  // Tools wanted at the trial starts, as real numbers; all demands are proportional to the starts.
  std::vector<double> wanted(groups, 0.0);
  const auto want = [&] {
    const Description fab = trial(flow, park, sizing, draw);
    const FabLoad load = fab_load(fab);
    double sum = 0.0;
    for (std::size_t g = 0; g < groups; ++g) {
      if (park.groups[g].family == Family::Delay) continue;
      const double hours =
          working_hours(fab.tool_groups[g], load.groups[g]) + load.groups[g].setup_h;
      wanted[g] = hours / (HoursPerWeek * availability(profile(park.groups[g].family)) * target[g]);
      sum += wanted[g];
    }
    return sum;
  };
  const double sum = want();
  if (!starts_given) {
    sizing.release.wafers_per_week = std::round(TrialWafers * options.tools / sum);
    static_cast<void>(want());
  }
  for (std::size_t g = 0; g < groups; ++g) {
    sizing.tuning.tools[g] = std::max(1U, static_cast<std::uint32_t>(std::lround(wanted[g])));
  }

  const FabLoad first = fab_load(trial(flow, park, sizing, draw));
  for (std::size_t g = 0; g < groups; ++g) {
    if (park.groups[g].family == Family::Delay)
      sizing.tuning.tools[g] = delay_slots(first.groups[g]);
    sizing.tuning.wafers_per_tool_week[g] =
        first.groups[g].wafers_per_week / sizing.tuning.tools[g];
  }
  for (int round = 0; round < TrimRounds; ++round) {
    const Description fab = trial(flow, park, sizing, draw);
    const FabLoad load = fab_load(fab);
    for (std::size_t g = 0; g < groups; ++g) {
      if (park.groups[g].family == Family::Delay) continue;
      const GroupLoad& l = load.groups[g];
      const double wanted_hours =
          target[g] * l.availability * sizing.tuning.tools[g] * HoursPerWeek - l.setup_h;
      double& factor = sizing.tuning.time_factor[g];
      factor *= wanted_hours / working_hours(fab.tool_groups[g], l);
      factor = std::clamp(factor, 1.0 / TrimLimit, TrimLimit);
    }
  }
  return sizing;
}

}  // namespace twins::fab::generator
