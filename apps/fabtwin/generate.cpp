// fabtwin generate: a synthetic fab of a wished size, in the text form that every command reads.
#include "twins/fab/generate.hpp"

#include <filesystem>
#include <memory>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/inventory.hpp"
#include "twins/fab/export/write_smt2020.hpp"

namespace apps::fabtwin {
namespace {

constexpr std::size_t GenerateGroupsShown = 5;

struct GenerateFlags : twins::fab::GeneratorOptions {
  std::string folder;
};

std::string name_of(const std::filesystem::path& folder) {
  const std::filesystem::path whole = folder.lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

Exit generate(const GenerateFlags& flags) {
  const twins::fab::GeneratorOptions& given = flags;
  twins::fab::GeneratorOptions options = given;
  options.name = name_of(flags.folder);
  const auto fab = or_fail(Exit::Usage, [&] { return twins::fab::generate(options); });
  or_fail(Exit::Failed, [&] { twins::fab::write_smt2020(fab, flags.folder); });
  print("Written to " + flags.folder + "\n" + inventory(fab, GenerateGroupsShown));
  return Exit::Ok;
}

}  // namespace

void add_generate(Command& program) {
  const auto flags = std::make_shared<GenerateFlags>();
  Command& command = program.add_command(
      "generate", "Make a synthetic fab of any size: re-entrant routes, litho as the bottleneck");
  command.add_option("OUT_DIR", flags->folder, "a folder that holds no data set yet").required();
  const auto add = [&](const char* name, auto& value, const char* text) {
    command.add_option(name, value, text).shows_default();
  };
  add("--products", flags->products, "products, each with a route");
  add("--tool-groups", flags->tool_groups, "tool groups, about");
  add("--tools", flags->tools, "tools, about; not used with --wafers-per-week");
  add("--steps-min", flags->steps_min, "steps of the shortest route");
  add("--steps-max", flags->steps_max, "steps of the longest route");
  add("--bottleneck-load", flags->bottleneck_load, "load of the bottleneck, of available time");
  add("--wafers-per-week", flags->wafers_per_week,
      "wafer starts of all products; 0: as many as the tools carry");
  add("--hot-share", flags->hot_share, "share of hot lots");
  add("--wip-flow-factor", flags->wip_flow_factor,
      "flow factor of the lots in the fab at time zero; 0: an empty fab");
  add("--seed", flags->seed, "the same seed and options give the same fab");
  command.footer(
      "Examples:\n"
      "  fabtwin generate my-fab\n"
      "  fabtwin generate small-fab --products 1 --tool-groups 15 --tools 60 --steps-min 80 "
      "--steps-max 120");
  command.action([flags] { return generate(*flags); });
}

}  // namespace apps::fabtwin
