// What a living twin shows: its picture for people, its metrics for monitoring.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/exposition.hpp"
#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/serve/shown.hpp"
#include "apps/fabtwin/serve/silence.hpp"
#include "twin/core/error.hpp"
#include "twins/fab/forecast/count.hpp"
#include "twins/fab/forecast/effective.hpp"
#include "twins/fab/view.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace forecast = twins::fab::forecast;
namespace live = twins::fab::live;

constexpr std::size_t Ninety = 2;  // index of the 90 % interval among forecast::Intervals

Interval interval_of(const forecast::Quantiles& q) {  // Levels: 5 %, 50 %, 95 %
  return {.low = shown(q[1]), .middle = shown(q[forecast::Median]), .high = shown(q[7])};
}

struct Modes {
  std::uint32_t down = 0, maintenance = 0, setup = 0, processing = 0, handling = 0, idle = 0;
};

Modes modes_of(const twins::fab::Layout& layout, const twins::fab::State& x) {
  Modes m;
  using twins::fab::ToolMode;
  for (const auto& tool : twins::fab::observe(layout, x).tools) {
    switch (tool.mode) {
      case ToolMode::Down: ++m.down; break;
      case ToolMode::Pm: ++m.maintenance; break;
      case ToolMode::Setup: ++m.setup; break;
      case ToolMode::Process: ++m.processing; break;
      case ToolMode::Load:
      case ToolMode::Unload: ++m.handling; break;
      case ToolMode::Idle: ++m.idle; break;
    }
  }
  return m;
}

// The tool groups with the most lots waiting for each able tool.
std::vector<std::uint32_t> most_waited_for(const twins::fab::Layout& layout,
                                           const forecast::Count& count, std::size_t most) {
  std::vector<std::uint32_t> groups(count.queue.size());
  for (std::uint32_t g = 0; g < groups.size(); ++g) groups[g] = g;
  const auto load = [&](std::uint32_t g) {
    return static_cast<double>(count.queue[g]) / std::max(1U, count.able[g]);
  };
  (void)layout;
  std::ranges::stable_sort(groups, [&](auto a, auto b) { return load(a) > load(b); });
  groups.resize(std::min(groups.size(), most));
  return groups;
}

// How many later windows a window shares time with, at most: those count as one another's echo.
std::size_t overlapping(const std::vector<Tick>& made, std::size_t horizon) {
  const Tick length = Tick{forecast::ScoredHours[horizon]} * HourMs;
  std::size_t most = 1, end = 0;
  for (std::size_t i = 0; i < made.size(); ++i) {
    while (end < made.size() && made[end] < made[i] + length) ++end;
    most = std::max(most, end - i - 1);
  }
  return most;
}

std::vector<ScoreRow> scores_of(const forecast::Ledger& ledger) {
  std::vector<ScoreRow> rows;
  for (std::size_t q = 0; q < forecast::Quantities; ++q) {
    for (std::uint8_t h = 0; h < forecast::ScoredHours.size(); ++h) {
      std::vector<forecast::Cluster> held;
      double ours = 0.0, rule = 0.0, beside_nominal = 0.0, nominal = 0.0;
      std::vector<Tick> made;
      for (const forecast::Window& w : ledger.windows()) {
        if (static_cast<std::size_t>(w.quantity) != q || w.horizon != h || w.n == 0) continue;
        held.push_back(
            {.n = static_cast<double>(w.n), .sum = static_cast<double>(w.recalibrated[Ninety])});
        made.push_back(w.now);
        ours += w.ours[static_cast<std::size_t>(forecast::Scored::Rule)];
        rule += w.crps[static_cast<std::size_t>(forecast::Scored::Rule)];
        beside_nominal += w.ours[static_cast<std::size_t>(forecast::Scored::Nominal)];
        nominal += w.crps[static_cast<std::size_t>(forecast::Scored::Nominal)];
      }
      if (held.empty()) continue;
      const forecast::Share share = forecast::share_of({held}, overlapping(made, h));
      rows.push_back(
          {.quantity = std::string(forecast::to_string(static_cast<forecast::Quantity>(q))),
           .horizon = duration_text(Tick{forecast::ScoredHours[h]} * HourMs),
           .scores = static_cast<std::uint64_t>(share.effective),
           .coverage = share.share,
           .low = share.bounds.low,
           .high = share.bounds.high,
           .skill_nominal =
               nominal > 0.0 ? std::optional(1.0 - beside_nominal / nominal) : std::nullopt,
           .skill = rule > 0.0 ? std::optional(1.0 - ours / rule) : std::nullopt,
           .rule = static_cast<forecast::Quantity>(q) == forecast::Quantity::Completion
                       ? "due-date rule"
                       : "persistence"});
    }
  }
  return rows;
}

