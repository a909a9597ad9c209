// fabtwin validate: how far forecasts of a fab can be trusted, judged by an event log.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <thread>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/event_source.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/limits_file.hpp"
#include "apps/fabtwin/posterior_file.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/table.hpp"
#include "apps/fabtwin/vvuq_page.hpp"
#include "twin/core/hash.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/log_sink.hpp"

namespace apps::fabtwin {
namespace {

namespace validate_ns = twins::fab::validate;
using twin::score::vvuq::QuantityReport;
using twin::score::vvuq::VvuqReport;
using twins::fab::Tick;

constexpr double RefusedMost =
    0.05;  // share of events that may not fit before the log is another fab's
constexpr std::uint32_t TruthMember =
    0xffffffffU;  // of the hidden truth: no forecast has its draws

struct ValidateFlags {
  RunFlags run;
  std::string events, json, report, thresholds, posterior;
  std::vector<std::string> hidden;  // "PARAM=VALUE" of the simulated truth
  double days = 40.0;
  validate_ns::RollingOptions rolling;
};

struct Reality {
  Tick from = 0, until = 0;
  std::string damage;
};

Tick ticks_validate(double days) {
  return static_cast<Tick>(std::llround(days * twins::fab::DayMs));
}

// The hidden truth tells its events to the validation as a log would.
void simulate_truth(const twins::fab::AnyFab& fab, const std::vector<double>& theta,
                    std::uint64_t seed, validate_ns::Rolling& rolling, Tick until) {
  const twin::core::Draw draw{seed, TruthMember};
  twins::fab::State x = fab.initial(theta, draw);
  twins::fab::LogSink log(fab.layout(), x, [&](std::span<const twin::event::Event> batch) {
    for (const twin::event::Event& e : batch) rolling.saw(e);
  });
  fab.advance(x, theta, until, draw, log);
}

std::string fingerprint_of(const ValidateFlags& f, const std::vector<double>& theta) {
  twin::core::Hash64 hash;
  hash.absorb(theta.data(), theta.size() * sizeof(double));
  hash.absorb(f.rolling.horizons_days.data(), f.rolling.horizons_days.size() * sizeof(double));
  const double rest[] = {f.rolling.from_days, f.rolling.every_days,
                         static_cast<double>(f.rolling.members),
                         static_cast<double>(f.rolling.groups)};
  hash.absorb(rest, sizeof rest);
  return fmt::format("{:016x}", hash.digest());
}

std::string limits_text(const QuantityReport& q) {
  std::string text;
  for (const auto& c : q.criteria)
    if (c.outcome != twin::score::vvuq::Outcome::Met)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", c.measure, to_string(c.outcome));
  if (q.effective < q.acceptance.least_effective)
    return fmt::format("{:.0f} occasions", q.effective);
  return text;
}

std::string as_text_validate(const VvuqReport& r) {
  std::string text =
      fmt::format("{}\n{}, {}\n\n", r.identity.twin, r.identity.data, r.identity.period);
  Table table({"quantity", "days", "occasions", "mean", "bias", "CRPS", "skill", "coverage",
               "verdict", "why"});
  std::size_t fit = 0, unfit = 0;
  for (const QuantityReport& q : r.quantities) {
    fit += q.verdict == twin::score::vvuq::Verdict::Fit;
    unfit += q.verdict == twin::score::vvuq::Verdict::NotFit;
    if (q.name.starts_with("WIP of ")) continue;
    std::optional<double> skill;
    double best = 0.0;
    for (const auto& s : q.references)
      if (!skill || s.crps < best) skill = s.skill, best = s.crps;
    table.row({q.name, fmt::format("{:g}", q.horizon),
               fmt::format("{} ({:.0f})", q.occasions, q.effective),
               fmt::format("{:.4g}", q.mean_came), fmt::format("{:.2g}", q.bias),
               fmt::format("{:.3g}", q.crps), skill ? fmt::format("{:.2f}", *skill) : "-",
               fmt::format("{:.2f}", q.coverage), std::string(to_string(q.verdict)),
               limits_text(q)});
  }
  text += table.text();
  text += fmt::format(
      "\n{} quantities: {} fit for the use, {} not, {} not enough evidence "
      "(the WIP of each area is in the report)\n",
      r.quantities.size(), fit, unfit, r.quantities.size() - fit - unfit);
  for (const auto& m : r.monitors)
    for (const std::string& why : m.reasons)
      text += fmt::format("validate again: {}: {}\n", m.quantity, why);
  for (const auto& d : r.domain)
    if (d.outside)
      text += fmt::format("extrapolation: {} is {:g} {}, validated from {:g} to {:g}\n", d.input,
                          d.now, d.unit, d.low, d.high);
  for (const auto& c : r.code_verification)
    if (!c.passed)
      text += fmt::format("check failed: {} is {:g}, must be {:g}\n", c.name, c.value, c.expected);
  return text;
}

Exit validate(const ValidateFlags& flags) {
  const bool own = flags.events.empty();
  if (!own && !flags.hidden.empty())
    throw Failure(Exit::Usage, "--hidden (a log has its truth already) leave out --events?");
  if (!flags.posterior.empty() && !flags.run.theta_file.empty())
    throw Failure(Exit::Usage,
                  "--posterior and --theta (both say what the parameters are) leave out one?");
  or_fail(Exit::Usage, [&] { validate_ns::check_options(flags.rolling); });
  if (!(flags.days > 0.0 && flags.days <= 3650.0))
    throw Failure(Exit::Usage,
                  fmt::format("--days {} (must be above 0 and at most 3650)", flags.days));
  RunFlags run = flags.run;
  run.run.days = flags.days;
  const Prepared prepared = prepare(read_fab(run.path, run.intervals_min), run);
  const auto fab = twins::fab::make_fab(prepared.layout, prepared.run.rule);
  validate_ns::Limits limits;
  if (!flags.thresholds.empty())
    limits = or_fail(Exit::BadInput, [&] { return read_limits(flags.thresholds); });
  Posteriors posteriors{{prepared.theta}, {}};
  if (!flags.posterior.empty())
    posteriors = or_fail(Exit::BadInput, [&] {
      return read_posteriors(*prepared.layout, flags.posterior, flags.rolling.members,
                             flags.rolling.seed);
    });
  for (const std::string& out : {flags.json, flags.report})
    if (!out.empty()) or_fail(Exit::Failed, [&] { return expect_writable(out); });

  Reality reality;
  if (own) {
    reality.until = ticks_validate(flags.days);
  } else {  // its length is needed before its first event is judged
    const LogSpan span = or_fail(Exit::BadInput, [&] {
      return read_events(*prepared.layout, flags.events, [](auto&) { return Reading::GoesOn; });
    });
    reality = {span.from, span.until, span.damage};
    if (!span.damage.empty())
      fmt::print(stderr, "fabtwin: {}; what stands before is used\n", span.damage);
  }
  auto rolling = or_fail(own ? Exit::Usage : Exit::BadInput, [&] {
    return validate_ns::Rolling(*fab, flags.rolling, reality.from, reality.until);
  });
  if (own) {
    RunFlags truth;
    truth.set = flags.hidden;
    const auto theta = or_fail(Exit::Usage, [&] { return theta_of(*prepared.layout, truth); });
    simulate_truth(*fab, theta, flags.rolling.seed, rolling, reality.until);
  } else {
    or_fail(Exit::BadInput, [&] {
      return read_events(*prepared.layout, flags.events, [&](const twin::event::Event& e) {
        rolling.saw(e);
        return Reading::GoesOn;
      });
    });
  }
  const double refused = refused_share(rolling.so_far());
  if (refused > RefusedMost)
    throw Failure(Exit::BadInput,
                  fmt::format("{}: {:.0f} % of its events do not fit the fab (a log must begin at "
                              "time zero of its data set, before its first lot)",
                              flags.events, 100.0 * refused));
  const validate_ns::Rolled rolled =
      rolling.finish({posteriors.theta, prepared.layout->nominal_theta()});
  validate_ns::About about;
  about.parameters = posteriors.parameters;
  about.identity = {
      prepared.layout->description.name,
      "fabtwin " FABTWIN_VERSION ", rule " + prepared.run.rule,
      fingerprint_of(flags, posteriors.theta.front()),
      flags.rolling.seed,
      own ? "a simulated truth, hidden from the forecasts" : flags.events,
      fmt::format("day {:.1f} to day {:.1f}", static_cast<double>(reality.from) / twins::fab::DayMs,
                  static_cast<double>(reality.until) / twins::fab::DayMs),
      "fabtwin " FABTWIN_VERSION ", C++20, " __VERSION__};
  if (own)
    about.own_truth =
        "Reality is this model itself: what is shown is that forecasts are made and judged "
        "rightly, "
        "not that a real fab behaves so";
  const VvuqReport report = report_of(*prepared.layout, rolled, limits, about);
  print(as_text_validate(report));
  if (!flags.json.empty())
    or_fail(Exit::Failed, [&] { write_file(flags.json, std::string_view(to_json(report))); });
  if (!flags.report.empty())
    or_fail(Exit::Failed, [&] { write_file(flags.report, std::string_view(vvuq_page(report))); });
  return Exit::Ok;
}

}  // namespace

void add_validate(Command& program) {
  const auto flags = std::make_shared<ValidateFlags>();
  validate_ns::RollingOptions& r = flags->rolling;
  r.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 1024U);
  Command& command = program.add_command(
      "validate", "How far forecasts of the fab can be trusted, judged by an event log");
  add_data_set(command, flags->run.path);
  command
      .add_option(
          "--events", flags->events,
          "the fab's event log (.ftel), from its time zero on; without it a truth is simulated, "
          "hidden from the forecasts")
      .type_name("FILE");
  command
      .add_option("--theta", flags->run.theta_file,
                  "parameters of the forecasts, as calibrate --out writes them; the data set's own "
                  "values become a reference")
      .type_name("FILE");
  command
      .add_option("--posterior", flags->posterior,
                  "what calibrate --json prints: each member draws its parameters from it")
      .type_name("FILE");
  add_rule(command, flags->run.run);
  command.add_option(
      "--from", r.from_days,
      "first forecast, after the log's beginning [day] (default: the longest horizon)");
  command.add_option("--every", r.every_days, "from forecast to forecast [day]").shows_default();
  command.add_option("--horizon-days", r.horizons_days, "how far ahead, with commas [day]")
      .comma_separated()
      .type_name("X,X,...");
  command.add_option("--members", r.members, "copies of the fab a forecast runs ahead")
      .shows_default();
  command.add_option("--groups", r.groups, "tool groups whose utilisation is judged, the busiest")
      .shows_default();
  command.add_option("--seed", r.seed, "decides every chance").shows_default();
  command.add_option("--threads", r.threads,
                     "copies at once (default: as many as cores); results do not depend on it");
  command.add_option("--days", flags->days, "length of a simulated truth [day]").shows_default();
  command
      .add_option(
          "--hidden", flags->hidden,
          "one parameter of a simulated truth, of which the forecasts do not know (repeatable)")
      .type_name("PARAM=VALUE")
      .repeatable();
  command
      .add_option("--thresholds", flags->thresholds,
                  "limits that a quantity must keep to be fit (TOML)")
      .type_name("FILE");
  command.add_option("--json", flags->json, "write the report for programs").type_name("FILE");
  command.add_option("--report", flags->report, "write the report as an HTML page")
      .type_name("FILE");
  command.footer(
      "docs/validation.md says how to read the report and how verdicts are made.\n"
      "Examples:\n"
      "  fabtwin validate data/example-fab --report vvuq.html\n"
      "  fabtwin validate data/example-fab --events log.ftel --theta theta.json --json vvuq.json\n"
      "  fabtwin validate data/example-fab --hidden process.LithoScan_1=1.2");
  command.action([flags] { return validate(*flags); });
}

}  // namespace apps::fabtwin
