// Where are the lots when part of the events is missing? SMT2020 HVLM, a month of its log (4.6 million events) with 5,
// 20 and 50 % of them lost one by one, and 20 % with the link of each source out for 6 hours every 3 days; asked
// every 6 hours of the last three weeks, held against the simulation that wrote the log.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "cases/kit/shared.hpp"
#include "cases/kit/table.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/track/audit.hpp"
#include "twins/fab/track/thin.hpp"

namespace cases {
namespace {

using namespace twins::fab;
using namespace twins::fab::track;
using enum Published::Near;

constexpr double From = 9.0, Until = 30.0, Every = 0.25;  // [day]
constexpr std::uint64_t Seed = 1;

double rounded(double x) { return std::ceil(x * 100.0) / 100.0; }

struct Link {
  std::string name;
  ThinOptions losses;
  Numbering numbering = Numbering::BySource;
  std::unique_ptr<Tracker> tracker{};
  std::unique_ptr<Thinner> thinner{};
  Audit sum{};
};

void tell(const Link& link) {
  const Audit& a = link.sum;
  const auto n = static_cast<double>(a.lots);
  const auto percent = [&](double x) { return 100.0 * x / n; };
  const auto row = [&](const std::string& what, const std::string& source,
                       const Published& published, double ours) {
    publish(fmt::format("Tracking HVLM, {} > {}", link.name, what),
            row_of(fmt::format("84 audits, {} lots, seed {}", a.lots, Seed), source, published,
                   {ours, std::nullopt}));
  };
  const double outside = static_cast<double>(a.lots - a.covered);
  row("lots outside their 90 % sets", "the issue's demand", {10.0, 0.0, AtMost, 2, "%"},
      percent(outside));
  // Lots of one audit share their luck and meet the next audits again: 20 count as one, 5 standard errors.
  const double width = rounded(100.0 * 5.0 * std::sqrt(0.09 * 20.0 / n));
  row("lots in sets of exactly 90 %", "calibrated by definition", {90.0, width, Absolute, 2, "%"},
      percent(a.exactly_covered));
  row("steps in a 90 % set", "goal", {1.1, 0.0, AtMost, 3, "steps"},
      static_cast<double>(a.set_steps) / static_cast<double>(a.lots - a.unknown));
  row("lots with a set of more than one step", "goal", {10.0, 0.0, AtMost, 2, "%"},
      percent(static_cast<double>(a.lots - a.unknown - a.single)));
  row("most probable step right", "what the probabilities promise",
      {percent(a.right_expected), rounded(percent(5.0 * std::sqrt(20.0 * a.right_variance))),
       Absolute, 2, "%"},
      percent(static_cast<double>(a.right)));
  row("most probable step wrong", "the step of the last event",
      {percent(n - static_cast<double>(a.last_right)), 0.0, AtMost, 2, "%"},
      percent(n - static_cast<double>(a.right)));
  row("most probable step wrong, too", "the same, the next step after an unloading",
      {percent(n - static_cast<double>(a.next_right)), 0.0, AtMost, 2, "%"},
      percent(n - static_cast<double>(a.right)));
  row("lots believed in that have left", "what the probabilities promise",
      {a.gone_expected, rounded(5.0 * std::sqrt(20.0 * std::max(a.gone_expected, 1.0))), Absolute,
       1, "lots"},
      static_cast<double>(a.gone));
}

// A twin would lose its lots with the first hole in its log, or be sure of what it cannot know.
TEST(CaseTracking, HvlmMonthWithHoles) {
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  const auto layout = compile(import::read(reference_folder() / "smt2020" / "HVLM"));
  const auto fab = make_fab(layout, "published");
  const auto theta = layout->nominal_theta();
  const twin::core::Draw draw{Seed, 0};
  State x = fab->initial(theta, draw);
  std::vector<Link> links;
  links.push_back({"5 % missing", {.share = 0.05, .seed = Seed}});
  links.push_back({"20 % missing", {.share = 0.20, .seed = Seed}});
  links.push_back({"20 % missing, no numbers", {.share = 0.20, .seed = Seed}, Numbering::None});
  links.push_back({"50 % missing", {.share = 0.50, .seed = Seed}});
  links.push_back({"20 % missing and outages",
                   {.share = 0.20, .outage_days = 3.0, .outage_hours = 6.0, .seed = Seed}});
  for (Link& link : links) {
    link.tracker = std::make_unique<Tracker>(*layout, theta, link.numbering);
    link.thinner = std::make_unique<Thinner>(link.losses);
  }
  LogSink log(*layout, x, [&](std::span<const twin::event::Event> told) {
    for (Link& link : links)
      for (const auto& e : told)
        if (!link.thinner->loses(e)) (void)link.tracker->saw(e);
  });
  for (double day = Every; day <= Until; day += Every) {
    fab->advance(x, theta, static_cast<Tick>(day * DayMs), draw, log);
    if (day <= From) continue;
    for (Link& link : links)
      link.sum += audit(
          x, believe(*link.tracker, x.now, {.seed = static_cast<std::uint64_t>(day / Every)}), 0.9);
  }
  for (const Link& link : links) tell(link);
}

}  // namespace
}  // namespace cases
