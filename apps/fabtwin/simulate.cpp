// fabtwin simulate: one fab, one rule, as many replications as wished.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/csv.hpp"
#include "apps/fabtwin/event_file.hpp"
#include "apps/fabtwin/execute.hpp"
#include "apps/fabtwin/exit.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/json.hpp"
#include "apps/fabtwin/saved_run.hpp"
#include "twin/core/archive.hpp"
#include "twins/fab/report/report.hpp"

namespace apps::fabtwin {
namespace {

struct SimulateFlags : RunFlags {
  bool json = false;
  std::string csv, save, resume, events, report;
};

Exit run_simulation(const SimulateFlags& flags) {
  const Prepared prepared = prepare(read_fab(flags.path, flags.intervals_min), flags);
  const RunHead head = head_of(*prepared.layout, prepared.theta, prepared.run);
  ExecuteOptions options;
  if (!flags.resume.empty()) {
    or_fail(Exit::BadInput, [&] {
      SavedRun saved = read_saved_run(flags.resume);
      expect_same_run(saved, head, flags.resume);
      for (SavedReplication& r : saved.replications)
        options.resume.push_back(std::move(r.replication));
    });
  }
  if (!flags.events.empty()) or_fail(Exit::Usage, [&] { return log_form_of(flags.events); });
  or_fail(Exit::Failed, [&] {
    if (!flags.events.empty()) expect_writable(flags.events);
    if (!flags.report.empty()) expect_writable(flags.report);
    if (!flags.save.empty()) expect_writable(flags.save);
    if (!flags.csv.empty()) make_folder(flags.csv);
  });
  if (!flags.save.empty()) options.keep = Keep::Replications;

  const Interrupt interrupt;
  options.stop = &interrupt.asked();
  Executed run = execute(prepared, std::move(options));
  const bool stopped = !stop_line(run.result).empty();

  if (!flags.save.empty()) {
    SavedRun saved{.head = head, .replications = {}};
    for (auto& r : run.kept) saved.replications.emplace_back(std::move(r));
    write_file(flags.save, twin::core::save(saved));
  }
  if (run.result.replications.empty()) {
    fmt::print(stderr, "fabtwin: interrupted before the warm-up ended (no figures yet){}\n",
               flags.save.empty() ? "" : "; the run is saved");
    return Exit::Interrupted;
  }
  if (!flags.csv.empty()) {
    for (const auto& [name, text] : csv_files(*prepared.layout, run.result))
      write_file(std::filesystem::path(flags.csv) / name, std::string_view(text));
  }
  if (!flags.report.empty()) {
    const twins::fab::report::ReportInput page{
        prepared.layout.get(), &run.result, {}, {}, "fabtwin " FABTWIN_VERSION};
    write_file(flags.report, std::string_view(twins::fab::report::html_report(page)));
  }
  if (!flags.events.empty()) {
    const auto& logged = run.result.replications.front();
    write_event_file(flags.events, prepared,
                     {.member = logged.member,
                      .days = logged.kpi.to_day,
                      .stop = stopped ? nullptr : &interrupt.asked()});
  }
  const RunOutput output{*prepared.layout, prepared.theta, run.result, run.effort};
  print(flags.json ? json_result(output).dump(1) + "\n"
                   : summary(*prepared.layout, run.result, run.effort));
  return stopped || interrupt.asked() ? Exit::Interrupted : Exit::Ok;
}

}  // namespace

void add_simulate(Command& program) {
  const auto flags = std::make_shared<SimulateFlags>();
  Command& command = program.add_command(
      "simulate", "Run a fab: throughput, cycle times, on-time share, utilisation, queue times");
  add_data_set(command, flags->path);
  add_length(command, flags->run);
  add_rule(command, flags->run);
  add_model(command, *flags);
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.add_option("--csv", flags->csv, "write classes.csv, groups.csv, windows.csv, days.csv")
      .type_name("DIR");
  command
      .add_option("--events", flags->events,
                  "write the first replication's events: .ftel compact log, .csv, .json OCEL 2.0, "
                  ".xes")
      .type_name("FILE");
  command.add_option("--report", flags->report, "write one HTML page with plots, for a browser")
      .type_name("FILE");
  command
      .add_option("--save", flags->save,
                  "write the run at its end, or where it is interrupted, to go on with later")
      .type_name("FILE");
  command
      .add_option("--resume", flags->resume,
                  "go on with a saved run: the same options, --days and --replications may grow")
      .type_name("FILE");
  command.footer(
      "Examples:\n"
      "  fabtwin simulate data/example-fab\n"
      "  fabtwin simulate data/example-fab --days 365 --warmup 90 --replications 10\n"
      "  fabtwin simulate data/example-fab --rule cr --set mttr.Litho=1.2 --json\n"
      "  fabtwin simulate data/example-fab --report fab.html --events fab.ftel --csv figures\n"
      "  fabtwin simulate data/example-fab --save run.ftr\n"
      "  fabtwin simulate data/example-fab --days 1460 --resume run.ftr");
  command.action([flags] { return run_simulation(*flags); });
}

}  // namespace apps::fabtwin
