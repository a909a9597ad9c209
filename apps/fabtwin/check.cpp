// fabtwin check: is a data set sound, and what does it hold.
#include <fmt/format.h>

#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/inventory.hpp"
#include "apps/fabtwin/real_time.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/serve/automation.hpp"
#include "apps/fabtwin/serve/living.hpp"
#include "twin/link/tool/description.hpp"
#include "twin/sheet/sheet.hpp"
#include "twins/fab/any_fab.hpp"

namespace apps::fabtwin {
namespace {

constexpr std::size_t GroupsShown = 15;

struct CheckFlags {
  std::string path;
  bool json = false, all = false;
};

// A TOML file is told by what stands in it: [site] is a site's, [class] a tool's.
Exit check_toml(const CheckFlags& flags) {
  if (flags.json || flags.all) {
    throw Failure(Exit::Usage, "--json and --all are for data sets (" + flags.path + " is none)");
  }
  return or_fail(Exit::BadInput, [&] {
    const std::string text = read_text(flags.path);
    twin::sheet::Sheet sheet(twin::sheet::read_toml(text, flags.path), flags.path, "");
    if (sheet.has("site")) {
      serve::Site site = serve::read_site(std::filesystem::path(flags.path));
      std::optional<twin::guard::Limits> limits;
      if (site.guard) limits = serve::guard_limits(site);
      std::string by_hand;
      if (site.advice) {
        for (const auto& c : serve::cap_levels(site.advice->policy, limits ? &*limits : nullptr))
          by_hand += fmt::format("class {}: carried out by hand, level 4 ({})\n", c.name, c.why);
      }
      std::string links;
      const auto has = [&](const char* name, auto there) {
        if (there) links += links.empty() ? name : std::string(", ") + name;
      };
      has("secs", site.secs.has_value());
      has("mqtt", site.mqtt.has_value());
      has("drop", !site.drop.empty());
      has("http", site.http.has_value());
      const twins::fab::Description fab = read_fab(site.data.string());
      const auto layout = twins::fab::compile(fab, twins::fab::with_rule({}, site.rule));
      // A plant's table is of its own time, which only its notice says.
      if (!site.start.empty() && site.plant.empty())
        (void)serve::start_table(site, *twins::fab::make_fab(layout, site.rule), real_ms());
      if (site.mqtt && !site.mqtt->password_file.empty()) (void)read_text(site.mqtt->password_file);
      if (site.secs && !site.secs->description.empty()) {
        (void)twin::link::tool::read_description(site.secs->description);
      }
      print(fmt::format("site {}: links {}; forecasts {}; store {}{}\n{}", site.name, links,
                        site.forecast ? "on" : "off", site.store ? "on" : "off",
                        site.guard ? "; guard on" : "", by_hand));
      return Exit::Ok;
    }
    if (!sheet.has("class")) {
      sheet.refuse("",
                   "neither a site's settings ([site], docs/site.md) nor a class of tools "
                   "([class], docs/tool-description.md)");
    }
    const auto tool = twin::link::tool::read_description(text, flags.path);
    print(
        fmt::format("class of tools {}: {} variables, {} reports, {} events, {} alarms, {} "
                    "commands allowed\n",
                    tool.name, tool.variables.size(), tool.reports.size(), tool.events.size(),
                    tool.alarms.size(), tool.commands.size()));
    return Exit::Ok;
  });
}

Exit check_folder(const CheckFlags& flags) {
  if (flags.path.ends_with(".toml")) return check_toml(flags);
  const twins::fab::Description fab = read_fab(flags.path);
  or_fail(Exit::BadInput, [&] { return twins::fab::compile(fab) != nullptr; });
  print(flags.json ? inventory_json(fab).dump(1) + "\n"
                   : inventory(fab, flags.all ? fab.tool_groups.size() : GroupsShown));
  return Exit::Ok;
}

}  // namespace

void add_check(Command& program) {
  const auto flags = std::make_shared<CheckFlags>();
  Command& command = program.add_command(
      "check", "Is a data set, a site's file or a tool's file sound, and what does it hold");
  command
      .add_option("PATH", flags->path,
                  "the fab: a folder in the SMT2020 form, or a MIMAC file; or a TOML file: a "
                  "site's settings, a class of tools")
      .required();
  command.add_flag("--all", flags->all, "every tool group, not only the most loaded");
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.footer(
      "A mistake in the data set is told with its file, row and column; docs/data-format.md "
      "explains "
      "every column.\n"
      "Examples:\n"
      "  fabtwin check data/example-fab\n"
      "  fabtwin check data/example-fab --all\n"
      "  fabtwin check site.toml");
  command.action([flags] { return check_folder(*flags); });
}

}  // namespace apps::fabtwin
