// Names learnt from the record's notes.
#include "twins/fab/live/dialect.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab::live {
namespace {

using twin::event::Event;
using twin::event::Kind;

TEST(Dialect, TurnsTheRecordsNumbersIntoTheFabs) {
  // Wrong: events would speak of other tools, routes and lots than the source meant.
  const EventNames fab(*lively_fab());
  Dialect d;
  learn(d, fab,
        "tool\t0\tEtch#1\ntool\t2\tLitho#1\nroute\t0\tr_A\nlot\t4\tX4\nlot\t0\tX0\n"
        "item\t0\tA\ntool\t1\tGate 7\nsource\t0\tmqtt/mes\n");
  EXPECT_EQ(d.bad_lines, 0U);
  Event e;
  e.kind = Kind::LotReleased;
  e.tool = 0;
  e.route = 0;
  e.lot = 4;
  e.item = 0;
  translate(d, e);
  EXPECT_EQ(fab.names.name(twin::event::Table::Tool, e.tool), "Etch#1");
  EXPECT_EQ(e.route, 0U);
  EXPECT_EQ(d.lots[e.lot], "X4");
  EXPECT_EQ(fab.product(e.item), 0U);
  e = Event{.lot = 3, .tool = 1, .item = 4, .kind = Kind::Split};  // an item that is a lot
  translate(d, e);
  EXPECT_EQ(e.lot, None);   // not named yet
  EXPECT_EQ(e.tool, None);  // not the data set's
  EXPECT_EQ(d.lots[e.item], "X4");
  EXPECT_EQ(d.sources[0], "mqtt/mes");
}

TEST(Dialect, ALotIsTheSameByName) {
  // Wrong: a lot of the snapshot and that of the events would be two.
  const EventNames fab(*lively_fab());
  Dialect d;
  const std::uint32_t ours = d.number_lot("B 17");
  learn(d, fab, "lot\t9\tB 17\n");
  Event e{.lot = 9, .kind = Kind::Finished};
  translate(d, e);
  EXPECT_EQ(e.lot, ours);
  const Dialect again = twin::core::load<Dialect>(twin::core::save(d));
  EXPECT_TRUE(again == d);
  Dialect twice;
  twice.lots = {"a", "a"};
  EXPECT_EQ(twin::contract::refusal([&] { twice.loaded(); }), "two lots are named 'a'");
}

TEST(Dialect, BadLinesAreCounted) {
  // Wrong: a damaged note would stop the twin, or make it take memory without end.
  const EventNames fab(*lively_fab());
  Dialect d;
  learn(d, fab,
        "\n\ntool\ntool\t0\ntool\tx\tEtch#1\ntol\t0\tEtch#1\ntool\t0\t\n"
        "lot\t4000000000\tX\nlot\t-1\tX\nlot\t99999999999999999999\tX\n\ttool\t1\n");
  EXPECT_EQ(d.bad_lines, 9U);
  EXPECT_TRUE(d.tool.empty());
  EXPECT_TRUE(d.lots.empty());
}

TEST(Dialect, SpeaksTheFabsOwnNumbers) {
  // Wrong: a log of the fab model could not be followed.
  const EventNames fab(*lively_fab());
  Dialect d;
  learn(d, fab, names_note(fab, 3));
  EXPECT_EQ(d.bad_lines, 0U);
  ASSERT_EQ(d.tool.size(), fab.names.of(twin::event::Table::Tool).size());
  for (std::uint32_t t = 0; t < d.tool.size(); ++t) EXPECT_EQ(d.tool[t], t);
  for (std::uint32_t i = 0; i < d.item.size(); ++i) EXPECT_EQ(d.item[i], i);
  EXPECT_EQ(d.lots, (std::vector<std::string>{"L0", "L1", "L2"}));
}

}  // namespace
}  // namespace twins::fab::live
