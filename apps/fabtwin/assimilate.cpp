// fabtwin assimilate: a twin experiment from a file, and how good each method was in it.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/fabtwin/assimilate/score_table.hpp"
#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/json.hpp"
#include "apps/fabtwin/progress.hpp"

namespace apps::fabtwin {
namespace {

struct AssimilateFlags {
  std::string file, csv;
  std::uint32_t seeds = 0, cycles = 0, burn_in = 0;
  std::uint64_t seed = 0;
  std::optional<Option> seeds_given, cycles_given, burn_in_given, seed_given;
  unsigned threads = 1;
  bool json = false;
};

assimilate::Overrides overrides_of(const AssimilateFlags& flags) {
  assimilate::Overrides o;
  if (flags.seeds_given->given()) o.seeds = flags.seeds;
  if (flags.cycles_given->given()) o.cycles = flags.cycles;
  if (flags.burn_in_given->given()) o.burn_in = flags.burn_in;
  if (flags.seed_given->given()) o.first_seed = flags.seed;
  return o;
}

Exit run_assimilate(const AssimilateFlags& flags) {
  const assimilate::Experiment experiment = or_fail(Exit::BadInput, [&] {
    return assimilate::read_experiment(read_text(flags.file), flags.file, overrides_of(flags));
  });
  if (!flags.csv.empty()) or_fail(Exit::Failed, [&] { return expect_writable(flags.csv); });
  const Interrupt interrupt;
  assimilate::Results results;
  const auto begun = std::chrono::steady_clock::now();
  {
    Progress progress(stderr, "assimilate");
    assimilate::RunOptions options;
    options.threads = flags.threads;
    options.stop = &interrupt.asked();
    if (progress.visible()) options.progress = [&](double share) { progress.show(share); };
    results = or_fail(Exit::BadInput, [&] { return assimilate::run(experiment, options); });
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const auto summaries = assimilate::summarise(experiment, results);
  if (!flags.csv.empty()) {
    write_file(flags.csv, std::string_view(assimilate::score_csv(summaries)));
  }
  const bool stopped = interrupt.asked();
  if (flags.json) {
    Json json = json_head("assimilate");
    json["stopped"] = stopped;
    json.update(assimilate::score_json(experiment, results, summaries));
    Json timing = {{"seconds", seconds}, {"threads", flags.threads}};
    for (const auto& s : summaries) timing["cycle_ms"].push_back(s.cycle_ms);
    json["timing"] = timing;
    print(json.dump(1) + "\n");
  } else {
    print(assimilate::score_table(experiment, summaries) +
          (stopped ? "\ninterrupted: complete runs only\n" : ""));
  }
  return stopped ? Exit::Interrupted : Exit::Ok;
}

}  // namespace

void add_assimilate(Command& program) {
  const auto flags = std::make_shared<AssimilateFlags>();
  Command& command = program.add_command(
      "assimilate", "Run a twin experiment and print how good each method of assimilation was");
  command.add_option("FILE", flags->file, "the experiment (TOML; see docs/assimilation.md)")
      .required();
  flags->seeds_given =
      command.add_option("--seeds", flags->seeds, "runs of each method, instead of the file's")
          .within(1, 1000000)
          .type_name("N");
  flags->seed_given =
      command.add_option("--seed", flags->seed, "the first seed, instead").type_name("N");
  flags->cycles_given = command.add_option("--cycles", flags->cycles, "looks of a run, instead")
                            .within(1, 1000000000)
                            .type_name("N");
  flags->burn_in_given =
      command.add_option("--burn-in", flags->burn_in, "looks that are not scored, instead")
          .type_name("N");
  command.add_option("--threads", flags->threads, "runs beside each other; results do not change")
      .within(1, 1024)
      .type_name("N")
      .shows_default("1");
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
  command.action([flags] { return run_assimilate(*flags); });
}

}  // namespace apps::fabtwin
