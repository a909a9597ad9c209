#include "apps/fabtwin/limits_file.hpp"

#include <array>
#include <variant>

#include "apps/fabtwin/files.hpp"
#include "twin/sheet/sheet.hpp"

namespace apps::fabtwin {
namespace {

using twin::score::vvuq::Acceptance;
using twin::sheet::Sheet;

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

void read_into(Acceptance& acceptance, Sheet& sheet) {
  for (const Key& key : Keys)
    acceptance.*key.value =
        sheet.number(key.name, {.least = key.low, .most = key.high}, acceptance.*key.value);
}

}  // namespace

twins::fab::validate::Limits read_limits(const std::filesystem::path& path) {
  return limits_in(read_text(path), path.string());
}

twins::fab::validate::Limits limits_in(const std::string& text, const std::string& name_of_file) {
  const twin::sheet::Value file = twin::sheet::read_toml(text, name_of_file);
  Sheet top(file, name_of_file, "");
  twins::fab::validate::Limits limits;
  read_into(limits.all, top);
  for (const auto& [name, value] : std::get<twin::sheet::Entries>(file.is)) {
    if (!std::holds_alternative<twin::sheet::Entries>(value.is)) continue;
    Sheet table = top.table(name);
    Acceptance acceptance = limits.all;  // a table begins with the limits of all
    read_into(acceptance, table);
    table.finish();
    limits.of.emplace(name, acceptance);
  }
  top.finish();
  return limits;
}

}  // namespace apps::fabtwin