// Those that people are shown, and that there are others.
std::vector<std::string> alarm_lines(const std::vector<AlarmRow>& rows, Tick zero) {
  constexpr std::size_t Shown = 8;
  std::vector<std::string> lines;
  std::size_t more = 0;
  for (const AlarmRow& row : rows) {
    if (!row.announced || lines.size() == Shown) {
      ++more;
      continue;
    }
    std::string of;
    for (const std::string& name : row.of) of += (of.empty() ? " of " : ", ") + name;
    const std::string& who = row.acknowledged.who;
    lines.push_back(fmt::format("{}: {}{}{}, since {}{}: {}", row.cause, row.alarm, of,
                                row.active > 1 ? fmt::format(" ({} alarms)", row.active) : "",
                                time_text(row.since + zero),
                                who.empty() ? std::string() : ", seen by " + who,
                                row.text.empty() || row.active > 1 ? row.response : row.text));
  }
  if (more != 0)
    lines.push_back(fmt::format("{} more groups of alarms wait or are not shown", more));
  return lines;
}

}  // namespace

Picture Living::picture(Tick now_ms) {
  follower_->settle(belief_.live);
  const live::Fold fold = follower_->belief(belief_.live);
  forecast::Count count;
  forecast::count(*layout_, fold.x, count);
  Picture p;
  p.site = site_.name;
  p.now_ms = now_ms;
  p.missing = live::missing(*layout_, belief_.live);
  p.trouble = trouble();
  p.missing.insert(p.missing.end(), links_missing_.begin(), links_missing_.end());
  p.data_age_ms = std::max<Tick>(0, tick(now_ms) - belief_.live.newest);
  for (const Silence& s : silences(belief_.live, shown_, tick(now_ms), site_.stale_after_ms)) {
    const Tick age = tick(now_ms) - s.since;
    p.silent.push_back({.lines = s.lines, .count = s.count, .age_ms = age});
    p.data_age_ms = std::max(p.data_age_ms, age);
  }
  p.stale = p.data_age_ms > site_.stale_after_ms;
  p.diverged = diverged();
  p.wip = fold.x.wip;
  p.left = leavings(fold.x, tick(now_ms));
  const Modes modes = modes_of(*layout_, fold.x);
  p.down = modes.down;
  p.maintenance = modes.maintenance;
  p.setup = modes.setup;
  p.processing = modes.processing;
  p.handling = modes.handling;
  p.idle = modes.idle;
  p.entries = folded_;
  p.duplicates = door_->counts().duplicates + belief_.live.ledger.repeated;
  for (const auto& source : door_->sources(now_ms)) {
    p.missing_messages += source.missing;
    p.gaps += source.missing != 0 ? 1U : 0U;
  }
  p.quarantined = door_->memory().quarantined;
  p.late = belief_.live.ledger.late;
  p.anomalies = fold.anomalous;
  p.alarms = alarm_lines(alarm_rows(), site_.time_zero_ms);
  if (site_.advice) {
    p.rule = rule();
    p.advice = told(people(), now_ms, 4);
  }
  if (forecast_) {
    const auto& f = *forecast_;
    const Tick first = site_.forecast->horizons_ms.front();
    p.forecast = true;
    p.forecast_ms = f.now + site_.time_zero_ms;
    p.members = f.budget.members;
    p.horizon = duration_text(first);
    const auto hour = std::min(static_cast<std::size_t>(first / HourMs), f.wip.size() - 1);
    p.wip_ahead = interval_of(f.wip[hour]);
    for (std::size_t h = 0; h < f.out_until.size(); ++h)
      p.out_ahead.push_back({.horizon = duration_text(Tick{forecast::ScoredHours[h]} * HourMs),
                             .out = interval_of(f.out_until[h])});
    for (const forecast::Quantiles& day : f.out) p.out_days.push_back(interval_of(day));
  }
  for (const std::uint32_t g : most_waited_for(*layout_, count, 6)) {
    BottleneckRow row{.group = std::string(layout_->description.tool_groups[g].name),
                      .able = count.able[g],
                      .tools = layout_->groups[g].tools,
                      .queue = count.queue[g]};
    if (forecast_ && g < forecast_->groups.size()) {
      const auto& queue = forecast_->groups[g].queue;
      const auto hour = std::min(
          static_cast<std::size_t>(site_.forecast->horizons_ms.front() / HourMs), queue.size() - 1);
      row.forecast = true;
      row.queue_ahead = interval_of(queue[hour]);
    }
    p.bottlenecks.push_back(std::move(row));
  }
  p.scores = scores_of(belief_.ledger);
  p.forecasts_missed = belief_.ledger.missed();
  return p;
}

