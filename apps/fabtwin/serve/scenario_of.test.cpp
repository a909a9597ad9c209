// If these failed, people would ask one thing and be answered another.
#include "apps/fabtwin/serve/scenario_of.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/duration.hpp"
#include "twin/core/error.hpp"
#include "twins/fab/decide/scene.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace decide = twins::fab::decide;
using nlohmann::json;

constexpr Tick ScenarioOfZero = 1'514'764'800'000;

struct ScenarioOfKnown : decide::Scene {
  ScenarioOfKnown() : decide::Scene(8 * Day) {
    for (std::uint32_t lot = 0; lot < seen.next_lot_id; ++lot)
      (void)dialect.number_lot("L" + std::to_string(lot));
  }
  [[nodiscard]] Tongue tongue() const { return {*layout, dialect, ScenarioOfZero}; }
  [[nodiscard]] auto read(const api::Change& change) const {
    return what_if_of(tongue(), *fab, seen, {.words = "w", .changes = {change}});
  }
  [[nodiscard]] std::string why(const api::Change& change) const {
    const auto made = read(change);
    const auto* text = std::get_if<std::string>(&made);
    return text == nullptr ? "" : *text;
  }
  twins::fab::live::Dialect dialect;
};

TEST(ScenarioOf, UnderstandsEachKindOfChange) {
  const ScenarioOfKnown s;
  const Tick now = s.seen.now + ScenarioOfZero;
  const std::string tool = s.layout->tool_name(4);
  const auto down = std::get<decide::WhatIf>(s.read(
      {.kind = api::ChangeKind::ToolDown, .tool = tool, .from = now, .to = now + 6 * HourMs}));
  ASSERT_EQ(down.downs.size(), 1U);
  EXPECT_EQ(down.downs[0].tool, 4U);
  EXPECT_EQ(down.downs[0].from, s.seen.now);
  EXPECT_EQ(down.downs[0].until, s.seen.now + 6 * HourMs);
  const auto mix =
      std::get<decide::WhatIf>(s.read({.kind = api::ChangeKind::Mix,
                                       .product = s.layout->description.products[1].name,
                                       .starts_per_day = 12.0}));
  ASSERT_EQ(mix.mixes.size(), 1U);
  EXPECT_EQ(mix.mixes[0].product, 1U);
  EXPECT_EQ(mix.mixes[0].starts_per_day, 12.0);
  const std::uint32_t lot = s.waiting_lot();
  const auto hot = std::get<decide::WhatIf>(
      s.read({.kind = api::ChangeKind::HotLot, .lot = "L" + std::to_string(lot)}));
  ASSERT_EQ(hot.acts.size(), 1U);
  const auto priority = std::get<decide::SetPriority>(hot.acts[0]);
  EXPECT_EQ(priority.lot, lot);
  for (const auto& l : s.seen.lots) EXPECT_LT(l.priority, priority.priority);
  const auto policy = std::get<decide::WhatIf>(
      s.read({.kind = api::ChangeKind::Policy, .policy = "edd:conwip=40"}));
  EXPECT_EQ(policy.rule, "edd:conwip=40");
  EXPECT_EQ(s.why({.kind = api::ChangeKind::Policy, .policy = "eddd"}).substr(0, 36),
            "policy 'eddd' (unknown rule 'eddd' (");
  EXPECT_NE(s.why({.kind = api::ChangeKind::Policy, .policy = "edd:conwip=-1"}), "");
  const auto bought =
      std::get<decide::WhatIf>(s.read({.kind = api::ChangeKind::ToolBought,
                                       .group = s.layout->description.tool_groups[2].name,
                                       .count = 3}));
  ASSERT_EQ(bought.bought.size(), 1U);
  EXPECT_EQ(bought.bought[0].group, 2U);
  EXPECT_EQ(bought.bought[0].count, 3U);
  // Of any tool whose group has a maintenance by days.
  std::size_t moved = 0;
  for (std::uint32_t t = 0; t < s.layout->tools() && moved == 0; ++t) {
    const auto made = s.read({.kind = api::ChangeKind::MaintenanceMoved,
                              .tool = s.layout->tool_name(t),
                              .from = now,
                              .to = now + 30 * HourMs});
    if (const auto* w = std::get_if<decide::WhatIf>(&made)) {
      ++moved;
      EXPECT_EQ(std::get<decide::ShiftPm>(w->acts.at(0)).tool, t);
      EXPECT_EQ(std::get<decide::ShiftPm>(w->acts.at(0)).due, s.seen.now + 30 * HourMs);
    }
  }
  EXPECT_EQ(moved, 1U);
}

TEST(ScenarioOf, SaysWhatItDoesNotKnow) {
  const ScenarioOfKnown s;
  EXPECT_EQ(s.why({.kind = api::ChangeKind::ToolDown, .tool = "X"}), "tool 'X' (is not known)");
  EXPECT_EQ(s.why({.kind = api::ChangeKind::HotLot, .lot = "X"}), "lot 'X' (is not known)");
  EXPECT_EQ(s.why({.kind = api::ChangeKind::Mix, .product = "X", .starts_per_day = 1.0}),
            "product 'X' (is not known)");
  EXPECT_EQ(s.why({.kind = api::ChangeKind::ToolBought, .group = "X"}), "group 'X' (is not known)");
}

TEST(ScenarioOf, AnswersWithBothLives) {
  const ScenarioOfKnown s;
  const api::Scenario scenario{.words = "two more tools",
                               .horizon_h = 24.0,
                               .runs = 4,
                               .changes = {{.kind = api::ChangeKind::ToolBought,
                                            .group = s.layout->description.tool_groups[2].name,
                                            .count = 2}}};
  AdviceWork work;
  work.x = s.seen;
  work.standing = "fifo";
  work.now = s.seen.now;
  const auto what_if = std::get<decide::WhatIf>(what_if_of(s.tongue(), *s.fab, s.seen, scenario));
  const json answer = json::parse(answered(s.layout, scenario, what_if, work, 2));
  EXPECT_EQ(answer.at("pairs"), 4);
  EXPECT_EQ(answer.at("changes").size(), 1U);
  for (const char* quantity : {"tardiness_h", "cycle_time_h", "lots_out", "wip"}) {
    const json& q = answer.at(quantity);
    EXPECT_NEAR(q.at("otherwise").get<double>() - q.at("as_it_is").get<double>(),
                q.at("change").get<double>(), 1e-9)
        << quantity;
  }
  EXPECT_EQ(answer.dump(), json::parse(answered(s.layout, scenario, what_if, work, 1)).dump());
  EXPECT_EQ(answer["course"]["hours"].size(), answer["course"]["wip"]["high"].size());
  EXPECT_EQ(answer["course"]["hours"].back(), 24.0);
  EXPECT_NEAR(answer["course"]["wip"]["difference"].back().get<double>(),
              answer["wip"]["change"].get<double>(), 1e-3);

  // While somebody asked, the fab went on: what was to begin then begins now, and is not refused.
  decide::WhatIf late = what_if;
  late.bought.front().from = work.now - 3'600'000;
  EXPECT_EQ(answer.dump(), json::parse(answered(s.layout, scenario, late, work, 2)).dump());
  late.bought.clear();
  late.downs = {{.tool = 0, .from = work.now - 7'200'000, .until = work.now - 3'600'000}};
  EXPECT_THROW((void)answered(s.layout, scenario, late, work, 2), twin::core::Error)
      << "it was over before";
}

}  // namespace
}  // namespace apps::fabtwin::serve
