// fabtwin advise: what to do on the next shift of a fab as it stands after some days, with how sure that is.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/advice.hpp"
#include "apps/fabtwin/ahead_flags.hpp"
#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/progress.hpp"
#include "twins/fab/decide/group_schedule.hpp"
#include "twins/fab/decide/long_run.hpp"
#include "twins/fab/decide/menu.hpp"

namespace apps::fabtwin {
namespace {

using namespace twins::fab::decide;
using twins::fab::State;

struct AdviseFlags : AheadFlags {
  std::string objective = "tardiness";
  std::string procedure = "kn";
  MenuAsked menu;
  std::vector<std::string> more_rules, releases, qualifications;
  RolloutsAsked rollouts;
  AdviceAsked advice;
  double stay_days = 60.0;
  std::uint32_t menu_size = 50;
  std::uint32_t plans = 0;
  double plan_hours = 8.0;
};

void check(const AdviseFlags& f) {
  const auto wrong = [](const std::string& what) { throw Failure(Exit::Usage, what); };
  check_ahead(f, f.rollouts.horizon_hours);
  if (!(f.menu.shift_hours > 0.0 && f.menu.shift_hours <= 168.0))
    wrong(fmt::format("--shift {} (must be above 0 and at most 168 hours)", f.menu.shift_hours));
  if (f.menu_size < 2 || f.menu_size > 1'000)
    wrong(fmt::format("--menu {} (must be 2 to 1000 alternatives)", f.menu_size));
  if (!(f.stay_days >= 0.0 && f.stay_days <= 3'650.0))
    wrong(fmt::format("--stay-days {} (must be 0 to 3650)", f.stay_days));
  if (f.plans > 20) wrong(fmt::format("--plans {} (must be at most 20 tool groups)", f.plans));
  if (!(f.plan_hours > 0.0 && f.plan_hours <= 48.0))
    wrong(fmt::format("--plan-hours {} (must be above 0 and at most 48)", f.plan_hours));
  if (!(f.advice.confidence >= 0.5 && f.advice.confidence < 1.0))
    wrong(fmt::format("--confidence {} (must be 0.5 or more and below 1)", f.advice.confidence));
  if (!(f.advice.zone_share > 0.0 && f.advice.zone_share <= 1.0))
    wrong(fmt::format("--zone {} (must be above 0 and at most 1)", f.advice.zone_share));
  if (!(f.advice.late_share >= 0.0 && f.advice.late_share <= 1.0))
    wrong(fmt::format("--late-share {} (must be 0 to 1)", f.advice.late_share));
  if (!(f.advice.late_risk >= 0.001 && f.advice.late_risk < 1.0))
    wrong(fmt::format("--late-risk {} (must be 0.001 or more and below 1)", f.advice.late_risk));
  if (f.advice.budget < std::uint64_t{f.menu_size} * f.advice.first)
    wrong(fmt::format("--budget {} (a menu of {} needs {} runs before anything is judged)",
                      f.advice.budget, f.menu_size, f.menu_size * f.advice.first));
}

// Plans for the groups that most work waits for, at the end of the menu.
void add_plans(const AdviseFlags& f, const twins::fab::AnyFab& fab, const State& seen,
               const Interrupt& interrupt, std::vector<Alternative>& menu) {
  if (f.plans == 0) return;
  Progress progress(stderr, "plan");
  const std::vector<std::uint32_t> groups = waited_for(fab.layout(), seen);
  const std::size_t n = std::min<std::size_t>(groups.size(), f.plans);
  for (std::size_t g = 0; g < n && !interrupt.asked(); ++g) {
    GroupScheduleAsked asked{.group = groups[g], .hours = f.plan_hours};
    asked.standing = f.rollouts.standing;
    asked.seed = f.run.seed + 3;
    asked.search.draw = {f.run.seed + 4, groups[g]};
    GroupSchedule made = schedule_group(fab, seen, {}, asked, [&](std::uint64_t round) {
      progress.show((static_cast<double>(g) +
                     static_cast<double>(round) / static_cast<double>(asked.search.rounds)) /
                    static_cast<double>(n));
      return !interrupt.asked();
    });
    if (!made.alternative.rule.empty()) menu.push_back(std::move(made.alternative));
  }
}

Exit advise_on(AdviseFlags f) {
  check(f);
  f.advice.objective = objective_named(f.objective);
  f.advice.procedure = f.procedure == "ocba" ? Procedure::Ocba : Procedure::Kn;
  f.menu.most = f.menu_size;
  for (std::string& rule : f.more_rules) rule = another_rule(rule, f);
  for (const std::string& release : f.releases)
    f.menu.releases.push_back(rule_in_lower_case(release));
  for (const std::string& which : f.qualifications)
    f.menu.qualifications.push_back(rule_in_lower_case(which));
  const Present present(f);
  const Prepared& prepared = present.prepared;
  const twins::fab::Layout& layout = *prepared.layout;
  const twins::fab::AnyFab& fab = *present.fab;
  const State& seen = present.seen;
  const unsigned threads = present.threads;
  f.menu.standing = f.rollouts.standing = prepared.run.rule;
  for (const std::string& rule : f.more_rules)
    if (std::ranges::find(f.menu.rules, rule) == f.menu.rules.end()) f.menu.rules.push_back(rule);
  const auto begun = std::chrono::steady_clock::now();
  f.rollouts.now = seen.now;
  f.rollouts.seed = prepared.run.seed + 1;
  f.rollouts.outlook = present.learn_outlook();
  const Interrupt interrupt;
  const auto rollouts = or_fail(Exit::Usage, [&] {
    std::vector<Alternative> menu = menu_of(fab, seen, f.rollouts.outlook, f.menu);
    add_plans(f, fab, seen, interrupt, menu);
    return std::make_unique<Rollouts>(prepared.layout, seen,
                                      std::vector<twins::fab::calibrate::Posterior>{},
                                      std::move(menu), f.rollouts);
  });
  if (f.stay_days > 0.0 && !interrupt.asked()) {
    LongRunsAsked asked;
    asked.now = seen.now;
    asked.standing = f.rollouts.standing;
    asked.days = f.stay_days;
    asked.settle_days = f.stay_days / 3.0;
    asked.seed = prepared.run.seed + 5;
    asked.threads = threads;
    f.advice.stays = stays_of(prepared.layout, seen, {}, rollouts->menu(), f.advice, asked);
  }
  Advice advice;
  {
    Progress progress(stderr, "advise");
    advice = advise(*rollouts, f.advice, threads, [&](std::uint64_t runs) {
      progress.show(
          std::min(static_cast<double>(runs) / static_cast<double>(f.advice.budget), 1.0));
      return !interrupt.asked();
    });
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const AdviceShown shown{layout,       *rollouts,         advice,     f.advice,
                          f.after_days, interrupt.asked(), f.stay_days};
  if (f.json) {
    Json json = json_head("advise");
    json["data_set"] = json_data_set(layout);
    json.update(advice_json(shown));
    json["timing"] = {{"seconds", seconds}, {"threads", threads}};
    print(json.dump(1) + "\n");
  } else {
    print(title_of(layout) + "\n" + advice_text(shown) +
          fmt::format("{} runs of {:.0f} h in {:.1f} s\n", advice.runs, f.rollouts.horizon_hours,
                      seconds));
  }
  return interrupt.asked() ? Exit::Interrupted : Exit::Ok;
}

}  // namespace

void add_advise(Command& program) {
  const auto flags = std::make_shared<AdviseFlags>();
  Command& command = program.add_command(
      "advise", "Say what to do next in a fab as it stands, and how sure that is");
  add_present(command, *flags);
  add_objective(command, flags->objective, "what is to be small");
  add_horizon(command, flags->rollouts.horizon_hours);
  command.add_option("--shift", flags->menu.shift_hours, "how long a move of a lot lasts [h]")
      .shows_default();
  command.add_option("--menu", flags->menu_size, "alternatives, doing nothing among them")
      .shows_default();
  command
      .add_option("--with-rule", flags->more_rules,
                  "one more dispatching rule on the menu (see `fabtwin rules`; repeatable)")
      .type_name("NAME")
      .repeatable();
  command
      .add_option("--release", flags->releases,
                  "one more way in which lots enter on the menu: conwip=60, workload=12, "
                  "starvation=1.5 (see `fabtwin rules`), or usual for four that fit (repeatable)")
      .type_name("CONTROL")
      .repeatable();
  command
      .add_option("--qualification", flags->qualifications,
                  "one more qualification of a tool on the menu: not.etch_1#2=part_3, "
                  "only.etch_1#2=part_3 (see `fabtwin rules`), or usual for the tools that most "
                  "work waits for (repeatable)")
      .type_name("WHICH")
      .repeatable();
  command
      .add_option(
          "--stay-days", flags->stay_days,
          "how far rules are run as if they stayed, the first third not counted: what makes "
          "cycle times longer by then is not proposed; 0: not looked at [day]")
      .shows_default();
  command
      .add_option("--plans", flags->plans,
                  "plans for so many tool groups on the menu, those that most work waits for (see "
                  "`fabtwin schedule`)")
      .shows_default();
  command.add_option("--plan-hours", flags->plan_hours, "how much of their future is planned [h]")
      .shows_default();
  command
      .add_option("--procedure", flags->procedure,
                  "kn promises the confidence, ocba states one with fewer runs")
      .type_name("kn|ocba")
      .one_of({"kn", "ocba"})
      .shows_default();
  command
      .add_option("--confidence", flags->advice.confidence, "of the choice, and of the intervals")
      .shows_default();
  command
      .add_option("--zone", flags->advice.zone_share,
                  "differences below this share of the objective do not matter")
      .shows_default();
  command
      .add_option("--late-share", flags->advice.late_share,
                  "the share of queue-time windows that may be too late in a run; 1: any")
      .shows_default();
  command
      .add_option("--late-risk", flags->advice.late_risk,
                  "how probable it may be that more are; what is not shown to keep to that is not "
                  "proposed")
      .shows_default();
  command.add_option("--budget", flags->advice.budget, "most runs of the choice").shows_default();
  add_chances(command, *flags);
  command.footer(
      "Examples:\n"
      "  fabtwin advise data/example-fab --rule fifo\n"
      "  fabtwin advise data/example-fab --rule fifo --objective cycle --horizon 168 --menu 20");
  command.action([flags] { return advise_on(*flags); });
}

}  // namespace apps::fabtwin
