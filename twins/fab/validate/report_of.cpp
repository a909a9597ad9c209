#include "twins/fab/validate/report_of.hpp"

#include <cmath>
#include <utility>

#include "twin/score/crps.hpp"
#include "twin/score/cusum_run_length.hpp"
#include "twin/score/grid_convergence.hpp"
#include "twin/score/watch.hpp"

namespace twins::fab::validate {

namespace vvuq = twin::score::vvuq;

namespace {

bool is_refused(Applied a) { return a != Applied::Moved && a != Applied::NotAMove; }

// Of one quantity, its forecasts in the order in which reality came. What had no value to compare (no lot finished) is
// no sensor that was silent.
vvuq::MonitorReport monitor(const vvuq::QuantityInput& q, const twin::score::Watch& fresh) {
  twin::score::Watch watch = fresh;
  vvuq::MonitorReport r;
  r.quantity = q.name;
  for (const vvuq::Occasion& o : q.occasions) {
    watch.add(o.members, o.came, o.u);
    r.z.push_back(watch.last_z());
    r.mean_up.push_back(watch.mean().up());
    r.mean_down.push_back(watch.mean().down());
    r.spread_up.push_back(watch.spread().up());
    r.spread_down.push_back(watch.spread().down());
  }
  r.seen = watch.count();
  r.missing = watch.missing();
  r.due = watch.due();
  r.threshold = watch.threshold();
  r.false_alarm_every = twin::score::WatchOptions{}.false_alarm_every;
  for (const twin::score::Reason& reason : watch.reasons()) {
    std::string words(to_string(reason.cause));
    if (reason.change != twin::score::Change::None)
      words += reason.change == twin::score::Change::Up ? " upwards" : " downwards";
    r.reasons.push_back(words + " since forecast " + std::to_string(reason.since) +
                        ", found at forecast " + std::to_string(reason.found));
  }
  return r;
}

bool is_area(const std::string& name) { return name.starts_with("WIP of "); }

std::vector<vvuq::DomainCheck> domain_of(const Layout& m, const Rolled& rolled) {
  std::vector<vvuq::DomainCheck> checks;
  const auto add = [&](std::string name, const std::string& unit, const auto& value) {
    std::vector<double> seen;
    for (const Snapshot& s : rolled.origins) seen.push_back(value(s));
    if (!seen.empty())
      checks.push_back(vvuq::domain_check(std::move(name), unit, seen, value(rolled.now)));
  };
  add("WIP", "lots", [](const Snapshot& s) { return s.wip; });
  add("Tools down", "tools", [](const Snapshot& s) { return s.down; });
  for (std::size_t a = 0; a < m.areas.size(); ++a)
    add("WIP of " + m.areas[a], "lots", [a](const Snapshot& s) { return s.area_wip[a]; });
  return checks;
}

}  // namespace

const vvuq::Acceptance& Limits::for_quantity(const std::string& name) const {
  const vvuq::Acceptance* best = &all;
  std::size_t length = 0;
  for (const auto& [prefix, acceptance] : of) {
    if (!name.starts_with(prefix) || prefix.size() < length) continue;
    best = &acceptance;
    length = prefix.size();
  }
  return *best;
}

double refused_share(const Rolled& rolled) {
  std::uint64_t moves = 0, refused = 0;
  for (std::size_t k = 0; k < rolled.applied.size(); ++k) {
    if (static_cast<Applied>(k) == Applied::NotAMove) continue;
    moves += rolled.applied[k];
    if (is_refused(static_cast<Applied>(k))) refused += rolled.applied[k];
  }
  return moves == 0 ? 0.0 : static_cast<double>(refused) / static_cast<double>(moves);
}

std::vector<vvuq::Check> code_checks(const Rolled& rolled) {
  const auto grids = twin::score::grid_convergence({0.97050, 0.96854, 0.96178, 2.0, 2.0, 1.25});
  return {
      vvuq::check("CRPS of a normal forecast at its mean", "(sqrt 2 - 1) / sqrt pi",
                  twin::score::normal_crps(0.0, 1.0, 0.0), 0.2336949773, 1e-10),
      vvuq::check("CRPS of a normal forecast, one deviation off", "closed form",
                  twin::score::normal_crps(0.0, 1.0, 1.0), 0.6024413576, 1e-10),
      vvuq::check("Observed order of convergence", "Roache 1994, three grids",
                  grids.extrapolation.value_or(twin::score::Extrapolation{}).order, 1.7861696,
                  1e-6),
      vvuq::check("Run length of a CUSUM, slack 0.5, threshold 5", "integral equation, 465.4",
                  twin::score::run_length({0.5, 5.0}, 0.0), 465.44, 0.05),
      vvuq::check("Rules of the fab broken by forecasts at their start", "invariants of the State",
                  static_cast<double>(rolled.broken_rules), 0.0, 0.0),
  };
}

vvuq::VvuqReport report_of(const Layout& m, const Rolled& rolled, const Limits& limits,
                           About about) {
  vvuq::VvuqReport r;
  r.identity = std::move(about.identity);
  r.use.purpose =
      "Forecasts of a running fab, some days ahead: how much work will be where, what will be "
      "finished when, which tools will be busy";
  r.use.decisions = "Dates promised, dispatching rules and maintenance plans compared";
  r.use.acceptance = limits.all;
  r.code_verification = code_checks(rolled);
  double shortest = 0.0;
  const twin::score::Watch fresh;
  for (const vvuq::QuantityInput& q : rolled.quantities) {
    if (r.quantities.empty()) shortest = q.horizon;
    r.quantities.push_back(vvuq::judge(q, limits.for_quantity(q.name)));
    const vvuq::QuantityReport& judged = r.quantities.back();
    const bool lots = q.name == "Completion of lots";
    if (q.horizon != shortest) continue;
    r.use.quantities.push_back(q.name);
    if (is_area(q.name)) continue;
    if (!lots) r.monitors.push_back(monitor(q, fresh));
    if (judged.occasions == 0) continue;
    r.solution_verification.push_back(
        {q.name + ": mean of the members", "Monte Carlo standard error", q.unit,
         std::sqrt(judged.uncertainty.numerical.value_or(0.0)), judged.mean_came});
    r.solution_verification.push_back({q.name + ": mean CRPS", "standard error over occasions",
                                       q.unit, judged.crps_error, judged.crps});
  }
  r.solution_verification.push_back({"Every duration", "rounding to whole ticks of 1 ms", "ms", 0.5,
                                     m.steps.empty() ? 0.0 : m.steps.front().process_ms});
  r.parameters = std::move(about.parameters);
  r.data_quality.push_back({"events read", rolled.events});
  for (std::size_t k = 0; k < rolled.applied.size(); ++k) {
    const auto outcome = static_cast<Applied>(k);
    if (rolled.applied[k] == 0 && outcome != Applied::Moved && outcome != Applied::Late) continue;
    r.data_quality.push_back(
        {(is_refused(outcome) ? "left out: " : "") + std::string(to_string(outcome)),
         rolled.applied[k]});
  }
  r.domain = domain_of(m, rolled);
  r.not_assessed = {
      "Sensitivity of the forecasts to single parameters (Sobol, Morris)",
      "Discretisation by GCI: the model is event by event, with no grid or step to refine"};
  if (r.parameters.empty())
    r.not_assessed.emplace_back(
        "Epistemic uncertainty: one set of parameters for all members, none calibrated");
  r.limits = {
      "Releases follow the data set's schedule; orders changed by people are not foreseen",
      "Lots on hold stay on hold; holds to come, scrap and splits are not foreseen",
      "Operators, carriers, consumables and chambers within a tool are not modelled",
      "The dispatching rule is assumed to be followed exactly",
      "Several causes of breakdown of one tool: which one stands is not told by the mirror"};
  if (!about.own_truth.empty()) r.limits.insert(r.limits.begin(), about.own_truth);
  return r;
}

}  // namespace twins::fab::validate
