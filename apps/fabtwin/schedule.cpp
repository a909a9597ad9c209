// fabtwin schedule: the next hours of one tool group as a plan, and what it brings in the twin.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/advice.hpp"
#include "apps/fabtwin/ahead_flags.hpp"
#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/group_schedule_text.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/progress.hpp"
#include "twins/fab/decide/menu.hpp"
#include "twins/fab/rules/named.hpp"

namespace apps::fabtwin {
namespace {

using namespace twins::fab::decide;
using twins::fab::State;

struct ScheduleFlags : AheadFlags {
  std::string group;
  std::string objective = "tardiness";
  GroupScheduleAsked plan;
  RolloutsAsked rollouts;
  AdviceAsked advice;
};

void check_schedule(const ScheduleFlags& f) {
  const auto wrong = [](const std::string& what) { throw Failure(Exit::Usage, what); };
  check_ahead(f, f.rollouts.horizon_hours);
  if (!(f.plan.hours > 0.0 && f.plan.hours <= 48.0))
    wrong(fmt::format("--hours {} (must be above 0 and at most 48)", f.plan.hours));
  if (!(f.plan.grace_hours >= 0.0 && f.plan.grace_hours <= 48.0))
    wrong(fmt::format("--grace {} (must be 0 to 48 hours)", f.plan.grace_hours));
  if (f.plan.lots_most < 1 || f.plan.lots_most > 200)
    wrong(fmt::format("--lots {} (must be 1 to 200)", f.plan.lots_most));
  if (f.plan.search.rounds > 1'000'000)
    wrong(fmt::format("--rounds {} (must be at most 1000000)", f.plan.search.rounds));
  if (f.advice.of_best < 10 || f.advice.of_best > 10'000)
    wrong(fmt::format("--pairs {} (must be 10 to 10000)", f.advice.of_best));
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
  const Present present(f);
  const Prepared& prepared = present.prepared;
  const twins::fab::Layout& layout = *prepared.layout;
  const twins::fab::AnyFab& fab = *present.fab;
  const State& seen = present.seen;
  const unsigned threads = present.threads;
  f.plan.group = group_asked(f, layout, seen);
  f.plan.standing = f.rollouts.standing = prepared.run.rule;
  f.plan.seed = prepared.run.seed + 3;
  f.plan.search.draw = {prepared.run.seed + 4, 0};
  const Interrupt interrupt;
  const GroupSchedule schedule = or_fail(Exit::Usage, [&] {
    Progress progress(stderr, "plan");
    return schedule_group(fab, seen, {}, f.plan, [&](std::uint64_t round) {
      progress.show(static_cast<double>(round) / static_cast<double>(f.plan.search.rounds));
      return !interrupt.asked();
    });
  });
  const GroupScheduleShown shown{layout, f.plan, schedule, f.after_days};
  Json json = json_head("schedule");
  json["data_set"] = json_data_set(layout);
  json.update(group_schedule_json(shown));
  std::string text = title_of(layout) + "\n" + group_schedule_text(shown);
  if (!schedule.alternative.rule.empty() && !interrupt.asked()) {
    f.rollouts.now = seen.now;
    f.rollouts.seed = prepared.run.seed + 1;
    f.rollouts.outlook = present.learn_outlook();
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
  flags->rollouts.horizon_hours = 48.0;
  Command& command =
      program.add_command("schedule", "Plan the next hours of one tool group, and run the plan");
  add_present(command, *flags);
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
  add_objective(command, flags->objective, "what is to be small, where the plan is run");
  add_horizon(command, flags->rollouts.horizon_hours);
  command.add_option("--pairs", flags->advice.of_best, "runs with and without the plan")
      .shows_default();
  add_chances(command, *flags);
  command.footer(
      "Examples:\n"
      "  fabtwin schedule data/example-fab --rule fifo\n"
      "  fabtwin schedule data/example-fab --rule fifo --group LithoScan_1 --hours 6");
  command.action([flags] { return schedule_one(*flags); });
}

}  // namespace apps::fabtwin
