// fabtwin calibrate: what an event log says about the uncertain numbers of the fab model.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/event_source.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/json.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/table.hpp"
#include "twins/fab/calibrate/posterior.hpp"

namespace apps::fabtwin {
namespace {

using twins::fab::calibrate::Posterior;

using twins::fab::calibrate::Change;
using twins::fab::calibrate::Range;

constexpr std::uint64_t PosteriorSeed = 1;  // of the members that are drawn

struct CalibrateFlags {
  std::string path, events, out, posterior;
  std::uint32_t members = 100;
  double window_hours = 24.0;
  std::vector<double> intervals_min;
  bool all = false, json = false;
};

struct Learnt {
  twins::fab::calibrate::Evidence evidence;
  std::int64_t time_zero_ms = 0;  // [ms since 1970] of tick 0
  std::string damage;             // where the log breaks off; empty: it is whole
  std::vector<Posterior> posteriors;

  [[nodiscard]] double days() const {
    return static_cast<double>(evidence.until - evidence.from) / twins::fab::DayMs;
  }
};

Learnt learn(const twins::fab::Layout& layout, const CalibrateFlags& flags) {
  const auto window =
      static_cast<twins::fab::Tick>(std::llround(flags.window_hours / 24.0 * twins::fab::DayMs));
  std::unique_ptr<twins::fab::calibrate::Witness> witness;
  const LogSpan span = read_events(layout, flags.events, [&](const twin::event::Event& event) {
    if (!witness)
      witness = std::make_unique<twins::fab::calibrate::Witness>(layout, event.at, window);
    witness->saw(event);
    return Reading::GoesOn;
  });
  Learnt learnt;
  learnt.time_zero_ms = span.time_zero_ms;
  learnt.damage = span.damage;
  learnt.evidence = witness->evidence(span.until);
  learnt.posteriors = posteriors(layout, learnt.evidence);
  return learnt;
}

bool differs(const Posterior& p) {
  return p.seen != 0 && (p.quantile(0.005) > 1.0 || p.quantile(0.995) < 1.0);
}

bool changed(const Posterior& p) { return p.change.probability > twins::fab::calibrate::Reported; }

// "2018-01-11" of a day of the log.
std::string date_of(const Learnt& learnt, double day) {
  const double since =
      static_cast<double>(learnt.time_zero_ms + learnt.evidence.from) / twins::fab::DayMs + day;
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{std::llround(std::floor(since))}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string interval(double low, double high) { return fmt::format("{:.5f} to {:.5f}", low, high); }

std::string text_of_changes(const Learnt& learnt) {
  Table table({"parameter", "what", "since", "90 % interval", "before", "now", "a day"});
  bool any = false;
  for (const Posterior& p : learnt.posteriors) {
    if (!changed(p)) continue;
    any = true;
    const Change& c = p.change;
    table.row({p.name, c.drifts ? "drift" : "step", date_of(learnt, c.day.median),
               date_of(learnt, c.day.low) + " to " + date_of(learnt, c.day.high),
               fmt::format("{:.5f}", c.before.median), fmt::format("{:.5f}", p.median()),
               c.drifts ? fmt::format("{:+.5f} ({:+.5f} to {:+.5f})", c.per_day.median,
                                      c.per_day.low, c.per_day.high)
                        : std::string("-")});
  }
  if (!any) return "no changes within the log (none has a probability above 99 %)\n";
  return "changes within the log (each with a probability above 99 %)\n\n" + table.text();
}

std::string as_text(const Learnt& learnt, bool all) {
  const std::vector<Posterior>& shown = learnt.posteriors;
  std::vector<std::size_t> order;
  std::size_t known = 0, different = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    known += shown[i].seen != 0;
    different += differs(shown[i]);
    if (all ? shown[i].seen != 0 : differs(shown[i])) order.push_back(i);
  }
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t i) { return std::abs(std::log(shown[i].median())); });
  std::string text = fmt::format(
      "{} events of {:.1f} days; {} durations left out (interrupted, held up, or of a constant "
      "law);\n"
      "{} times to failure and to repair under way count with what they have lasted\n"
      "{} of {} parameters seen; {} differ from the data set (1 is outside their 99 % "
      "interval)\n\n",
      grouped(static_cast<double>(learnt.evidence.events), 0), learnt.days(),
      grouped(static_cast<double>(learnt.evidence.left_out), 0),
      grouped(static_cast<double>(learnt.evidence.under_way), 0), known, shown.size(), different);
  Table table({"parameter", "seen", "median", "90 % interval", "99 % interval"});
  for (const std::size_t i : order) {
    const Posterior& p = shown[i];
    table.row({p.name, grouped(static_cast<double>(p.seen), 0), fmt::format("{:.5f}", p.median()),
               interval(p.quantile(0.05), p.quantile(0.95)),
               interval(p.quantile(0.005), p.quantile(0.995))});
  }
  if (!order.empty()) text += table.text() + "\n";
  return text + text_of_changes(learnt);
}

Json json_of(const Range& r) { return {{"p05", r.low}, {"median", r.median}, {"p95", r.high}}; }

Json json_of(const Learnt& learnt, const Posterior& p) {
  Json json = {{"seen", p.seen},          {"median", p.median()},      {"p05", p.quantile(0.05)},
               {"p95", p.quantile(0.95)}, {"p005", p.quantile(0.005)}, {"p995", p.quantile(0.995)},
               {"differs", differs(p)}};
  if (p.name.starts_with("mtbf.") || p.name.starts_with("mttr.")) json["groups_differ"] = p.differ;
  const Change& c = p.change;
  json["change"] = {{"probability", c.probability}, {"reported", changed(p)}};
  if (!changed(p)) return json;
  json["change"]["kind"] = c.drifts ? "drift" : "step";
  json["change"]["day"] = json_of(c.day);
  json["change"]["date"] = date_of(learnt, c.day.median);
  json["change"]["before"] = json_of(c.before);
  if (c.drifts) json["change"]["per_day"] = json_of(c.per_day);
  const double window = static_cast<double>(learnt.evidence.window) / twins::fab::DayMs;
  for (const auto& s : c.likeliest)
    json["change"]["segments"].push_back(
        {{"from_day", s.first * window},
         {"to_day", s.last * window},
         {"shape", s.shape == twin::bayes::Shape::Line ? "line" : "constant"}});
  return json;
}

