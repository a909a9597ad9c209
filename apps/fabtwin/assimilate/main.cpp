// fabtwin-assimilate: carries out `fabtwin assimilate`, and makes that page of the reference which only it knows. A
// program of its own, since Eigen and the filters take as long to build as half of all the rest.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/assimilate/experiments_page.hpp"
#include "apps/fabtwin/assimilate/score_table.hpp"
#include "apps/fabtwin/assimilate_flags.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/json.hpp"
#include "apps/fabtwin/progress.hpp"

namespace apps::fabtwin {
namespace {

Exit run_assimilate(const AssimilateFlags& flags) {
  const assimilate::Experiment experiment = or_fail(Exit::BadInput, [&] {
    return assimilate::read_experiment(
        read_text(flags.file), flags.file,
        {flags.seeds, flags.cycles, flags.burn_in, flags.first_seed});
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

Exit write_page(const std::string& folder) {
  make_folder(folder);
  write_file(std::filesystem::path(folder) / "experiments.md",
             std::string_view(assimilate::experiments_page()));
  return Exit::Ok;
}

void add_reference(Command& program) {
  const auto folder = std::make_shared<std::string>();
  Command& command = program.add_command("reference", "Write the reference's page of experiments");
  command.add_option("DIR", *folder, "where the other pages are").required();
  command.action([folder] { return write_page(*folder); });
}

}  // namespace
}  // namespace apps::fabtwin

int main(int count, char** words) {
  using namespace apps::fabtwin;
  CommandLine line("fabtwin", FABTWIN_VERSION);
  line.program().describe("fabtwin-assimilate: what fabtwin assimilate is carried out by");
  add_assimilate(line.program(), run_assimilate);
  add_reference(line.program());
  return static_cast<int>(run(line, std::vector<std::string>(words + 1, words + count)));
}
