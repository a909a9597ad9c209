// fabtwin check: is a data set sound, and what does it hold.
#include <CLI/CLI.hpp>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/inventory.hpp"
#include "apps/fabtwin/run_flags.hpp"

namespace apps::fabtwin {
namespace {

constexpr std::size_t GroupsShown = 15;

struct CheckFlags {
  std::string path;
  bool json = false, all = false;
};

Exit check(const CheckFlags& flags) {
  const twins::fab::Description fab = read_fab(flags.path);
  or_fail(Exit::BadInput, [&] { return twins::fab::compile(fab) != nullptr; });
  print(flags.json ? inventory_json(fab).dump(1) + "\n"
                   : inventory(fab, flags.all ? fab.tool_groups.size() : GroupsShown));
  return Exit::Ok;
}

}  // namespace

void add_check(CLI::App& program, Action& chosen) {
  const auto flags = std::make_shared<CheckFlags>();
  CLI::App& command = *program.add_subcommand(
      "check", "Is a data set sound, and what does it hold: sizes, raw times, load, warnings");
  add_data_set(command, flags->path);
  command.add_flag("--all", flags->all, "every tool group, not only the most loaded");
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.footer(
      "A mistake in the data set is told with its file, row and column; docs/data-format.md "
      "explains "
      "every column.\n"
      "Examples:\n"
      "  fabtwin check data/example-fab\n"
      "  fabtwin check data/example-fab --all");
  command.callback([flags, &chosen] { chosen = [flags] { return check(*flags); }; });
}

}  // namespace apps::fabtwin
