#include "apps/fabtwin/commands.hpp"

#include "apps/fabtwin/assimilate_flags.hpp"
#include "apps/fabtwin/companion.hpp"
#include "apps/fabtwin/uq_flags.hpp"

namespace apps::fabtwin {

void describe(Command& program) {
  program.describe("fabtwin: a digital twin of chip making. A fab is a folder of text files.");
  add_simulate(program);
  add_compare(program);
  add_advise(program);
  add_what_if(program);
  add_schedule(program);
  add_sweep(program);
  add_check(program);
  add_calibrate(program);
  add_track(program);
  add_assimilate(program, [&program](const AssimilateFlags&) -> Exit {
    become("assimilate", program.words());
  });
  add_uq(program, [&program](const UqFlags&) -> Exit { become("uq", program.words()); });
  add_validate(program);
  add_serve(program);
  add_enter(program);
  add_ask(program);
  add_decide(program);
  add_operate(program);
  add_plant(program);
  add_torture(program);
  add_verify(program);
  add_replay(program);
  add_export(program);
  add_backup(program);
  add_restore(program);
  add_fork(program);
  add_migrate(program);
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

}  // namespace apps::fabtwin
