// Which members each kind of change takes.
#include "apps/api/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apps::api {
namespace {

struct Takes {  // of a kind
  bool tool = false, group = false, lot = false, product = false, from = false, to = false,
       starts = false, count = false, policy = false;
};
constexpr std::array<Takes, ChangeKindWords.size()> Changes = {{
    {.tool = true, .from = true, .to = true},
    {.product = true, .starts = true},
    {.lot = true},
    {.tool = true, .from = true, .to = true},
    {.group = true, .from = true, .count = true},
    {.policy = true},
}};

}  // namespace

std::string Change::wrong() const {
  const Takes& takes = Changes[static_cast<std::size_t>(kind)];
  const std::pair<const char*, bool> all[] = {
      {"tool", takes.tool == tool.has_value()},
      {"group", takes.group == group.has_value()},
      {"lot", takes.lot == lot.has_value()},
      {"product", takes.product == product.has_value()},
      {"from", takes.from == from.has_value()},
      {"to", takes.to == to.has_value()},
      {"starts_per_day", takes.starts == starts_per_day.has_value()},
      {"count", takes.count == count.has_value()},
      {"policy", takes.policy == policy.has_value()}};
  const auto word = ChangeKindWords[static_cast<std::size_t>(kind)];
  for (const auto& [name, right] : all) {
    if (!right) return fmt::format("'{}' does not go with '{}', or is missing", name, word);
  }
  if (kind == ChangeKind::ToolDown && *to <= *from) return "ends before it begins";
  return {};
}

std::string Scenario::wrong() const {
  if (changes.empty()) return "changes nothing";
  const auto policies = std::ranges::count(changes, ChangeKind::Policy, &Change::kind);
  return policies > 1 ? "has two policies, and one fab follows one" : "";
}

}  // namespace apps::api
