// fabtwin torture: whole lives of plants and their twins with everything going wrong, by seed.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/serve/torture.hpp"
#include "apps/fabtwin/table.hpp"
#include "twin/core/parallel.hpp"

namespace apps::fabtwin {
namespace {

struct TortureFlags {
  std::string data = "data/example-fab", faults = "heavy";
  std::uint64_t seed = 1, seeds = 20;
  double days = 2.0;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  bool lies = false, json = false;
};

// Names and numbers of the counts, as their fields stand.
struct CountsVisitor {
  std::vector<std::pair<std::string, std::uint64_t>> all = {};
  void operator()(const char* name, std::uint64_t value) { all.emplace_back(name, value); }
};

std::vector<std::pair<std::string, std::uint64_t>> listed(const serve::TortureCounts& counts) {
  CountsVisitor visitor;
  serve::TortureCounts::fields(visitor, counts);
  return visitor.all;
}

Exit run_torture(const TortureFlags& flags) {
  const auto layout =
      or_fail(Exit::BadInput, [&] { return twins::fab::compile(read_fab(flags.data)); });
  const auto length = static_cast<serve::Tick>(flags.days * 86'400'000.0);
  std::vector<serve::TortureOptions> options;
  for (std::uint64_t k = 0; k < flags.seeds; ++k) {
    options.push_back(or_fail(
        Exit::Usage, [&] { return serve::torture_options(flags.faults, flags.seed + k, length); }));
    if (flags.lies) options.back().faults.lies = 0.001;
  }
  std::vector<serve::Tortured> found(options.size());
  const auto begun = std::chrono::steady_clock::now();
  twin::core::for_each_member(options.size(), flags.threads, [&](std::size_t k) {
    found[k] = serve::torture(layout, options[k]);
  });
  const double minutes =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count() / 60.0;
  const double days = flags.days * static_cast<double>(flags.seeds);
  std::vector<std::pair<std::string, std::uint64_t>> sums = listed({});
  nlohmann::ordered_json runs = nlohmann::ordered_json::array();
  std::size_t broken = 0;
  for (std::size_t k = 0; k < found.size(); ++k) {
    const auto counts = listed(found[k].counts);
    nlohmann::ordered_json run = {{"seed", options[k].seed},
                                  {"fingerprint", fmt::format("{:016x}", found[k].fingerprint)},
                                  {"broken", found[k].broken}};
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i].second = sums[i].first == "kept_max" ? std::max(sums[i].second, counts[i].second)
                                                   : sums[i].second + counts[i].second;
      run[counts[i].first] = counts[i].second;
    }
    runs.push_back(std::move(run));
    if (found[k].broken.empty()) continue;
    ++broken;
    fmt::print(
        stderr,
        "fabtwin: seed {}: {}\n  again: fabtwin torture --data {} --seed {} --seeds 1 --days "
        "{} --faults {}{}\n",
        options[k].seed, found[k].broken, flags.data, options[k].seed, flags.days, flags.faults,
        flags.lies ? " --lies" : "");
  }
  if (flags.json) {
    print(nlohmann::ordered_json{{"days", days}, {"broken", broken}, {"runs", runs}}.dump(1) +
          "\n");
  } else {
    std::string text =
        fmt::format("{} seeds of {} days, faults {}: {} broken; {} days a minute\n", flags.seeds,
                    flags.days, flags.faults, broken, grouped(days / minutes, 0));
    for (const auto& [name, value] : sums)
      text += fmt::format("  {:<16} {:>12}\n", name, grouped(static_cast<double>(value), 0));
    print(text);
  }
  return broken == 0 ? Exit::Ok : Exit::Failed;
}

}  // namespace

void add_torture(Command& program) {
  const auto flags = std::make_shared<TortureFlags>();
  Command& command = program.add_command(
      "torture", "Let everything go wrong between plants and their twins, and check the promises");
  command.add_option("--seed", flags->seed, "the first seed").shows_default();
  command.add_option("--seeds", flags->seeds, "how many: --seed and those after it")
      .within(1, 10'000'000)
      .shows_default();
  command.add_option("--days", flags->days, "of each plant's life")
      .within(0.01, 1'000.0)
      .shows_default();
  command.add_option("--data", flags->data, "the fab").type_name("FAB").shows_default();
  command.add_option("--faults", flags->faults, "none, light or heavy").shows_default();
  command.add_flag("--lies", flags->lies, "sources tell one event in a thousand wrongly");
  command.add_option("--threads", flags->threads, "seeds at once; default: the processors")
      .within(1, 1'024)
      .type_name("T");
  command.add_flag("--json", flags->json, "each seed's counts as JSON");
  command.footer(
      "Examples:\n"
      "  fabtwin torture --seeds 100 --days 1\n"
      "  fabtwin torture --seed 17 --seeds 1 --days 2 --faults heavy");
  command.action([flags] { return run_torture(*flags); });
}

}  // namespace apps::fabtwin