Json as_json(const twins::fab::Layout& layout, const Learnt& learnt) {
  Json parameters = Json::object();
  for (const Posterior& p : learnt.posteriors)
    if (p.seen != 0) parameters[p.name] = json_of(learnt, p);
  Json json = json_head("calibrate");
  json["data_set"] = json_data_set(layout);
  json["events"] = learnt.evidence.events;
  json["days"] = learnt.days();
  json["begins"] = date_of(learnt, 0.0);
  json["window_days"] = static_cast<double>(learnt.evidence.window) / twins::fab::DayMs;
  json["left_out"] = learnt.evidence.left_out;
  json["under_way"] = learnt.evidence.under_way;
  json["whole_log"] = learnt.damage.empty();
  json["parameters"] = std::move(parameters);
  return json;
}

// Rows of theta, one a member of a forecast, and the quantiles they are drawn from.
Json posterior_file(const twins::fab::Layout& layout, const Learnt& learnt, std::uint32_t members) {
  Json names = Json::array(), quantiles = Json::object(), rows = Json::array();
  for (const Posterior& p : learnt.posteriors) {
    names.push_back(p.name);
    if (p.seen != 0) quantiles[p.name] = p.quantiles;
  }
  for (std::uint32_t member = 0; member < members; ++member)
    rows.push_back(draw_theta(layout, learnt.posteriors, {PosteriorSeed, member}));
  Json json = json_head("posterior");
  json["data_set"] = json_data_set(layout);
  json["parameters"] = std::move(names);
  json["levels"] = twins::fab::calibrate::Levels;
  json["quantiles"] = std::move(quantiles);
  json["members"] = std::move(rows);
  return json;
}

Exit calibrate(const CalibrateFlags& flags) {
  if (!(flags.window_hours >= 1.0 && flags.window_hours <= 8'760.0))
    throw Failure(Exit::Usage,
                  fmt::format("--window {} (must be 1 to 8760 hours)", flags.window_hours));
  if (flags.members < 1 || flags.members > 100'000)
    throw Failure(Exit::Usage, fmt::format("--members {} (must be 1 to 100000)", flags.members));
  const auto fab = read_fab(flags.path, flags.intervals_min);
  const auto layout = or_fail(Exit::BadInput, [&] { return twins::fab::compile(fab); });
  for (const std::string& file : {flags.out, flags.posterior})
    if (!file.empty()) or_fail(Exit::Failed, [&] { return expect_writable(file); });
  const Learnt learnt = or_fail(Exit::BadInput, [&] { return learn(*layout, flags); });
  if (!learnt.damage.empty())
    fmt::print(stderr, "fabtwin: {}; what stands before is used\n", learnt.damage);
  print(flags.json ? as_json(*layout, learnt).dump(1) + "\n" : as_text(learnt, flags.all));
  if (!flags.out.empty()) {
    Json theta = Json::object();
    for (const Posterior& p : learnt.posteriors)
      if (p.seen != 0) theta[p.name] = p.median();
    write_file(flags.out, std::string_view(theta.dump(1) + "\n"));
  }
  if (!flags.posterior.empty())
    write_file(flags.posterior,
               std::string_view(posterior_file(*layout, learnt, flags.members).dump(1) + "\n"));
  return Exit::Ok;
}

}  // namespace

void add_calibrate(Command& program) {
  const auto flags = std::make_shared<CalibrateFlags>();
  Command& command = program.add_command(
      "calibrate",
      "What an event log says about process times, breakdowns, rework, sampling, transport");
  add_data_set(command, flags->path);
  command
      .add_option("--events", flags->events,
                  "the fab's event log (.ftel, as simulate --events writes it)")
      .type_name("FILE")
      .required();
  command
      .add_option("--out", flags->out,
                  "write the medians, as they are at the log's end, for simulate --theta")
      .type_name("FILE");
  command
      .add_option("--posterior", flags->posterior,
                  "write quantiles and drawn members of all parameters as JSON")
      .type_name("FILE");
  command.add_option("--members", flags->members, "how many members are drawn").shows_default();
  command
      .add_option("--window", flags->window_hours,
                  "changes are looked for between windows of so many hours")
      .type_name("HOURS")
      .shows_default();
  command.add_flag("--all", flags->all,
                   "every parameter that was seen, not only those that differ");
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.footer(
      "Parameters are multipliers on the data set's values, as they are at the log's end. Where "
      "nothing\n"
      "changed, intervals are exact for the laws of the model; failures and repairs under way "
      "count "
      "with the\n"
      "time they have lasted. Steps and drifts are told where their probability exceeds 99 %, a "
      "change a\n"
      "parameter in 3,000 windows being expected: less than one false alarm in 20 months of logs.\n"
      "Examples:\n"
      "  fabtwin simulate data/example-fab --days 30 --set process.Litho_1=1.2 --events log.ftel\n"
      "  fabtwin calibrate data/example-fab --events log.ftel --out theta.json\n"
      "  fabtwin simulate data/example-fab --theta theta.json");
  command.action([flags] { return calibrate(*flags); });
}

}  // namespace apps::fabtwin
