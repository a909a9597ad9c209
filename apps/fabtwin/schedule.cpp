// fabtwin schedule: the next hours of one tool group as a plan, and what it brings in the twin.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/fabtwin/advice.hpp"
#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/group_schedule_text.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/progress.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "twin/core/error.hpp"
#include "twins/fab/decide/menu.hpp"
#include "twins/fab/rules/named.hpp"

namespace apps::fabtwin {
namespace {

using namespace twins::fab::decide;
using twins::fab::State;

struct ScheduleFlags : RunFlags {
  double after_days = 20.0, outlook_days = 60.0;
  std::string group;
  std::string objective = "tardiness";
  GroupScheduleAsked plan;
  RolloutsAsked rollouts;
  AdviceAsked advice;
  bool json = false;
};

void check_schedule(const ScheduleFlags& f) {
  const auto wrong = [](const std::string& what) { throw Failure(Exit::Usage, what); };
  if (!(f.after_days >= 0.0 && f.after_days <= 36'500.0))
    wrong(fmt::format("--after {} (must be 0 to 36500 days)", f.after_days));
  if (!(f.plan.hours > 0.0 && f.plan.hours <= 48.0))
    wrong(fmt::format("--hours {} (must be above 0 and at most 48)", f.plan.hours));
  if (!(f.plan.grace_hours >= 0.0 && f.plan.grace_hours <= 48.0))
    wrong(fmt::format("--grace {} (must be 0 to 48 hours)", f.plan.grace_hours));
  if (f.plan.lots_most < 1 || f.plan.lots_most > 200)
    wrong(fmt::format("--lots {} (must be 1 to 200)", f.plan.lots_most));
  if (f.plan.search.rounds > 1'000'000)
    wrong(fmt::format("--rounds {} (must be at most 1000000)", f.plan.search.rounds));
  if (!(f.rollouts.horizon_hours > 0.0 && f.rollouts.horizon_hours <= 8'760.0))
    wrong(fmt::format("--horizon {} (must be above 0 and at most 8760 hours)",
                      f.rollouts.horizon_hours));
  if (f.advice.of_best < 10 || f.advice.of_best > 10'000)
    wrong(fmt::format("--pairs {} (must be 10 to 10000)", f.advice.of_best));
  if (f.run.threads < 1 || f.run.threads > 1'024)
    wrong(fmt::format("--threads {} (must be 1 to 1024)", f.run.threads));
}

std::uint32_t group_asked(const ScheduleFlags& f, const twins::fab::Layout& m, const State& x) {
  if (f.group.empty()) {
    const std::vector<std::uint32_t> busiest = waited_for(m, x);
    return busiest.empty() ? 0 : busiest.front();
  }
  const std::uint32_t g = twins::fab::index_named(m.description.tool_groups, f.group);
  if (g == twins::fab::None)
    throw Failure(Exit::Usage, fmt::format("--group {} (no tool group of this name{})", f.group,
                                           twins::fab::guess(m.description.tool_groups, f.group)));
  return g;
}

Exit schedule_one(ScheduleFlags f) {
  check_schedule(f);
  f.advice.objective = objective_named(f.objective);
  const Prepared prepared = prepare(read_fab(f.path, f.intervals_min), f);
  const twins::fab::Layout& layout = *prepared.layout;
  const auto fab = twins::fab::make_fab(prepared.layout, prepared.run.rule);
  const State seen = as_it_stands(prepared, *fab, f.after_days);
  const auto threads = static_cast<unsigned>(prepared.run.threads);
  f.plan.group = group_asked(f, layout, seen);
  f.plan.standing = f.rollouts.standing = prepared.run.rule;
  f.plan.seed = prepared.run.seed + 3;
  f.plan.search.draw = {prepared.run.seed + 4, 0};
  const Interrupt interrupt;
  const GroupSchedule schedule = [&] {
    Progress progress(stderr, "plan");
    try {
      return schedule_group(*fab, seen, {}, f.plan, [&](std::uint64_t round) {
        progress.show(static_cast<double>(round) / static_cast<double>(f.plan.search.rounds));
        return !interrupt.asked();
      });
    } catch (const twin::core::Error& e) {
      throw Failure(Exit::Usage, e.what());
    }
  }();
  const GroupScheduleShown shown{layout, f.plan, schedule, f.after_days};
  Json json = json_head("schedule");
  json["data_set"] = json_data_set(layout);
  json.update(group_schedule_json(shown));
  std::string text = title_of(layout) + "\n" + group_schedule_text(shown);
  if (!schedule.alternative.rule.empty() && !interrupt.asked()) {
    f.rollouts.now = seen.now;
    f.rollouts.seed = prepared.run.seed + 1;
    f.rollouts.outlook =
        learn_outlook(*fab, seen, {}, {2, f.outlook_days, prepared.run.seed + 2, threads});
    Rollouts rollouts(prepared.layout, seen, {},
                      {{"as it is: " + prepared.run.rule, "", {}}, schedule.alternative},
                      f.rollouts);
    Advice advice;
    {
      Progress progress(stderr, "run it");
      advice = advise(rollouts, f.advice, threads, [&](std::uint64_t runs) {
        progress.show(
            std::min(static_cast<double>(runs) / static_cast<double>(f.advice.budget), 1.0));
        return !interrupt.asked();
      });
    }
    const AdviceShown judged{layout, rollouts, advice, f.advice, f.after_days, interrupt.asked()};
    json["in_the_twin"] = advice_json(judged);
    text += "\nIn the twin: " + advice_text(judged);
  }
  print(f.json ? json.dump(1) + "\n" : text);
  return interrupt.asked() ? Exit::Interrupted : Exit::Ok;
}

}  // namespace

void add_schedule(Command& program) {
  const auto flags = std::make_shared<ScheduleFlags>();
  flags->run.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 1024U);
  flags->rollouts.horizon_hours = 48.0;
  Command& command =
      program.add_command("schedule", "Plan the next hours of one tool group, and run the plan");
  add_data_set(command, flags->path);
  command
      .add_option("--after", flags->after_days,
                  "the present: so many days after time zero, simulated under the rule [day]")
      .shows_default();
  add_rule(command, flags->run);
  command
      .add_option("--group", flags->group, "the tool group (default: the one most work waits for)")
      .type_name("NAME");
  command.add_option("--hours", flags->plan.hours, "how much of its future is planned [h]")
      .shows_default();
  command.add_option("--lots", flags->plan.lots_most, "most lots, those that come first")
      .shows_default();
  command
      .add_option("--grace", flags->plan.grace_hours,
                  "how late a job may begin before the rule has its lots again [h]")
      .shows_default();
  command.add_option("--rounds", flags->plan.search.rounds, "neighbourhoods to look through")
      .shows_default();
  command.add_option("--objective", flags->objective, "what is to be small, where the plan is run")
      .type_name("tardiness|weighted|hot|cycle")
      .one_of({"tardiness", "weighted", "hot", "cycle"})
      .shows_default();
  command.add_option("--horizon", flags->rollouts.horizon_hours, "how far to run ahead [h]")
      .shows_default();
  command.add_option("--pairs", flags->advice.of_best, "runs with and without the plan")
      .shows_default();
  command.add_option("--seed", flags->run.seed, "decides every chance").shows_default();
  command.add_option("--threads", flags->run.threads,
                     "runs at once (default: as many as cores); results do not depend on it");
  add_model(command, *flags);
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.footer(
      "Examples:\n"
      "  fabtwin schedule data/example-fab --rule fifo\n"
      "  fabtwin schedule data/example-fab --rule fifo --group LithoScan_1 --hours 6");
  command.action([flags] { return schedule_one(*flags); });
}

}  // namespace apps::fabtwin
