// fabtwin sweep: the operating curve, one run a load.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/execute.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/operating_curve.hpp"
#include "twins/fab/report/report.hpp"

namespace apps::fabtwin {
namespace {

struct SweepFlags : RunFlags {
  std::vector<double> loads = {0.5, 0.7, 0.8, 0.9, 0.95, 1.0};
  bool json = false;
  std::string csv, report;
};

// The page shows the run nearest to the data set's own load, and the curve beside it.
struct RunAtLoad {
  double load = 1e9;
  std::shared_ptr<const twins::fab::Layout> layout;
  twins::fab::RunResult result;
};

std::string report_of(const RunAtLoad& run, std::vector<CurvePoint> curve) {
  std::ranges::sort(curve, {}, &CurvePoint::load);
  twins::fab::report::ReportInput page{
      run.layout.get(), &run.result, {}, {}, "fabtwin " FABTWIN_VERSION};
  for (const CurvePoint& p : curve)
    page.operating_curve.push_back({p.load, p.flow_factor.mean, p.p05, p.p50, p.p95});
  return twins::fab::report::html_report(page);
}

Exit run_sweep(const SweepFlags& flags) {
  const twins::fab::Description fab = read_fab(flags.path, flags.intervals_min);
  std::vector<Prepared> prepared;
  std::vector<std::string> labels;
  const RunFlags& common = flags;
  for (const double load : flags.loads) {
    RunFlags one = common;
    one.load = load;
    prepared.push_back(prepare(fab, one));
    labels.push_back(fmt::format("load {}", load));
  }
  or_fail(Exit::Failed, [&] {
    if (!flags.csv.empty()) expect_writable(flags.csv);
    if (!flags.report.empty()) expect_writable(flags.report);
  });
  const Interrupt interrupt;
  std::vector<CurvePoint> curve;
  RunAtLoad nearest;
  const auto take = [&](std::size_t i, twins::fab::RunResult complete) {
    curve.push_back(curve_point(*prepared[i].layout, complete));
    if (std::abs(flags.loads[i] - 1.0) < std::abs(nearest.load - 1.0))
      nearest = {flags.loads[i], prepared[i].layout, std::move(complete)};
  };
  const Effort effort = execute_each(prepared, labels, interrupt.asked(), take);
  const Exit exit = interrupt.asked() ? Exit::Interrupted : Exit::Ok;
  if (curve.empty()) {
    fmt::print(stderr, "fabtwin: interrupted before a replication was complete (no figures yet)\n");
    return exit;
  }
  if (!flags.csv.empty()) write_file(flags.csv, std::string_view(curve_csv(curve)));
  if (!flags.report.empty()) write_file(flags.report, std::string_view(report_of(nearest, curve)));
  const Prepared& first = prepared.front();
  if (flags.json) {
    Json json = json_head("sweep");
    json["data_set"] = json_data_set(*first.layout);
    json["run"] = json_run(*first.layout, first.theta, first.run);
    json["run"].erase("load");
    json["stopped"] = exit == Exit::Interrupted;
    json["curve"] = curve_json(curve);
    json["timing"] = json_timing(effort, first.run.threads);
    print(json.dump(1) + "\n");
    return exit;
  }
  print(title_of(*first.layout) + "; " + run_line(first.run) + "\n" +
        (exit == Exit::Interrupted ? "interrupted: complete replications only\n" : "") + "\n" +
        curve_table(curve));
  return exit;
}

}  // namespace

void add_sweep(Command& program) {
  const auto flags = std::make_shared<SweepFlags>();
  flags->run.warmup_days = 365.0;
  Command& command =
      program.add_command("sweep", "The operating curve: cycle time and WIP over load");
  add_data_set(command, flags->path);
  command.add_option("--loads", flags->loads, "releases, relative to the data set, with commas")
      .comma_separated()
      .type_name("X,X,...")
      .shows_default("0.5,0.7,0.8,0.9,0.95,1");
  add_length(command, flags->run);
  add_rule(command, flags->run);
  add_model(command, *flags);
  command.remove_option("--load");
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.add_option("--csv", flags->csv, "write the curve, one row a load").type_name("FILE");
  command.add_option("--report", flags->report, "write one HTML page with the curve and more")
      .type_name("FILE");
  command.footer(
      "Examples:\n"
      "  fabtwin sweep data/example-fab\n"
      "  fabtwin sweep data/example-fab --loads 0.8,0.9,1,1.02 --replications 5 --csv curve.csv");
  command.action([flags] { return run_sweep(*flags); });
}

}  // namespace apps::fabtwin
