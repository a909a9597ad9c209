// fabtwin rules: the dispatching rules by name.
#include <fmt/format.h>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/table.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/rules/dispatching.hpp"
#include "twins/fab/rules/group_plan.hpp"
#include "twins/fab/rules/qualification.hpp"
#include "twins/fab/rules/release_control.hpp"

namespace apps::fabtwin {
namespace {

Exit list_rules() {
  std::string text;
  for (const auto& rule : twins::fab::rule_names()) {
    text += fmt::format("{:<10} {}", rule.name, rule.text);
    const auto parameters = twins::fab::rule_parameters(rule.name);
    if (!parameters.empty()) text += fmt::format("; parameters {}", fmt::join(parameters, ", "));
    text += "\n";
  }
  text +=
      "The smallest value goes first, after priority and least setup. Parameters: "
      "--rule atcs:k1=2,k2=0.5\n"
      "For any rule:\n";
  const auto add = [&](const auto& parameters) {
    for (const auto& parameter : parameters)
      text += fmt::format("  {:<15} {}\n", parameter.text, parameter.meaning);
  };
  add(twins::fab::DispatchingParameters);
  add(twins::fab::ReleaseParameters);
  add(twins::fab::QualificationParameters);
  add(twins::fab::PlanParameters);
  print(text);
  return Exit::Ok;
}

}  // namespace

void add_rules(Command& program) {
  Command& command = program.add_command("rules", "List the dispatching rules");
  command.footer("Examples:\n  fabtwin rules");
  command.action(list_rules);
}

}  // namespace apps::fabtwin
