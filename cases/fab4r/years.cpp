#include "cases/fab4r/years.hpp"

#include <limits>
#include <thread>

#include "cases/kit/shared.hpp"
#include "twin/core/parallel.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/kpi.hpp"

namespace cases {
namespace {

using twins::fab::Tick;

constexpr double DayMinutes = 1440.0;

Fab4rRun one_run(const twins::fab::AnyFab& fab, const Span& span, std::uint32_t member) {
  const twins::fab::Layout& m = fab.layout();
  const auto theta = m.nominal_theta();
  const twin::core::Draw draw{1, member};
  twins::fab::State x = fab.initial(theta, draw);
  twins::fab::Reading from;
  for (std::uint32_t day = 1; day <= 365 * span.years; ++day) {
    fab.advance(x, theta, day * static_cast<Tick>(twins::fab::DayMs), draw);
    if (x.wip > span.most_jobs) {
      constexpr double None = std::numeric_limits<double>::quiet_NaN();
      return {true, None, None, None};
    }
    if (day == 365 * span.dropped) from = read_counters(m, x);
  }
  const auto figures = key_figures(m, from, read_counters(m, x)).all;
  return {false, figures.cycle_days, figures.weighted_tardy_days, 1.0 - figures.on_time};
}

}  // namespace

std::shared_ptr<const twins::fab::Layout> fab4r_over_years(const std::string& rule) {
  twins::fab::import::MimacOptions options;
  options.rank = {twins::fab::Criterion::Fifo};
  const auto first = twins::fab::import::MimacRelease::First::AfterInterval;
  for (const double per_day : {4.5, 10.5})
    options.releases.push_back(
        {DayMinutes / per_day, twins::fab::Duration::Law::Exponential, first, 3.5});
  auto fab = twins::fab::import::read_mimac(reference_folder() / "mimac" / "fab4r.txt", options);
  for (twins::fab::Stream& stream : fab.streams) {
    stream.due_spread = 1.5 / 3.5;  // due-date factor U(2, 5)
    stream.weight_levels = 10;      // weights 1, 2, ..., 10
  }
  return twins::fab::compile(std::move(fab), twins::fab::with_rule({}, rule));
}

std::vector<Fab4rRun> fab4r_runs(const std::string& rule, const Span& span) {
  const auto fab = twins::fab::make_fab(fab4r_over_years(rule), rule);
  std::vector<Fab4rRun> runs(span.runs);
  twin::core::for_each_member(span.runs, std::thread::hardware_concurrency(), [&](std::size_t i) {
    runs[i] = one_run(*fab, span, span.first + static_cast<std::uint32_t>(i));
  });
  return runs;
}

}  // namespace cases
