// fabtwin compare: which rule is better, and by how much, on the same lots and breakdowns.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/comparison.hpp"
#include "apps/fabtwin/execute.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"

namespace apps::fabtwin {
namespace {

struct CompareFlags : RunFlags {
  std::vector<std::string> rules;
  bool json = false;
};

Exit compare(const CompareFlags& flags) {
  if (flags.rules.size() < 2)
    throw Failure(Exit::Usage, "one rule (a comparison needs two) give --rule twice or more?");
  const twins::fab::Description fab = read_fab(flags.path, flags.intervals_min);
  std::vector<Prepared> prepared;
  std::vector<std::string> labels;
  const RunFlags& common = flags;
  for (const std::string& rule : flags.rules) {  // all of them first: a wrong name is told at once
    RunFlags one = common;
    one.run.rule = rule;
    prepared.push_back(prepare(fab, one));
    labels.push_back(prepared.back().run.rule);
  }
  const Interrupt interrupt;
  std::vector<RuledResult> runs;
  const Effort effort = execute_each(prepared, labels, interrupt.asked(),
                                     [&](std::size_t i, twins::fab::RunResult complete) {
                                       runs.push_back({prepared[i].run.rule, std::move(complete)});
                                     });
  const Exit exit = interrupt.asked() ? Exit::Interrupted : Exit::Ok;
  if (runs.empty()) {
    fmt::print(stderr, "fabtwin: interrupted before a replication was complete (no figures yet)\n");
    return exit;
  }
  const Prepared& first = prepared.front();
  if (flags.json) {
    Json json = json_head("compare");
    json["data_set"] = json_data_set(*first.layout);
    json["run"] = json_run(*first.layout, first.theta, first.run);
    json["run"].erase("rule");
    json["stopped"] = exit == Exit::Interrupted;
    json.update(comparison_json(runs));
    json["timing"] = json_timing(effort, first.run.threads);
    print(json.dump(1) + "\n");
    return exit;
  }
  twins::fab::RunOptions shown = first.run;
  shown.rule = fmt::format("{}", fmt::join(flags.rules, " | "));
  print(title_of(*first.layout) + "; " + run_line(shown) + "\n" +
        (exit == Exit::Interrupted ? "interrupted: complete replications only\n" : "") + "\n" +
        comparison_table(runs));
  return exit;
}

}  // namespace

void add_compare(Command& program) {
  const auto flags = std::make_shared<CompareFlags>();
  flags->run.replications = 5;
  Command& command = program.add_command(
      "compare", "Compare dispatching rules on the same lots, process times and breakdowns");
  add_data_set(command, flags->path);
  command
      .add_option("--rule", flags->rules,
                  "a rule (see `fabtwin rules`); the first is what the others are compared with")
      .type_name("NAME")
      .required()
      .repeatable();
  add_length(command, flags->run);
  add_model(command, *flags);
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.footer(
      "Examples:\n"
      "  fabtwin compare data/example-fab --rule fifo --rule cr\n"
      "  fabtwin compare data/example-fab --rule cr --rule atcs:k1=2,k2=0.5 --replications 10 "
      "--days 365 --warmup 90");
  command.action([flags] { return compare(*flags); });
}

}  // namespace apps::fabtwin
