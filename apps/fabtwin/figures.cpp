#include "apps/fabtwin/figures.hpp"

#include <array>

namespace apps::fabtwin {

using twins::fab::ClassKpi;
using twins::fab::Estimate;
using twins::fab::GroupKpi;
using twins::fab::Kpi;
using twins::fab::RunResult;
using twins::fab::WindowKpi;

std::span<const Figure<ClassKpi>> class_figures() {
  static constexpr std::array All = {
      Figure<ClassKpi>{"released", "lots", &ClassKpi::released},
      Figure<ClassKpi>{"finished", "lots", &ClassKpi::finished},
      Figure<ClassKpi>{"wafers", "wafers", &ClassKpi::wafers},
      Figure<ClassKpi>{"throughput_per_day", "lots/day", &ClassKpi::throughput_per_day},
      Figure<ClassKpi>{"cycle_days", "day", &ClassKpi::cycle_days, Basis::Lots},
      Figure<ClassKpi>{"cycle_days_sd", "day", &ClassKpi::cycle_days_sd, Basis::Lots},
      Figure<ClassKpi>{"cycle_p05", "day", &ClassKpi::cycle_p05, Basis::Lots},
      Figure<ClassKpi>{"cycle_p50", "day", &ClassKpi::cycle_p50, Basis::Lots},
      Figure<ClassKpi>{"cycle_p95", "day", &ClassKpi::cycle_p95, Basis::Lots},
      Figure<ClassKpi>{"flow_factor", "1", &ClassKpi::flow_factor, Basis::Lots},
      Figure<ClassKpi>{"x_factor", "1", &ClassKpi::x_factor, Basis::Lots},
      Figure<ClassKpi>{"on_time", "1", &ClassKpi::on_time, Basis::Lots},
      Figure<ClassKpi>{"tardy_days", "day", &ClassKpi::tardy_days, Basis::Lots},
      Figure<ClassKpi>{"weighted_tardy_days", "day", &ClassKpi::weighted_tardy_days, Basis::Lots},
      Figure<ClassKpi>{"wip", "lots", &ClassKpi::wip},
  };
  return All;
}

std::span<const Figure<GroupKpi>> group_figures() {
  static constexpr std::array All = {
      Figure<GroupKpi>{"utilisation", "1", &GroupKpi::utilisation},
      Figure<GroupKpi>{"availability", "1", &GroupKpi::availability},
      Figure<GroupKpi>{"down", "1", &GroupKpi::down},
      Figure<GroupKpi>{"pm", "1", &GroupKpi::pm},
      Figure<GroupKpi>{"setup", "1", &GroupKpi::setup},
      Figure<GroupKpi>{"process", "1", &GroupKpi::process},
      Figure<GroupKpi>{"load", "1", &GroupKpi::load},
      Figure<GroupKpi>{"unload", "1", &GroupKpi::unload},
      Figure<GroupKpi>{"idle", "1", &GroupKpi::idle},
      Figure<GroupKpi>{"jobs", "jobs", &GroupKpi::jobs},
      Figure<GroupKpi>{"lots", "lots", &GroupKpi::lots},
      Figure<GroupKpi>{"wafers", "wafers", &GroupKpi::wafers},
      Figure<GroupKpi>{"wait_hours", "h", &GroupKpi::wait_hours},
      Figure<GroupKpi>{"queue", "lots", &GroupKpi::queue},
      Figure<GroupKpi>{"batch_fill", "1", &GroupKpi::batch_fill},
      Figure<GroupKpi>{"setup_share", "setups/job", &GroupKpi::setup_share},
      Figure<GroupKpi>{"reworks", "lots", &GroupKpi::reworks},
      Figure<GroupKpi>{"skipped", "lots", &GroupKpi::skipped},
  };
  return All;
}

std::span<const Figure<WindowKpi>> window_figures() {
  static constexpr std::array All = {
      Figure<WindowKpi>{"closed", "windows", &WindowKpi::closed},
      Figure<WindowKpi>{"violated", "1", &WindowKpi::violated},
      Figure<WindowKpi>{"over_1h", "1", &WindowKpi::over_1h},
      Figure<WindowKpi>{"over_2h", "1", &WindowKpi::over_2h},
      Figure<WindowKpi>{"over_4h", "1", &WindowKpi::over_4h},
      Figure<WindowKpi>{"violation_hours", "h", &WindowKpi::violation_hours},
      Figure<WindowKpi>{"slack_hours", "h", &WindowKpi::slack_hours},
  };
  return All;
}

std::span<const Figure<Kpi>> fab_figures() {
  static constexpr std::array All = {
      Figure<Kpi>{"wip", "lots", &Kpi::wip},
      Figure<Kpi>{"moves_per_day", "lot-steps/day", &Kpi::moves_per_day},
      Figure<Kpi>{"turns", "1/day", &Kpi::turns},
      Figure<Kpi>{"starts_per_day", "lots/day", &Kpi::starts_per_day},
      Figure<Kpi>{"outs_per_day", "lots/day", &Kpi::outs_per_day},
      Figure<Kpi>{"events", "events", &Kpi::events},
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
    if (figure.basis == Basis::Time || k.finished > 0.0) values.push_back(k.*figure.value);
  }
  return twins::fab::estimate(values);
}

}  // namespace apps::fabtwin
