#include "apps/fabtwin/figures.hpp"

#include <array>

namespace apps::fabtwin {

using twins::fab::ClassKpi;
using twins::fab::Estimate;
using twins::fab::GroupKpi;
using twins::fab::Kpi;
using twins::fab::RunResult;
using twins::fab::WindowKpi;

bool is_unknown(const Figure<ClassKpi>& figure, const ClassKpi& kpi) {
  if (figure.basis == Basis::Time) return false;
  return kpi.finished <= 0.0 || (figure.basis == Basis::Ages && kpi.initial);
}

std::span<const Figure<ClassKpi>> class_figures() {
  static constexpr std::array All = {
      Figure<ClassKpi>{"released", "lots", &ClassKpi::released, Basis::Time,
                       "lots that entered the fab"},
      Figure<ClassKpi>{"finished", "lots", &ClassKpi::finished, Basis::Time,
                       "lots that left it complete"},
      Figure<ClassKpi>{"wafers", "wafers", &ClassKpi::wafers, Basis::Time,
                       "wafers of the finished lots"},
      Figure<ClassKpi>{"throughput_per_day", "lots/day", &ClassKpi::throughput_per_day, Basis::Time,
                       "finished lots a day"},
      Figure<ClassKpi>{"cycle_days", "day", &ClassKpi::cycle_days, Basis::Ages,
                       "mean cycle time, from release to finish"},
      Figure<ClassKpi>{"cycle_days_sd", "day", &ClassKpi::cycle_days_sd, Basis::Ages,
                       "standard deviation of the cycle time over lots"},
      Figure<ClassKpi>{"cycle_p05", "day", &ClassKpi::cycle_p05, Basis::Ages,
                       "5 % of the lots are faster (bins of 1.5 %)"},
      Figure<ClassKpi>{"cycle_p50", "day", &ClassKpi::cycle_p50, Basis::Ages, "median cycle time"},
      Figure<ClassKpi>{"cycle_p95", "day", &ClassKpi::cycle_p95, Basis::Ages,
                       "5 % of the lots are slower"},
      Figure<ClassKpi>{"flow_factor", "1", &ClassKpi::flow_factor, Basis::Ages,
                       "cycle time over raw process time with transport and rework"},
      Figure<ClassKpi>{"x_factor", "1", &ClassKpi::x_factor, Basis::Ages,
                       "cycle time over raw process time alone"},
      Figure<ClassKpi>{"on_time", "1", &ClassKpi::on_time, Basis::Lots,
                       "share of the finished lots that met their due date"},
      Figure<ClassKpi>{"tardy_days", "day", &ClassKpi::tardy_days, Basis::Lots,
                       "mean lateness, where early lots count as 0"},
      Figure<ClassKpi>{"weighted_tardy_days", "day", &ClassKpi::weighted_tardy_days, Basis::Lots,
                       "the same, each lot times its weight"},
      Figure<ClassKpi>{"wip", "lots", &ClassKpi::wip, Basis::Time,
                       "lots in the fab, mean over time"},
  };
  return All;
}

std::span<const Figure<GroupKpi>> group_figures() {
  static constexpr std::array All = {
      Figure<GroupKpi>{"utilisation", "1", &GroupKpi::utilisation, Basis::Time,
                       "share of available time in setup, load, process, unload"},
      Figure<GroupKpi>{"availability", "1", &GroupKpi::availability, Basis::Time,
                       "share of all tool time that is neither down nor maintenance"},
      Figure<GroupKpi>{"down", "1", &GroupKpi::down, Basis::Time,
                       "share of all tool time in breakdowns"},
      Figure<GroupKpi>{"pm", "1", &GroupKpi::pm, Basis::Time,
                       "share of all tool time in maintenance"},
      Figure<GroupKpi>{"setup", "1", &GroupKpi::setup, Basis::Time,
                       "share of all tool time in setups"},
      Figure<GroupKpi>{"process", "1", &GroupKpi::process, Basis::Time,
                       "share of all tool time in processing"},
      Figure<GroupKpi>{"load", "1", &GroupKpi::load, Basis::Time,
                       "share of all tool time in loading"},
      Figure<GroupKpi>{"unload", "1", &GroupKpi::unload, Basis::Time,
                       "share of all tool time in unloading"},
      Figure<GroupKpi>{"idle", "1", &GroupKpi::idle, Basis::Time,
                       "share of all tool time without a job"},
      Figure<GroupKpi>{"jobs", "jobs", &GroupKpi::jobs, Basis::Time,
                       "jobs started (a batch is one)"},
      Figure<GroupKpi>{"lots", "lots", &GroupKpi::lots, Basis::Time, "lots in these jobs"},
      Figure<GroupKpi>{"wafers", "wafers", &GroupKpi::wafers, Basis::Time, "wafers in these jobs"},
      Figure<GroupKpi>{"wait_hours", "h", &GroupKpi::wait_hours, Basis::Time,
                       "mean wait in the queue, of the lots started"},
      Figure<GroupKpi>{"queue", "lots", &GroupKpi::queue, Basis::Time,
                       "lots in the queue, mean over time"},
      Figure<GroupKpi>{"batch_fill", "1", &GroupKpi::batch_fill, Basis::Time,
                       "wafers of the batches over their maximum; 0: no batches"},
      Figure<GroupKpi>{"setup_share", "setups/job", &GroupKpi::setup_share, Basis::Time,
                       "setups a job"},
      Figure<GroupKpi>{"reworks", "lots", &GroupKpi::reworks, Basis::Time,
                       "lots sent back after a step of the group"},
      Figure<GroupKpi>{"skipped", "lots", &GroupKpi::skipped, Basis::Time,
                       "lots that sampling passed over a step of the group"},
  };
  return All;
}

std::span<const Figure<WindowKpi>> window_figures() {
  static constexpr std::array All = {
      Figure<WindowKpi>{"closed", "windows", &WindowKpi::closed, Basis::Time,
                        "queue-time windows that ended"},
      Figure<WindowKpi>{"violated", "1", &WindowKpi::violated, Basis::Time,
                        "share of them that ended after their limit"},
      Figure<WindowKpi>{"over_1h", "1", &WindowKpi::over_1h, Basis::Time,
                        "share that ended more than 1 h after it"},
      Figure<WindowKpi>{"over_2h", "1", &WindowKpi::over_2h, Basis::Time,
                        "share that ended more than 2 h after it"},
      Figure<WindowKpi>{"over_4h", "1", &WindowKpi::over_4h, Basis::Time,
                        "share that ended more than 4 h after it"},
      Figure<WindowKpi>{"violation_hours", "h", &WindowKpi::violation_hours, Basis::Time,
                        "mean time beyond the limit; 0 where it was kept"},
      Figure<WindowKpi>{"slack_hours", "h", &WindowKpi::slack_hours, Basis::Time,
                        "mean time left to the limit; 0 where it was not kept"},
  };
  return All;
}

std::span<const Figure<Kpi>> fab_figures() {
  static constexpr std::array All = {
      Figure<Kpi>{"wip", "lots", &Kpi::wip, Basis::Time, "lots in the fab, mean over time"},
      Figure<Kpi>{"moves_per_day", "lot-steps/day", &Kpi::moves_per_day, Basis::Time,
                  "steps begun a day, of all lots"},
      Figure<Kpi>{"turns", "1/day", &Kpi::turns, Basis::Time,
                  "moves a day over the lots in the fab"},
      Figure<Kpi>{"starts_per_day", "lots/day", &Kpi::starts_per_day, Basis::Time,
                  "lots released a day"},
      Figure<Kpi>{"outs_per_day", "lots/day", &Kpi::outs_per_day, Basis::Time,
                  "lots finished a day"},
      Figure<Kpi>{"events", "events", &Kpi::events, Basis::Time, "events of the simulation"},
  };
  return All;
}

Estimate over_replications(const RunResult& result, const OfKpi& figure) {
  std::vector<double> values;
  for (const auto& r : result.replications) values.push_back(figure(r.kpi));
  return twins::fab::estimate(values);
}

Estimate over_replications(const RunResult& result, const ClassOfKpi& of,
                           const Figure<ClassKpi>& figure) {
  std::vector<double> values;
  for (const auto& r : result.replications) {
    const ClassKpi& k = of(r.kpi);
    if (!is_unknown(figure, k)) values.push_back(k.*figure.value);
  }
  return twins::fab::estimate(values);
}

}  // namespace apps::fabtwin
