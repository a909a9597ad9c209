#include "apps/fabtwin/assimilate_flags.hpp"

#include <memory>
#include <utility>

namespace apps::fabtwin {

void add_assimilate(Command& program, std::function<Exit(const AssimilateFlags&)> does) {
  const auto flags = std::make_shared<AssimilateFlags>();
  Command& command = program.add_command(
      "assimilate", "Run a twin experiment and print how good each method of assimilation was");
  command.add_option("FILE", flags->file, "the experiment (TOML; see docs/assimilation.md)")
      .required();
  command.add_option("--seeds", flags->seeds, "runs of each method, instead of the file's")
      .within(1, 1000000)
      .type_name("N");
  command.add_option("--seed", flags->first_seed, "the first seed, instead").type_name("N");
  command.add_option("--cycles", flags->cycles, "looks of a run, instead")
      .within(1, 1000000000)
      .type_name("N");
  command.add_option("--burn-in", flags->burn_in, "looks that are not scored, instead")
      .type_name("N");
  command.add_option("--threads", flags->threads, "runs beside each other; results do not change")
      .within(1, 1024)
      .type_name("N")
      .shows_default();
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.add_option("--csv", flags->csv, "write the table, one row a method").type_name("FILE");
  command.footer(
      "Columns: root mean square errors of the forecast and analysis mean and the spread, means "
      "over "
      "cycles, with\n"
      "standard errors over seeds; spread/skill and chi2/m are 1, and ranks p is not small, for an "
      "ensemble that is as\n"
      "sure as it should be; lost: runs that diverged, which no other figure counts.\n"
      "Examples:\n"
      "  fabtwin assimilate data/experiments/lorenz96.toml --threads 2\n"
      "  fabtwin assimilate data/experiments/minifab.toml --seeds 3 --json");
  command.action([flags, does = std::move(does)] { return does(*flags); });
}

}  // namespace apps::fabtwin
