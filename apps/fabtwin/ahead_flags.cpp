#include "apps/fabtwin/ahead_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "apps/fabtwin/command_line.hpp"
#include "apps/fabtwin/exit.hpp"

namespace apps::fabtwin {

void add_present(Command& command, AheadFlags& flags) {
  add_data_set(command, flags.path);
  command
      .add_option("--after", flags.after_days,
                  "the present: so many days after time zero, simulated under the rule [day]")
      .shows_default();
  add_rule(command, flags.run);
}

void add_objective(Command& command, std::string& objective, const char* text) {
  command.add_option("--objective", objective, text)
      .type_name("tardiness|weighted|hot|cycle")
      .one_of({"tardiness", "weighted", "hot", "cycle"})
      .shows_default();
}

void add_horizon(Command& command, double& hours) {
  command.add_option("--horizon", hours, "how far to run ahead [h]").shows_default();
}

void add_chances(Command& command, AheadFlags& flags) {
  flags.run.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 1024U);
  command.add_option("--seed", flags.run.seed, "decides every chance").shows_default();
  command.add_option("--threads", flags.run.threads,
                     "runs at once (default: as many as cores); results do not depend on it");
  add_model(command, flags);
  command.add_flag("--json", flags.json, "print everything as JSON");
}

std::string another_rule(std::string rule, RunFlags& flags) {
  rule = rule_in_lower_case(std::move(rule));
  if (!rule.empty())
    or_fail(Exit::Usage, [&] {
      if (twins::fab::with_rule({}, rule).setup_lines) flags.setup_lines = true;
    });
  return rule;
}

Present::Present(const AheadFlags& flags)
    : prepared(prepare(read_fab(flags.path, flags.intervals_min), flags)),
      fab(twins::fab::make_fab(prepared.layout, prepared.run.rule)),
      seen(as_it_stands(prepared, *fab, flags.after_days)),
      threads(static_cast<unsigned>(prepared.run.threads)),
      outlook_days_(flags.outlook_days) {}

twins::fab::decide::Outlook Present::learn_outlook() const {
  constexpr std::uint32_t Members = 2;
  return twins::fab::decide::learn_outlook(
      *fab, seen, {}, {Members, outlook_days_, prepared.run.seed + 2, threads});
}

void check_ahead(const AheadFlags& flags, double horizon_hours) {
  const auto wrong = [](const std::string& what) { throw Failure(Exit::Usage, what); };
  if (!(flags.after_days >= 0.0 && flags.after_days <= 36'500.0))
    wrong(fmt::format("--after {} (must be 0 to 36500 days)", flags.after_days));
  if (!(horizon_hours > 0.0 && horizon_hours <= 8'760.0))
    wrong(fmt::format("--horizon {} (must be above 0 and at most 8760 hours)", horizon_hours));
  if (flags.run.threads < 1 || flags.run.threads > 1'024)
    wrong(fmt::format("--threads {} (must be 1 to 1024)", flags.run.threads));
}

}  // namespace apps::fabtwin