std::string Living::metrics(Tick now_ms) {
  const Picture p = picture(now_ms);
  Exposition e;
  const auto gauge = [&](std::string_view name, double value, std::string_view help) {
    e.family(name, Metric::Gauge, help);
    e.sample(value);
  };
  const auto counter = [&](std::string_view name, std::uint64_t value, std::string_view help) {
    e.family(name, Metric::Counter, help);
    e.sample(static_cast<double>(value));
  };
  gauge("fabtwin_ready", p.missing.empty() ? 1.0 : 0.0, "1: nothing is missing of the fab");
  gauge("fabtwin_record_well", p.trouble.empty() ? 1.0 : 0.0,
        "1: what comes becomes durable, and the belief can be saved");
  gauge("fabtwin_site_time_seconds", static_cast<double>(now_ms) / 1e3,
        "The site's time [s since 1970]");
  gauge("fabtwin_data_age_seconds", static_cast<double>(p.data_age_ms) / 1e3,
        "Age of the newest message [s of site time]");
  gauge("fabtwin_wip_lots", p.wip, "Lots in the fab");
  gauge("fabtwin_out_day_lots", static_cast<double>(p.left.out_day),
        "Lots finished in the last 24 h");
  e.family("fabtwin_tools", Metric::Gauge, "Tools by what they do");
  e.sample(p.processing, {{"mode", "processing"}});
  e.sample(p.setup, {{"mode", "setup"}});
  e.sample(p.handling, {{"mode", "loading"}});
  e.sample(p.idle, {{"mode", "idle"}});
  e.sample(p.maintenance, {{"mode", "maintenance"}});
  e.sample(p.down, {{"mode", "down"}});
  counter("fabtwin_entries_total", p.entries, "Entries of the record, durable and folded");
  counter("fabtwin_duplicates_total", p.duplicates, "Messages that came again");
  counter("fabtwin_late_total", p.late, "Events that came behind the watermark");
  counter("fabtwin_quarantined_total", p.quarantined, "Messages set aside");
  counter("fabtwin_anomalies_total", p.anomalies, "Events that the mirror refused");
  gauge("fabtwin_missing_messages", static_cast<double>(p.missing_messages),
        "Numbers missing from sources now");
  counter("fabtwin_syncs_total", journal_->syncs(), "Times that the disk was synced");
  e.family("fabtwin_forecast_coverage", Metric::Gauge,
           "Share of outcomes in their nominal 90 % intervals, recalibrated");
  for (const ScoreRow& row : p.scores) {
    e.sample(row.coverage, {{"quantity", row.quantity}, {"ahead", row.horizon}});
  }
  e.family("fabtwin_forecast_skill", Metric::Gauge,
           "1 less the ratio of the CRPS to that of another forecast on the same numbers");
  for (const ScoreRow& row : p.scores) {
    const auto against = [&](const std::optional<double>& skill, const std::string& what) {
      if (skill)
        e.sample(*skill, {{"quantity", row.quantity}, {"ahead", row.horizon}, {"against", what}});
    };
    against(row.skill_nominal, "uncalibrated simulator");
    against(row.skill, row.rule);
  }
  counter("fabtwin_forecast_missed_total", p.forecasts_missed,
          "Moments that forecasts could not be scored at");
  e.family("fabtwin_silent_seconds", Metric::Gauge,
           "Age of what lines of a kind told last, where they are silent [s of site time]");
  for (const SilentRow& row : p.silent)
    e.sample(static_cast<double>(row.age_ms) / 1e3, {{"lines", row.lines}});
  gauge("fabtwin_revalidation_due", p.diverged.empty() ? 0.0 : 1.0,
        "1: forecasts of the fab do not hold, until somebody has validated the twin again");
  const auto& told = belief_.alarms.annunciator;
  const auto groups = told.groups();
  const auto shown = std::ranges::count(groups, true, &alarms::AlarmGroup::announced);
  gauge("fabtwin_alarms", static_cast<double>(shown), "Groups of alarms that people are shown");
  gauge("fabtwin_alarms_unacknowledged",
        static_cast<double>(std::ranges::count_if(
            groups, [](const auto& g) { return g.announced && g.acknowledged.who.empty(); })),
        "Of those that are shown, groups that nobody has acknowledged");
  gauge("fabtwin_alarms_waiting", static_cast<double>(std::ssize(groups) - shown),
        "Groups of alarms that wait for room in the budget");
  gauge("fabtwin_alarm_flood", told.flood() ? 1.0 : 0.0, "1: more than 10 alarms in 10 minutes");
  counter("fabtwin_alarm_activations_total", told.totals().activations, "Alarms that counted");
  counter("fabtwin_alarm_announcements_total", told.totals().announced, "Times people were told");
  return e.text();
}

const std::vector<twins::fab::calibrate::Posterior>& Living::theta() {
  const Tick until = belief_.live.settled.until;
  if (theta_of_ < 0 || until >= theta_of_ + HourMs || until < theta_of_) {
    theta_ = learner_->believed(until);
    theta_of_ = until;
  }
  return theta_;
}

std::string Living::diverged() const {
  for (const std::string& reason : belief_.reasons)
    if (reason.starts_with(ForecastsOff)) return reason.substr(reason.find("forecasts"));
  return "";
}

void Living::validated(const std::string& who, const std::string& how, Tick now_ms) {
  if (diverged().empty())
    throw twin::core::Error("nothing waits to be validated again (no alarm says so)");
  if (!note({.at = now_ms, .kind = ValidationNote, .text = fmt::format("{}\t{}", who, how)}))
    throw twin::core::Error("the record takes nothing now");
}

}  // namespace apps::fabtwin::serve
