// If these failed, a guard would be told something else of a tool than what it is, or by somebody who has not seen it.
#include "apps/plant/observer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "apps/plant/arrival.hpp"
#include "twin/guard/client.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twins/fab/import/read.hpp"

namespace apps::plant {
namespace {

using twin::guard::Decimal;
using twin::guard::read_witness;

constexpr Tick ObserverHourMs = 3'600'000;

Look look(const std::string& action, const std::string& tool) {
  return {.action = action, .tool = tool, .lot = {}, .recipe = {}, .parameter = {}, .unit = {}};
}

struct APlant : testing::Test {
  APlant() {
    fab.advance(60 * ObserverHourMs, [](std::span<const twin::event::Event>) {});
  }
  [[nodiscard]] Sight seen(const Look& what) const {
    const Seen s = sight_of(fab, what);
    EXPECT_TRUE(std::holds_alternative<Sight>(s)) << std::get<std::string>(s);
    return std::get<Sight>(s);
  }
  std::shared_ptr<const twins::fab::Layout> layout =
      twins::fab::compile(twins::fab::import::read("data/minifab"));
  Fab fab{layout, {.seed = 3}};
  std::string tool = layout->tool_name(0);
};
using ObserverSees = APlant;

TEST_F(ObserverSees, WhatACommandHasSet) {
  Look offset = look("offset", tool);
  offset.parameter = "PERCENT";
  offset.unit = "%";
  EXPECT_EQ(seen(offset).value, Decimal{0});
  ASSERT_TRUE(fab.obey({.kind = Command::Kind::RecipeOffset, .tool = 0, .value = 1.5}).done);
  EXPECT_EQ(seen(offset).value, Decimal{1'500'000});
  const auto& lots = fab.state().lots;
  const auto waiting =
      std::ranges::find(lots, twins::fab::LotPlace::Queued, &twins::fab::Lot::place);
  ASSERT_NE(waiting, lots.end());
  const std::uint32_t id = waiting->id;
  Look hold = look("hold", tool);
  hold.lot = lot_name(id);
  EXPECT_FALSE(twin::guard::holds(seen(hold).conditions, "held"));
  ASSERT_TRUE(fab.obey({.kind = Command::Kind::Hold, .lot = id}).done);
  EXPECT_TRUE(twin::guard::holds(seen(hold).conditions, "held"));
  EXPECT_FALSE(seen(hold).value);
  hold.action = "priority";
  ASSERT_TRUE(fab.obey({.kind = Command::Kind::Priority, .lot = id, .value = 30}).done);
  EXPECT_EQ(seen(hold).value, Decimal{30'000'000});
}

TEST_F(ObserverSees, NothingOfWhatItDoesNotKnow) {
  EXPECT_EQ(std::get<std::string>(sight_of(fab, look("hold", "nobody"))),
            "there is no tool nobody");
  Look hold = look("hold", tool);
  hold.lot = "nothing";
  EXPECT_EQ(std::get<std::string>(sight_of(fab, hold)), "there is no lot nothing");
}

TEST(Observer, SignsWhatItSees) {
  const twin::record::ScratchFolder folder("observer");
  const twin::guard::Seed seed{7};
  const Observer observer(folder / "socket",
                          {.name = "mes",
                           .seed = seed,
                           .see = [](const Look& l) -> Seen {
                             if (l.tool != "LITHO_01") return "it is dark";
                             return Sight{"standby", {"held", "pm"}, Decimal{-500'000}};
                           },
                           .now_ms = [] { return Tick{1'000}; }});
  const std::string question =
      "fabtwin-observer look 1\nclass offset\ntool LITHO_01\nlot L7\nrecipe -\nparameter PERCENT\n"
      "unit %\n";
  const auto w = read_witness(observer.answer(question));
  ASSERT_TRUE(w);
  EXPECT_EQ(w->observer, "mes");
  EXPECT_EQ(w->tool, "LITHO_01");
  EXPECT_EQ(w->lot, "L7");
  EXPECT_EQ(w->recipe, std::nullopt);
  EXPECT_EQ(w->at, 1'000);
  EXPECT_EQ(w->state, "standby");
  EXPECT_EQ(w->conditions, (twin::guard::Names{"held", "pm"}));
  EXPECT_EQ(w->value, Decimal{-500'000});
  EXPECT_TRUE(twin::guard::verify(twin::guard::public_key(seed), w->signed_text, w->signature));
  std::string other = question;
  other.replace(other.find("LITHO_01"), 8, "LITHO_02");
  EXPECT_EQ(observer.answer(other), "refused it is dark");
  EXPECT_EQ(observer.answer(question + "x"), "refused unreadable");
  EXPECT_EQ(observer.answer(question.substr(0, question.size() - 1)), "refused unreadable");
}

}  // namespace
}  // namespace apps::plant
