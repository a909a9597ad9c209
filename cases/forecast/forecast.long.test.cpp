// SMT2020 HVLM with hidden numbers: are forecasts of 1, 3 and 7 days as sure as they say, better than what costs
// nothing, and is a tool that becomes slower found and lived with? The method was made on seeds from 101 on; none was
// chosen from 1 on. What counts: windows that begin after the learning, all their scores, each study's windows in their
// order; errors and effective numbers by windows (effective.hpp). FABTWIN_STUDIES names a folder for what is done
// (kept.hpp): an hour of computing may then be stopped.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "cases/forecast/kept.hpp"
#include "cases/kit/shared.hpp"
#include "cases/kit/table.hpp"
#include "twin/core/parallel.hpp"
#include "twins/fab/import/read.hpp"

namespace cases {
namespace {

using namespace twins::fab::forecast;

constexpr std::uint32_t Seeds = 8, SlowSeeds = 5, WatchedSeeds = 8, DisturbedSeeds = 11,
                        OutputSeeds = 5;
constexpr unsigned Threads = 4;
constexpr double EveryDay = 1.0;  // a forecast a day ahead, between those of 7 days
constexpr const char* Heading = "Forecasts of SMT2020 HVLM with hidden numbers > ";

void put(const std::string& name, const std::string& setting, const std::string& published,
         const std::string& ours, bool reached) {
  publish(Heading + name, {setting, published, "our goal", ours, reached});
}

std::size_t lags(std::size_t horizon, const ForecastStudyOptions& o) {
  const double every = horizon == 0 && o.short_every_days > 0.0 ? o.short_every_days : o.every_days;
  const std::size_t longest = std::min(horizon, ScoredHours.size() - 1);
  return static_cast<std::size_t>(std::ceil(ScoredHours[longest] / 24.0 / every));
}

std::string ahead_of(std::size_t horizon) {
  return horizon < ScoredHours.size()
             ? fmt::format("{} hours", ScoredHours[horizon])
             : fmt::format("{} to {} hours", ScoredHours.front(), ScoredHours.back());
}

std::string setting_of(std::size_t plants, const ForecastStudyOptions& o, std::size_t horizon) {
  const double every = horizon == 0 && o.short_every_days > 0.0 ? o.short_every_days : o.every_days;
  return fmt::format("{} plants, {} windows each held out", plants,
                     std::llround(o.held_days / every));
}

struct Subject {
  std::string name;
  std::vector<Quantity> quantities;
  [[nodiscard]] bool has(Quantity q) const { return std::ranges::count(quantities, q) != 0; }
};

// All scores of one forecast count as one window: they share its luck. horizon: ScoredHours.size() for all.
std::vector<std::vector<Cluster>> pooled(const std::vector<ForecastStudy>& studies,
                                         const Subject& subject, std::size_t horizon,
                                         const Pick& pick) {
  std::vector<std::vector<Cluster>> runs;
  for (const ForecastStudy& s : studies) {
    std::map<twins::fab::Tick, Cluster> by_origin;
    for (const Window& w : s.windows) {
      if (horizon < ScoredHours.size() && w.horizon != horizon) continue;
      if (w.now < s.held_from || !subject.has(w.quantity)) continue;
      const Cluster c = pick(w);
      by_origin[w.now].n += c.n;
      by_origin[w.now].sum += c.sum;
    }
    auto& run = runs.emplace_back();
    for (const auto& [now, cluster] : by_origin) run.push_back(cluster);
  }
  return runs;
}

// Plants 1 to `seeds`, several at once; nothing depends on how many.
template <class OptionsOf>
std::vector<ForecastStudy> all_of(const std::shared_ptr<const twins::fab::Layout>& layout,
                                  std::uint32_t seeds, const OptionsOf& options) {
  std::vector<ForecastStudy> studies(seeds);
  twin::core::for_each_member(seeds, Threads, [&](std::size_t i) {
    const auto seed = static_cast<std::uint32_t>(i + 1);
    studies[i] = kept_study(studies_folder(), layout, seed, options(seed));
  });
  return studies;
}

const std::vector<Subject> Subjects = {
    {"lot completion", {Quantity::Completion}},
    {"WIP of areas and groups", {Quantity::Wip}},
    {"throughput of the fab and its groups", {Quantity::Out, Quantity::Moves}}};
const Subject ByProduct = {"lots out by product", {Quantity::Out}};
const Subject Output = {"lots out by product and in all, until then and by day",
                        {Quantity::Out, Quantity::FabOut, Quantity::OutDay}};

std::string text_of(const Share& s) {
  return fmt::format(
      "{:.1f} % of {:.0f}, which tell as much as {:.0f} independent ({:.1f} to {:.1f} %)",
      100.0 * s.share, s.n, std::floor(s.effective), 100.0 * s.bounds.low, 100.0 * s.bounds.high);
}

// The row of one subject's 90 % intervals at one horizon.
void put_coverage(const std::vector<ForecastStudy>& studies, const Subject& subject, std::size_t h,
                  const std::string& with, const ForecastStudyOptions& options) {
  const auto share = [&](auto&& held) {
    return share_of(pooled(studies, subject, h,
                           [&](const Window& w) {
                             return Cluster{static_cast<double>(w.n), static_cast<double>(held(w))};
                           }),
                    lags(h, options));
  };
  const Share said = share([](const Window& w) { return w.recalibrated[Ninety]; });
  const Share raw = share([](const Window& w) { return w.raw[Ninety]; });
  put(fmt::format("90 % intervals of {}, {}{}", subject.name, ahead_of(h), with),
      setting_of(studies.size(), options, h), "85 to 95 % of 400 independent",
      fmt::format("{}; raw {:.1f} %", text_of(said), 100.0 * raw.share),
      said.share >= 0.85 && said.share <= 0.95 && said.effective >= 400.0);
}

// On the same numbers, of those plants that had the other forecast beside them.
void put_comparison(const std::vector<ForecastStudy>& studies, const Subject& subject,
                    std::size_t h, Scored kind, const ForecastStudyOptions& options) {
  const bool lots = subject.has(Quantity::Completion);
  const std::string than = kind == Scored::Nominal ? "the uncalibrated simulator"
                           : lots                  ? "the due-date rule of thumb"
                                                   : "persistence";
  const auto k = static_cast<std::size_t>(kind);
  const auto mean = [&](auto&& value) {
    return mean_of(pooled(studies, subject, h,
                          [&](const Window& w) {
                            return Cluster{static_cast<double>(w.compared[k]), value(w)};
                          }),
                   lags(h, options));
  };
  const MeanOf theirs = mean([&](const Window& w) { return w.crps[k]; });
  const MeanOf ours = mean([&](const Window& w) { return w.ours[k]; });
  const MeanOf d = mean([&](const Window& w) { return w.ours[k] - w.crps[k]; });
  put(fmt::format("CRPS of {}, {} against {}", subject.name, ahead_of(h), than),
      setting_of(studies.size(), options, h), "lower",
      fmt::format("{:.3g} against {:.3g}{}, difference {:.3g} ± {:.2g} (standard error)", ours.mean,
                  theirs.mean, lots ? " hours" : " lots", d.mean, d.error),
      d.mean + 2.0 * d.error < 0.0);
}

TEST(CaseForecast, Smt2020Hvlm) {
  // Planners would be told intervals that do not hold, or forecasts worse than their rules of thumb.
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  const auto layout =
      twins::fab::compile(twins::fab::import::read(reference_folder() / "smt2020" / "HVLM"));
  const ForecastStudyOptions options;
  const auto studies = all_of(layout, Seeds, [&](std::uint32_t) { return options; });
  for (const ForecastStudy& s : studies) EXPECT_EQ(s.refused_events, 0U) << s.seed;
  const auto put_all = [&](const Subject& subject, std::size_t h) {
    put_coverage(studies, subject, h, "", options);
    put_comparison(studies, subject, h, Scored::Nominal, options);
    put_comparison(studies, subject, h, Scored::Rule, options);
  };
  for (const Subject& subject : Subjects)
    for (std::size_t h = 0; h < ScoredHours.size(); ++h) put_all(subject, h);
  put_all(ByProduct, ScoredHours.size());  // two scores a forecast
}

TEST(CaseForecast, DisturbancesAndOutputByDay) {
  // Intervals would hold in the model's own world alone: in one set of plants all of disturbed() happens in the windows
  // held out. And what is said of the output of a day or of one product would not hold: that is few scores a window, so
  // both sets of plants, and a forecast a day ahead each day.
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  const auto layout =
      twins::fab::compile(twins::fab::import::read(reference_folder() / "smt2020" / "HVLM"));
  ForecastStudyOptions options;
  options.short_every_days = EveryDay;
  ForecastStudyOptions disturbing = options;
  disturbing.nominal_members = 0;
  disturbing.disturbances = true;
  const auto plain = all_of(layout, OutputSeeds, [&](std::uint32_t) { return options; });
  const auto upset = all_of(layout, DisturbedSeeds, [&](std::uint32_t) { return disturbing; });
  std::vector<ForecastStudy> all = plain;
  all.insert(all.end(), upset.begin(), upset.end());
  for (const ForecastStudy& s : all) EXPECT_EQ(s.refused_events, 0U) << s.seed;
  const std::string with = ", with hot lots, holds, long repairs and a degrading tool";
  for (std::size_t h = 0; h < ScoredHours.size(); ++h) {
    for (const Subject& subject : Subjects) put_coverage(upset, subject, h, with, disturbing);
    put_coverage(all, Output, h, ", disturbed plants among them", options);
    put_comparison(plain, Output, h, Scored::Nominal, options);
  }
  std::size_t named = 0, wrong = 0;
  for (const ForecastStudy& s : upset) {
    const std::uint32_t slow = disturbed(*layout, s.seed, disturbing).slow_tools.front().tool;
    const auto right =
        static_cast<std::size_t>(std::ranges::count(s.alarms, slow, &ToolAlarm::tool));
    named += right > 0;
    wrong += s.alarms.size() - right;
  }
  put("degrading tool found" + with, fmt::format("{} plants", DisturbedSeeds), "each",
      fmt::format("{} of {}; {} other alarms", named, DisturbedSeeds, wrong),
      named == DisturbedSeeds && wrong == 0);
}

TEST(CaseForecast, ToolsWronglyCalledChanged) {
  // Somebody would be sent to a tool that has nothing, and then no more. Each plant has a group that drifts, also in
  // its last week, in which nobody asks for theta.
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  const auto layout =
      twins::fab::compile(twins::fab::import::read(reference_folder() / "smt2020" / "HVLM"));
  const ForecastStudyOptions options;
  std::vector<WatchedTools> watched(WatchedSeeds);
  twin::core::for_each_member(WatchedSeeds, Threads, [&](std::size_t i) {
    watched[i] = watched_tools(layout, static_cast<std::uint32_t>(i + 1), options);
  });
  std::uint64_t alarms = 0, jobs = 0;
  for (const WatchedTools& w : watched) alarms += w.alarms.size(), jobs += w.jobs;
  const double days = options.learn_days + options.train_days + options.held_days + 7.0;
  put("tools wrongly called changed", fmt::format("{:.0f} days of plant", days * WatchedSeeds),
      "at most 1 in 10,000,000 jobs", fmt::format("{} in {} jobs", alarms, jobs),
      static_cast<double>(alarms) <= static_cast<double>(jobs) / 1e7);
}

// One tool, or all of the busiest group, 30 % slower from a day on that nobody announces; a forecast a day ahead
// every 12 hours. After 72 hours: forecasts that begin then.
void slower(const std::string& what, double tool, double group) {
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  const auto layout =
      twins::fab::compile(twins::fab::import::read(reference_folder() / "smt2020" / "HVLM"));
  const auto options = [&](std::uint32_t seed) {
    ForecastStudyOptions o;
    o.train_days = 6.0, o.held_days = 9.0;
    o.every_days = o.learn_every_days = 0.5;
    o.horizon_hours = 24;
    o.members = 60, o.nominal_members = 0;
    o.slow_tool = tool, o.slow_group = group;
    o.change_day = o.learn_days + o.train_days - 0.5 + 0.1 * seed;
    return o;
  };
  const std::vector<ForecastStudy> studies = all_of(layout, SlowSeeds, options);
  double slowest = 0.0, sum = 0.0;
  std::uint32_t found = 0, wrong = 0;
  for (const ForecastStudy& s : studies) {
    const double change_day = options(s.seed).change_day;
    double hours = INFINITY;
    for (const ToolAlarm& a : s.alarms) {
      const bool changed =
          group != 1.0 ? layout->tool_group[a.tool] == s.changed_group : a.tool == s.changed_tool;
      const double after = static_cast<double>(a.raised) / twins::fab::HourMs - 24.0 * change_day;
      if (changed && after > 0.0)
        hours = std::min(hours, after);
      else
        ++wrong;
    }
    found += hours <= 24.0;
    slowest = std::max(slowest, hours);
    sum += hours;
  }
  const std::string setting = fmt::format("30 % slower, {} plants", SlowSeeds);
  put(what + " found slower within 24 hours", setting, "each",
      fmt::format("{} of {}, after {:.1f} hours on average, {:.1f} at most; {} wrong alarms", found,
                  SlowSeeds, sum / SlowSeeds, slowest, wrong),
      found == SlowSeeds && wrong == 0);
  for (const Subject& subject : Subjects) {
    const auto share = [&](double from, double until) {
      std::vector<ForecastStudy> part = studies;
      for (ForecastStudy& study : part) {
        const double change = options(study.seed).change_day;
        std::erase_if(study.windows, [&](const Window& w) {
          const double after = static_cast<double>(w.now) / twins::fab::DayMs - change;
          return after < from || after >= until;
        });
        study.held_from = 0;
      }
      return share_of(pooled(part, subject, 0,
                             [](const Window& w) {
                               return Cluster{static_cast<double>(w.n),
                                              static_cast<double>(w.recalibrated[Ninety])};
                             }),
                      2);
    };
    const Share hit = share(-1.0, 0.5), back = share(3.0, 1e3);
    put(fmt::format("90 % intervals of {} a day ahead, 72 hours after {} became slower",
                    subject.name, what),
        setting, "85 to 95 %",
        fmt::format("{}; of forecasts begun within 24 hours before or 12 after {:.1f} %",
                    text_of(back), 100.0 * hit.share),
        back.share >= 0.85 && back.share <= 0.95);
  }
}

TEST(CaseForecast, OneToolSlower) {
  // A tool that has gone bad would spoil forecasts for weeks and nobody would know which.
  slower("one tool of the busiest group", 1.3, 1.0);
}

TEST(CaseForecast, BusiestGroupSlower) {
  // A plant that has changed would be forecast as if it had not.
  slower("the busiest group", 1.0, 1.3);
}

}  // namespace
}  // namespace cases
