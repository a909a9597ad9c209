// If these failed, alarms would not be told, commands obeyed that must not be, recipes or spooled
// reports lost.
#include <gtest/gtest.h>

#include "twin/link/gem/equipment_test.hpp"

namespace twin::link::gem {
namespace {

using secs::ascii;
using secs::binary;
using secs::Item;
using secs::list;
using secs::u1;
using secs::u2;
using secs::u4;

Item lists_equipment_service(std::initializer_list<Item> items) {
  return Item(std::vector<Item>(items));
}

TEST(EquipmentService, AlarmsAreToldListedAndSwitched) {
  Spoken tool;
  tool.begin();
  tool.equipment.alarm(0, true, tool.now);
  tool.equipment.alarm(0, true, tool.now);  // it was set already
  tool.take();
  EXPECT_EQ(tool.count(5, 1), 1U);
  const Item set = list(binary(0x84), u4(7), ascii("chuck over temperature"));
  const Item door = list(binary(1), u4(8), ascii("door"));
  EXPECT_EQ(*tool.find(5, 1)->body, set);
  tool.acknowledge_all();
  EXPECT_EQ(*tool.ask(5, 5, list())->body, lists_equipment_service({set, door}));
  EXPECT_EQ(*tool.ask(5, 5)->body, lists_equipment_service({set, door}));
  EXPECT_EQ(*tool.ask(5, 5, list(u1(8), u1(9)))->body,
            lists_equipment_service({door, list(binary(), u1(9), ascii(""))}));
  EXPECT_EQ(*tool.ask(5, 5, u2(7, 9))->body,
            lists_equipment_service({set, list(binary(), u4(9), ascii(""))}));
  EXPECT_EQ(*tool.ask(1, 3, list(u1(6)))->body, lists_equipment_service({list(u4(7))}));
  EXPECT_EQ(tool.code(5, 3, list(binary(0), u1(8))), 0);
  EXPECT_EQ(*tool.ask(5, 7)->body, lists_equipment_service({set}));
  EXPECT_EQ(tool.code(5, 3, list(binary(0x80), u1(9))), 1);
  EXPECT_EQ(tool.code(5, 3, list(binary(0x80), secs::u4())), 0);  // all of them
  EXPECT_EQ(tool.ask(5, 7)->body->count(), 2U);
  EXPECT_EQ(tool.code(5, 3, list(binary(0))), -7);
}

TEST(EquipmentService, CommandsAreCheckedBeforeTheOwnerIsAsked) {
  Spoken tool;
  tool.begin();
  const auto start = [&](Item parameters) {
    return tool.ask(2, 41, list(ascii("START"), std::move(parameters)));
  };
  const auto one = [](const char* name, Item value) {
    return lists_equipment_service({list(ascii(name), std::move(value))});
  };
  EXPECT_EQ(tool.code(2, 41, list(ascii("STOP"), list())), 1);
  EXPECT_EQ(*start(one("LOTT", ascii("L1")))->body,
            list(binary(3), lists_equipment_service({list(ascii("LOTT"), binary(1))})));
  EXPECT_EQ(*start(one("SPEED", u1(4)))->body,
            list(binary(3), lists_equipment_service({list(ascii("SPEED"), binary(2))})));
  EXPECT_EQ(*start(one("SPEED", ascii("3")))->body,
            list(binary(3), lists_equipment_service({list(ascii("SPEED"), binary(3))})));
  EXPECT_EQ(*start(one("MODE", ascii("C")))->body,
            list(binary(3), lists_equipment_service({list(ascii("MODE"), binary(2))})));
  EXPECT_EQ(tool.code(2, 41, list(ascii("START"))), -7);
  EXPECT_EQ(tool.code(2, 41, list(ascii("START"), lists_equipment_service({list(ascii("LOT"))}))),
            -7);
  while (tool.equipment.happened()) {
  }
  EXPECT_FALSE(start(one("LOT", ascii("L1"))));  // the owner must say
  const auto asked = tool.equipment.happened();
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->name, "START");
  EXPECT_EQ(asked->parameters.at(0).second, ascii("L1"));
  tool.equipment.answer(asked->request, {.code = Hcack::Later});
  tool.equipment.answer(asked->request, {.code = Hcack::Done});  // once is enough
  tool.take();
  EXPECT_EQ(tool.count(2, 42), 1U);
  EXPECT_EQ(*tool.find(2, 42)->body, list(binary(4), list()));
  EXPECT_FALSE(tool.ask(2, 49, list(u4(0), ascii("LP1"), ascii("START"), list())));
  const auto enhanced = tool.equipment.happened();
  EXPECT_EQ(enhanced->object, "LP1");
  tool.equipment.answer(enhanced->request, {.code = Hcack::NoObject});
  tool.take();
  EXPECT_EQ(*tool.find(2, 50)->body, list(binary(6), list()));
  tool.equipment.switch_to(Control::Local, tool.now);
  EXPECT_EQ(start(list())->at(0)->as_u64(), 2U);  // the host may read, not command
}

TEST(EquipmentService, RecipesAreKeptGivenAndDeleted) {
  Spoken tool({.recipe_bytes_max = 100});
  tool.begin();
  EXPECT_EQ(tool.code(7, 1, list(ascii("ETCH"), u4(20))), 0);
  EXPECT_EQ(tool.code(7, 1, list(ascii("ETCH"), u4(101))), 2);
  EXPECT_EQ(tool.code(7, 1, list(ascii(""), u4(20))), 3);
  EXPECT_EQ(tool.code(7, 3, list(ascii("ETCH"), binary(1, 2))), 0);
  EXPECT_EQ(tool.code(7, 3, list(ascii(""), binary(1, 2))), 4);
  EXPECT_EQ(tool.code(7, 3, list(ascii("X"), ascii(std::string(101, 'x')))), 2);
  EXPECT_EQ(tool.code(7, 3, list(ascii("X"))), -7);
  EXPECT_EQ(*tool.ask(7, 5, ascii("ETCH"))->body, list(ascii("ETCH"), binary(1, 2)));
  EXPECT_EQ(*tool.ask(7, 5, ascii("NONE"))->body, list());
  EXPECT_EQ(*tool.ask(7, 25, ascii("ETCH"))->body, list());  // it is not a formatted one
  const Item formatted = list(ascii("F"), ascii("E-9"), ascii("3.1"),
                              lists_equipment_service({list(u2(1), list(u1(5)))}));
  EXPECT_EQ(tool.code(7, 23, formatted), 0);
  EXPECT_EQ(tool.code(7, 23, list(ascii("F"), ascii(""), ascii(""), list(u1(1)))), -7);
  EXPECT_EQ(*tool.ask(7, 25, ascii("F"))->body, formatted);
  EXPECT_EQ(*tool.ask(7, 19)->body, list(ascii("ETCH"), ascii("F")));
  EXPECT_EQ(tool.code(7, 17, list(ascii("ETCH"), ascii("NONE"))), 4);
  EXPECT_EQ(tool.code(7, 17, list(ascii("ETCH"))), 0);
  EXPECT_EQ(*tool.ask(7, 19)->body, list(ascii("F")));
  EXPECT_EQ(tool.code(7, 17, list()), 0);
  EXPECT_EQ(*tool.ask(7, 19)->body, list());
  tool.equipment.switch_to(Control::Local, tool.now);
  EXPECT_EQ(tool.code(7, 3, list(ascii("ETCH"), binary(1))), 1);
  EXPECT_EQ(tool.code(7, 1, list(ascii("ETCH"), u4(20))), 5);
  EXPECT_EQ(tool.code(7, 17, list()), 1);
}

TEST(EquipmentService, TextsGoBothWays) {
  Spoken tool;
  tool.begin();
  EXPECT_EQ(tool.code(10, 3, list(binary(0), ascii("come here"))), 0);
  EXPECT_EQ(tool.code(10, 3, list(binary(1), ascii("come here"))), 2);
  EXPECT_EQ(tool.code(10, 3, list(binary(0))), -7);
  tool.equipment.terminal("ready", tool.now);
  tool.take();
  EXPECT_EQ(*tool.find(10, 1)->body, list(binary(0), ascii("ready")));
  EXPECT_EQ(*tool.ask(2, 25, binary(1, 2))->body, binary(1, 2));
}

// Raises `n` reports while the line is down.
void raise(Spoken& tool, int n) {
  for (int k = 0; k < n; ++k) {
    tool.now += 1'000;
    EXPECT_TRUE(tool.equipment.raise(0, tool.now));
  }
}

std::vector<std::uint64_t> numbers(const Spoken& tool) {
  std::vector<std::uint64_t> all;
  for (const auto& m : tool.sent) {
    if (m.is(6, 11)) all.push_back(m.at(2, 0, 1, 0)->as_u64().value_or(999));
  }
  return all;
}

TEST(EquipmentSpool, KeepsOldReportsWithTheirTimesInOrder) {
  Spoken tool;
  tool.begin();
  raise(tool, 2);  // on their way, not acknowledged
  tool.take();
  tool.equipment.lost(tool.now);
  raise(tool, 3);
  EXPECT_EQ(tool.equipment.spooled(), 5U);
  tool.sent.clear();
  tool.begin();
  EXPECT_TRUE(tool.equipment.spooling());
  raise(tool, 1);  // what comes now waits behind them
  tool.take();
  EXPECT_EQ(tool.count(6, 11), 0U);
  EXPECT_EQ(tool.code(6, 23, u1(2)), -7);
  EXPECT_EQ(tool.code(6, 23, u1(0)), 0);
  EXPECT_EQ(tool.code(6, 23, u1(0)), 1);  // busy
  tool.acknowledge_all();
  EXPECT_EQ(numbers(tool), (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(*tool.sent.at(0).at(2, 0, 1, 1), ascii("2018010100000100"));
  EXPECT_FALSE(tool.equipment.spooling());
  EXPECT_EQ(tool.code(6, 23, u1(0)), 2);  // empty
}

TEST(EquipmentSpool, IsBoundedAndSaysWhatItLoses) {
  Spoken tool({.spool_max = 3});
  tool.begin();
  tool.equipment.lost(tool.now);
  while (tool.equipment.happened()) {
  }
  raise(tool, 5);
  EXPECT_EQ(tool.equipment.spooled(), 3U);
  EXPECT_EQ(tool.equipment.counts().lost, 2U);
  int lost = 0;
  while (const auto h = tool.equipment.happened()) lost += h->what == Happening::What::Lost ? 1 : 0;
  EXPECT_EQ(lost, 2);
  tool.begin();
  EXPECT_EQ(tool.code(6, 23, u1(0)), 0);
  tool.acknowledge_all();
  EXPECT_EQ(numbers(tool), (std::vector<std::uint64_t>{0, 1, 2}));
  // With the option, the oldest go instead.
  EXPECT_EQ(tool.code(2, 15, lists_equipment_service({list(u1(104), secs::boolean(true))})), 0);
  tool.equipment.lost(tool.now);
  raise(tool, 5);
  tool.begin();
  EXPECT_EQ(tool.code(6, 23, u1(0)), 0);
  tool.acknowledge_all();
  EXPECT_EQ(numbers(tool), (std::vector<std::uint64_t>{7, 8, 9}));
}

TEST(EquipmentSpool, GivesOnlySoManyAtATime) {
  Spoken tool;
  tool.begin();
  EXPECT_EQ(tool.code(2, 15, lists_equipment_service({list(u1(103), u1(2))})), 0);
  tool.equipment.lost(tool.now);
  raise(tool, 3);
  tool.begin();
  EXPECT_EQ(tool.code(6, 23, u1(0)), 0);
  tool.acknowledge_all();
  EXPECT_EQ(tool.count(6, 11), 2U);
  EXPECT_TRUE(tool.equipment.spooling());
  EXPECT_EQ(tool.code(6, 23, u1(0)), 0);
  tool.acknowledge_all();
  EXPECT_EQ(tool.count(6, 11), 3U);
  EXPECT_FALSE(tool.equipment.spooling());
}

TEST(EquipmentSpool, IsPurgedOrTurnedOffByTheHost) {
  Spoken tool;
  tool.begin();
  tool.equipment.lost(tool.now);
  raise(tool, 3);
  tool.begin();
  EXPECT_EQ(tool.code(6, 23, u1(1)), 0);
  EXPECT_EQ(tool.equipment.spooled(), 0U);
  EXPECT_EQ(*tool.ask(2, 43, list())->body, list(binary(0), list()));  // nothing is spooled
  tool.equipment.lost(tool.now);
  raise(tool, 1);
  EXPECT_EQ(tool.equipment.spooled(), 0U);
  tool.begin();
  EXPECT_EQ(
      *tool.ask(2, 43, lists_equipment_service({list(u1(6), list(u1(11))), list(u1(5), list())}))
           ->body,
      list(binary(0), list()));
  EXPECT_EQ(*tool.ask(2, 43,
                      lists_equipment_service(
                          {list(u1(1), list()), list(u1(6), list(u1(12))), list(u1(99), list())}))
                 ->body,
            list(binary(1), lists_equipment_service({list(u1(1), binary(1), list()),
                                                     list(u1(6), binary(3), list(u1(12))),
                                                     list(u1(99), binary(2), list())})));
  tool.equipment.lost(tool.now);
  raise(tool, 1);
  EXPECT_EQ(tool.equipment.spooled(), 1U);
}

TEST(EquipmentSpool, AHostThatDoesNotAnswerLosesNothing) {
  Spoken tool({.window = 2});
  tool.begin();
  raise(tool, 4);
  tool.take();
  EXPECT_EQ(tool.count(6, 11), 2U);                         // as many as the window
  tool.equipment.failed(tool.sent.at(0).system, tool.now);  // T3
  EXPECT_EQ(tool.equipment.spooled(), 4U);
  tool.reply(tool.sent.at(1), binary(0));  // late: it comes again, and is the same by its number
  tool.sent.clear();
  EXPECT_EQ(tool.code(6, 23, u1(0)), 0);
  tool.take();
  tool.equipment.failed(tool.find(6, 11)->system, tool.now);  // again
  EXPECT_EQ(tool.equipment.spooled(), 4U);
  EXPECT_EQ(tool.code(6, 23, u1(0)), 0);
  tool.sent.erase(tool.sent.begin());
  tool.acknowledge_all();
  EXPECT_EQ(numbers(tool), (std::vector<std::uint64_t>{0, 1, 2, 3}));
}

TEST(EquipmentSpool, ALongReportIsAskedForFirst) {
  Spoken tool({.multiblock = Multiblock::Asks});
  tool.begin();
  tool.equipment.set(6, ascii(std::string(300, 'x')), tool.now);
  raise(tool, 1);
  tool.take();
  EXPECT_EQ(tool.count(6, 11), 0U);
  ASSERT_TRUE(tool.find(6, 5));
  EXPECT_GT(tool.find(6, 5)->at(1)->as_u64(), 300U);
  tool.reply(tool.find(6, 5), binary(0));
  EXPECT_EQ(tool.count(6, 11), 1U);
  tool.acknowledge_all();
  EXPECT_EQ(tool.equipment.waiting(), 0U);
  raise(tool, 1);
  tool.take();
  tool.reply(tool.find(6, 5), binary(1));  // it does not want it now
  EXPECT_EQ(tool.equipment.spooled(), 1U);
}

}  // namespace
}  // namespace twin::link::gem
