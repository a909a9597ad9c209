#include "apps/fabtwin/limits_file.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <array>
#include <charconv>
#include <sstream>
#include <vector>

#include "apps/fabtwin/files.hpp"
#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"

namespace apps::fabtwin {
namespace {

using twin::core::Error;
using twin::score::vvuq::Acceptance;

struct Key {
  const char* name;
  double Acceptance::*value;
  double low, high;
};

constexpr std::array<Key, 7> Keys = {{
    {"least_effective", &Acceptance::least_effective, 2.0, 1e6},
    {"bias_max", &Acceptance::bias_max, 0.0, 1e6},
    {"coverage_min", &Acceptance::coverage_min, 0.0, 1.0},
    {"skill_min", &Acceptance::skill_min, -1e6, 1.0},
    {"flatness_p_min", &Acceptance::flatness_p_min, 0.0, 1.0},
    {"spread_skill_low", &Acceptance::spread_skill_low, 0.0, 1e6},
    {"spread_skill_high", &Acceptance::spread_skill_high, 0.0, 1e6},
}};

void set(Acceptance& acceptance, const std::string& name, const std::string& digits,
         const std::string& file) {
  for (const Key& key : Keys) {
    if (name != key.name) continue;
    double value = 0.0;
    const char* const end = digits.data() + digits.size();
    const auto [stopped, failed] = std::from_chars(digits.data(), end, value);
    if (failed != std::errc() || stopped != end || !(value >= key.low && value <= key.high))
      throw Error(fmt::format("{}: {} = {} (must be a number from {} to {})", file, name, digits,
                              key.low, key.high));
    acceptance.*key.value = value;
    return;
  }
  std::vector<std::string> known;
  for (const Key& key : Keys) known.emplace_back(key.name);
  const auto near = twin::core::nearest(name, known);
  throw Error(fmt::format("{}: no limit '{}' (known: {}){}", file, name, fmt::join(known, ", "),
                          near ? " did you mean " + *near + "?" : std::string()));
}

}  // namespace

twins::fab::validate::Limits read_limits(const std::filesystem::path& path) {
  std::istringstream text(read_text(path));
  const std::string file = path.string();
  std::vector<CLI::ConfigItem> items;
  try {
    items = CLI::ConfigTOML().from_config(text);
  } catch (const CLI::Error& e) {
    throw Error(file + ": no TOML (" + e.what() + ")");
  }
  twins::fab::validate::Limits limits;
  for (const bool tables : {false, true}) {  // a table begins with the limits of all
    for (const CLI::ConfigItem& item : items) {
      if (item.parents.empty() == tables) continue;
      if (item.name == "++" || item.name == "--") continue;  // a table begins, ends
      if (item.inputs.size() != 1) throw Error(file + ": " + item.name + " (must be one number)");
      Acceptance& acceptance =
          tables
              ? limits.of.try_emplace(fmt::format("{}", fmt::join(item.parents, ".")), limits.all)
                    .first->second
              : limits.all;
      set(acceptance, item.name, item.inputs.front(), file);
    }
  }
  return limits;
}

}  // namespace apps::fabtwin
