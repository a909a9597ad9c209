#include "apps/fabtwin/commands.hpp"

#include <fmt/format.h>

#include "apps/fabtwin/files.hpp"

namespace apps::fabtwin {
void describe(Command& program) {
  program.describe("fabtwin: a digital twin of chip making. A fab is a folder of text files.");
  add_simulate(program);
  add_compare(program);
  add_sweep(program);
  add_check(program);
  add_calibrate(program);
  add_track(program);
  add_assimilate(program);
  add_validate(program);
  add_serve(program);
  add_plant(program);
  add_torture(program);
  add_verify(program);
  add_replay(program);
  add_export(program);
  add_backup(program);
  add_restore(program);
  add_fork(program);
  add_index(program);
  add_import_tool(program);
  add_generate(program);
  add_rules(program);
  add_bench(program);
  add_completion(program);
  add_manual(program);
  program.footer(
      "Examples:\n"
      "  fabtwin check data/example-fab\n"
      "  fabtwin simulate data/example-fab --days 365 --replications 5\n"
      "  fabtwin compare data/example-fab --rule fifo --rule cr\n"
      "  fabtwin simulate --help\n"
      "Exit status:\n"
      "  0    done\n"
      "  1    the run failed, or a result could not be written\n"
      "  2    wrong usage\n"
      "  3    a data set or a saved run is missing, broken or does not fit\n"
      "  130  interrupted (Ctrl-C, SIGTERM); the results are those of what there was");
}

Exit run_program(const std::vector<std::string>& words) {
  CommandLine line("fabtwin", FABTWIN_VERSION);
  describe(line.program());
  const Parsed parsed = line.parse(words);
  const auto end = [](Exit exit, const std::string& message) {
    fmt::print(stderr, "fabtwin: {}\n", message);
    return exit;
  };
  if (parsed.exit != Exit::Ok) return end(parsed.exit, parsed.text);
  try {
    if (parsed.action) return parsed.action();
    print(parsed.text);
    return Exit::Ok;
  } catch (const Failure& failure) {
    return end(failure.exit(), failure.what());
  } catch (const std::exception& e) {
    return end(Exit::Failed, e.what());
  }
}

}  // namespace apps::fabtwin
