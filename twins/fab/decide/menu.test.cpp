// If this failed, the twin would propose what cannot be done, or would not look where everything waits.
#include "twins/fab/decide/menu.hpp"

#include <gtest/gtest.h>

#include <set>

#include "twins/fab/decide/scene.hpp"
#include "twins/fab/floor.hpp"
#include "twins/fab/rules/rule.hpp"

namespace twins::fab::decide {
namespace {

struct Made {
  Scene s;
  Outlook outlook{{{0, 1.8, 3.6e6, 1}}};
  MenuAsked asked;
  std::vector<Alternative> menu;
  Made() {
    asked.standing = "fifo";
    asked.most = 40;
    menu = menu_of(*s.fab, s.seen, outlook, asked);
  }
};

TEST(Menu, BeginsWithWhatIsAndHoldsWhatCanBeDone) {
  const Made made;
  ASSERT_EQ(made.menu.size(), 40U);
  EXPECT_EQ(made.menu[0].name, "as it is: fifo");
  EXPECT_TRUE(made.menu[0].acts.empty() && made.menu[0].rule.empty());
  std::set<std::string> names, rules;
  std::size_t lots = 0, pms = 0;
  for (const Alternative& a : made.menu) {
    EXPECT_TRUE(names.insert(a.name).second) << a.name;
    if (!a.rule.empty()) rules.insert(a.rule);
    for (const Act& act : a.acts) {
      EXPECT_FALSE(why_not(*made.s.layout, made.s.seen, act)) << a.name;
      lots += std::holds_alternative<SetPriority>(act);
      pms += std::holds_alternative<ShiftPm>(act);
    }
  }
  EXPECT_EQ(rules, (std::set<std::string>{"cr", "odd", "edd", "srpt", "fsvct"})) << "fifo stands";
  EXPECT_GE(lots, 10U);
  EXPECT_GE(pms, 2U);
  RolloutsAsked asked;
  asked.now = made.s.seen.now;
  asked.standing = "fifo";
  asked.outlook = made.outlook;
  EXPECT_NO_THROW(Rollouts(made.s.layout, made.s.seen, {}, made.menu, asked));
}

// The first lot to the front is the one with the least slack of all that wait at a bottleneck, the first to the back
// the one with the most.
TEST(Menu, TakesTheLotsThatAreWorstAndBestOff) {
  const Made made;
  const std::vector<std::uint32_t> groups = waited_for(*made.s.layout, made.s.seen);
  double least = 1e300, most = -1e300;
  std::uint32_t worst = None, best = None;
  for (const Lot& lot : made.s.seen.lots) {
    const auto end = groups.begin() + std::min<std::ptrdiff_t>(5, std::ssize(groups));
    if (lot.place != LotPlace::Queued ||
        std::find(groups.begin(), end, made.s.layout->steps[lot.step].group) == end)
      continue;
    const double slack = static_cast<double>(lot.due - made.s.seen.now) -
                         made.outlook.remaining_ms(*made.s.layout, lot);
    if (slack < least) least = slack, worst = lot.id;
    if (slack > most) most = slack, best = lot.id;
  }
  std::vector<SetPriority> moves;
  for (const Alternative& a : made.menu)
    for (const Act& act : a.acts)
      if (const auto* move = std::get_if<SetPriority>(&act)) moves.push_back(*move);
  ASSERT_GE(moves.size(), 2U);
  EXPECT_EQ(moves[0].lot, worst);
  EXPECT_GT(moves[0].priority, made.s.seen.lots[find_lot(made.s.seen, worst)].priority);
  EXPECT_EQ(moves[1].lot, best);
  EXPECT_LT(moves[1].priority, made.s.seen.lots[find_lot(made.s.seen, moves[1].lot)].priority);
}

TEST(Menu, OfAnEmptyFabHasTheRulesAlone) {
  const Made made;
  State empty = made.s.seen;
  for (Lot& lot : empty.lots)
    if (lot.place == LotPlace::Queued) lot.place = LotPlace::Held;
  MenuAsked asked = made.asked;
  asked.most = 3;
  EXPECT_EQ(menu_of(*made.s.fab, empty, made.outlook, asked).size(), 3U);
  EXPECT_TRUE(waited_for(*made.s.layout, empty).empty());
}

}  // namespace
}  // namespace twins::fab::decide
