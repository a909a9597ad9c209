// What people ask "what if" about: changes to a fab that are simulated and never carried out.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/people/table.hpp"

namespace apps::api {

enum class ChangeKind : std::uint8_t {
  ToolDown,          // tool, from, to
  Mix,               // product, starts_per_day
  HotLot,            // lot
  MaintenanceMoved,  // tool, from: where it was planned, to: where it would be
  ToolBought,        // group, count, from: when they stand there
  Policy,            // policy: of dispatching, release and qualification
};
inline constexpr std::array<std::string_view, 6> ChangeKindWords = {
    "tool-down", "mix", "hot-lot", "maintenance-moved", "tool-bought", "policy"};
[[nodiscard]] inline std::span<const std::string_view> words(ChangeKind /*of*/) {
  return ChangeKindWords;
}

struct Change {
  ChangeKind kind = ChangeKind::HotLot;
  std::optional<std::string> tool = {}, group = {}, lot = {}, product = {};
  std::optional<twin::core::Tick> from = {}, to = {};  // [ms since 1970]
  std::optional<double> starts_per_day = {};           // [lots/d]
  std::optional<std::uint32_t> count = {};
  std::optional<std::string> policy = {};
  bool operator==(const Change&) const = default;
  static constexpr const char* Name = "Change";
  static void table(auto& t, auto& self) {
    using namespace twin::people;  // NOLINT(google-build-using-namespace)
    t("kind", self.kind, Any, "what would be otherwise");
    t("tool", self.tool, AName, "of tool-down and maintenance-moved: the tool");
    t("group", self.group, AName, "of tool-bought: the tool group");
    t("lot", self.lot, AName, "of hot-lot: the lot");
    t("product", self.product, AName, "of mix: the product");
    t("from", self.from, NotNegative,
      "of tool-down, tool-bought: from when; of maintenance-moved: where it was planned; ms since "
      "1970");
    t("to", self.to, NotNegative,
      "of tool-down: until when; of maintenance-moved: where it would be; ms since 1970");
    t("starts_per_day", self.starts_per_day, Rule{.least = 0, .most = 1e5},
      "of mix: lots started a day");
    t("count", self.count, Rule{.least = 1, .most = 100}, "of tool-bought: how many");
    t("policy", self.policy, ALine,
      "of policy: the rule and what stands beside it, as advice names it");
  }
  [[nodiscard]] std::string wrong() const;
};

struct Scenario {
  std::string words = {};   // for whoever looks at it later
  double horizon_h = 24.0;  // [h] simulated
  std::uint32_t runs = 20;  // pairs, with and without the changes
  std::vector<Change> changes = {};
  bool operator==(const Scenario&) const = default;
  static constexpr const char* Name = "Scenario";
  static void table(auto& t, auto& self) {
    using namespace twin::people;  // NOLINT(google-build-using-namespace)
    t("words", self.words, ALine, "what is asked, as a sentence");
    t("horizon_h", self.horizon_h, Rule{.least = 0.1, .most = 2'000}, "how far ahead, hours");
    t("runs", self.runs, Rule{.least = 2, .most = 1'000}, "pairs of runs, with and without");
    t("changes", self.changes, Rule{.many = 16}, "what would be otherwise, all at once");
  }
  [[nodiscard]] std::string wrong() const;
};

}  // namespace apps::api
