// If these failed, our simulated tools would answer a host as no GEM equipment does, and a host that
// works with them would fail at a real one.
#include "twin/link/gem/equipment.hpp"

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

Item lists(std::initializer_list<Item> items) { return Item(std::vector<Item>(items)); }

TEST(Equipment, CommunicationIsEstablishedFromEitherSide) {
  Spoken tool;
  tool.equipment.selected(tool.now);
  tool.take();
  ASSERT_TRUE(tool.find(1, 13));
  EXPECT_EQ(*tool.find(1, 13)->body, list(ascii("E-9"), ascii("3.1")));
  EXPECT_EQ(tool.code(1, 3, list()), -1);  // aborted: it does not communicate yet
  const auto answer = tool.ask(1, 13, list());
  EXPECT_EQ(*answer->body, list(binary(0), list(ascii("E-9"), ascii("3.1"))));
  EXPECT_EQ(tool.equipment.communication(), Communication::Communicating);
  tool.reply(tool.find(1, 13), list(binary(0), list()));  // the second answer is harmless
  EXPECT_EQ(tool.equipment.communication(), Communication::Communicating);
}

TEST(Equipment, ADeniedS1F13IsTriedAgain) {
  Spoken tool;
  tool.equipment.selected(tool.now);
  tool.take();
  tool.reply(tool.find(1, 13), list(binary(1), list()));
  EXPECT_EQ(tool.equipment.communication(), Communication::WaitDelay);
  EXPECT_EQ(tool.equipment.deadline(), tool.now + 10'000);
  tool.now += 10'000;
  tool.equipment.tick(tool.now);
  tool.take();
  EXPECT_EQ(tool.count(1, 13), 2U);
  tool.equipment.failed(tool.find(1, 13)->system, tool.now);  // T3
  EXPECT_EQ(tool.equipment.communication(), Communication::WaitDelay);
}

TEST(Equipment, DisabledItSaysNothing) {
  Spoken tool;
  tool.equipment.disable(tool.now);
  tool.equipment.selected(tool.now);
  EXPECT_FALSE(tool.ask(1, 13, list()));
  tool.equipment.enable(tool.now);
  tool.take();
  EXPECT_EQ(tool.count(1, 13), 1U);
}

TEST(Equipment, ControlGoesAsE30Says) {
  Spoken tool({.start = Start::HostOffline});
  tool.begin();
  EXPECT_EQ(tool.code(1, 1), -1);  // off-line: all but S1F13 and S1F17 is aborted
  EXPECT_EQ(tool.code(2, 17), -1);
  EXPECT_EQ(tool.code(1, 17), 0);
  EXPECT_EQ(tool.equipment.control(), Control::Remote);
  EXPECT_EQ(tool.code(1, 17), 2);
  EXPECT_EQ(tool.code(1, 15), 0);
  EXPECT_EQ(tool.equipment.control(), Control::HostOffline);
  tool.equipment.go_offline(tool.now);
  EXPECT_EQ(tool.equipment.control(), Control::EquipmentOffline);
  EXPECT_EQ(tool.code(1, 17), 1);  // the operator has it
  tool.equipment.go_online(tool.now);
  EXPECT_EQ(tool.equipment.control(), Control::AttemptOnline);
  tool.take();
  tool.equipment.failed(tool.find(1, 1)->system, tool.now);
  EXPECT_EQ(tool.equipment.control(), Control::HostOffline);
  tool.equipment.go_online(tool.now);
  tool.take();
  tool.reply(tool.find(1, 1), list());
  EXPECT_EQ(tool.equipment.control(), Control::Remote);
  tool.equipment.switch_to(Control::Local, tool.now);
  EXPECT_EQ(tool.ask(1, 3, list(u1(3)))->at(0)->as_u64(), 4U);  // read freely
}

TEST(Equipment, VariablesAreReadAndNamed) {
  Spoken tool;
  tool.begin();
  tool.equipment.set(3, secs::f8(2.5), tool.now);
  const auto some = tool.ask(1, 3, list(u2(4), u4(99), u1(20), u1(1)));
  EXPECT_EQ(*some->body, list(secs::f8(2.5), list(), list(), ascii("2018010100000000")));
  EXPECT_EQ(tool.ask(1, 3, list())->body->count(), 6U);
  EXPECT_EQ(tool.code(1, 3), -7);
  EXPECT_EQ(tool.code(1, 3, u1(3)), -7);
  EXPECT_EQ(
      *tool.ask(1, 11, list(u1(4), u1(99)))->body,
      lists({list(u1(4), ascii("Pressure"), ascii("Pa")), list(u1(99), ascii(""), ascii(""))}));
  EXPECT_EQ(*tool.ask(1, 21, list(u1(20)))->body, lists({list(u1(20), ascii("Lot"), ascii(""))}));
  EXPECT_EQ(*tool.ask(1, 23, list(u2(1000)))->body,
            lists({list(u2(1000), ascii("Started"), list(u4(2), u4(1), u4(20)))}));
  EXPECT_EQ(tool.ask(1, 23, list())->body->count(), 3U);
  EXPECT_EQ(*tool.ask(1, 23, list(u2(7)))->body, lists({list(u2(7), ascii(""), list())}));
}

TEST(Equipment, ConstantsAreReadNamedAndSetWithinTheirBounds) {
  Spoken tool;
  tool.begin();
  EXPECT_EQ(*tool.ask(2, 13, list(u1(100), u1(4)))->body, list(u2(10), list()));
  EXPECT_EQ(*tool.ask(2, 29, list(u1(100), u1(9)))->body,
            lists({list(u1(100), ascii("EstablishTimeout"), u2(1), u2(240), u2(10), ascii("s")),
                   list(u1(9), ascii(""), ascii(""), ascii(""), ascii(""), ascii(""))}));
  const auto set = [&](Item id, Item value) {
    return tool.code(2, 15, lists({list(std::move(id), std::move(value))}));
  };
  EXPECT_EQ(set(u1(100), u1(20)), 0);  // another width will do
  EXPECT_EQ(tool.equipment.value(9), u2(20));
  EXPECT_EQ(set(u1(99), u1(1)), 1);
  EXPECT_EQ(set(u1(4), u1(1)), 1);  // a status variable
  EXPECT_EQ(set(u1(100), u2(241)), 3);
  EXPECT_EQ(set(u1(100), ascii("x")), 3);
  EXPECT_EQ(set(u1(100), u1(1, 2)), 3);
  EXPECT_EQ(set(u1(105), secs::f8(2.1)), 3);
  EXPECT_EQ(set(u1(105), secs::f4(1.5)), 0);
  EXPECT_EQ(set(u1(102), secs::boolean(false)), 0);
  EXPECT_EQ(set(u1(106), ascii("x")), 0);
  // All or none.
  EXPECT_EQ(tool.code(2, 15, lists({list(u1(100), u1(30)), list(u1(99), u1(1))})), 1);
  EXPECT_EQ(tool.equipment.value(9), u2(20));
  EXPECT_EQ(tool.code(2, 15, lists({list(u1(100))})), -7);
  tool.equipment.switch_to(Control::Local, tool.now);
  EXPECT_EQ(set(u1(100), u1(20)), 2);  // the host may read, not command
  int changed = 0;
  while (const auto h = tool.equipment.happened())
    changed += h->what == Happening::What::ConstantChanged ? 1 : 0;
  EXPECT_EQ(changed, 4);
}

TEST(Equipment, ItsClockHasThreeFormsAndCanBeSet) {
  Spoken tool;
  tool.begin();
  EXPECT_EQ(*tool.ask(2, 17)->body, ascii("2018010100000000"));
  EXPECT_EQ(tool.code(2, 15, lists({list(u1(101), u1(0))})), 0);
  EXPECT_EQ(*tool.ask(2, 17)->body, ascii("180101000000"));
  EXPECT_EQ(tool.code(2, 15, lists({list(u1(101), u1(2))})), 0);
  EXPECT_EQ(tool.code(2, 31, ascii("2018010100001000")), 0);
  EXPECT_EQ(*tool.ask(2, 17)->body, ascii("2018-01-01T00:00:10.000Z"));
  EXPECT_EQ(tool.equipment.offset(), 10'000);
  EXPECT_EQ(tool.code(2, 31, ascii("tomorrow")), 1);
  EXPECT_EQ(tool.code(2, 31, u1(1)), -7);
}

TEST(Equipment, ReportsAreDefinedLinkedAndEnabled) {
  Spoken tool({.reports = Reports::Bare});
  tool.begin();
  const auto define = [&](Item reports) {
    return tool.code(2, 33, list(u4(0), std::move(reports)));
  };
  const auto link = [&](Item links) { return tool.code(2, 35, list(u4(0), std::move(links))); };
  const auto enable = [&](bool on, Item events) {
    return tool.code(2, 37, list(secs::boolean(on), std::move(events)));
  };
  EXPECT_EQ(define(lists({list(u4(1), list(u1(2), u1(20)))})), 0);
  EXPECT_EQ(define(lists({list(u1(1), list(u1(2)))})), 3);  // U1 1 is U4 1
  EXPECT_EQ(define(lists({list(u4(2), list(u1(99)))})), 4);
  EXPECT_EQ(define(u1(1)), 2);
  EXPECT_EQ(define(lists({list(u4(2))})), 2);
  EXPECT_EQ(define(lists({list(u4(2), list(list(), u1(2)))})), 2);
  EXPECT_EQ(tool.code(2, 33), 2);
  EXPECT_EQ(define(lists({list(u4(2), Item(std::vector<Item>(1'001, u1(2))))})), 1);
  EXPECT_EQ(link(lists({list(u4(1000), list(u4(1)))})), 0);
  EXPECT_EQ(link(lists({list(u4(1000), list(u4(1)))})), 3);
  EXPECT_EQ(link(lists({list(u4(9), list(u4(1)))})), 4);
  EXPECT_EQ(link(lists({list(u4(1001), list(u4(9)))})), 5);
  EXPECT_EQ(link(u1(1)), 2);
  EXPECT_EQ(link(lists({list(u4(1000), list()), list(u4(1000), list(u4(1)))})), 0);
  EXPECT_FALSE(tool.equipment.raise(0, tool.now));  // not enabled
  EXPECT_EQ(enable(true, list(u4(1000), u4(9))), 1);
  EXPECT_FALSE(tool.equipment.raise(0, tool.now));
  EXPECT_EQ(enable(true, list(u2(1000))), 0);
  EXPECT_EQ(tool.code(2, 37, list(u1(1))), -7);
  tool.equipment.set(6, ascii("LOT42"), tool.now);
  EXPECT_TRUE(tool.equipment.raise(0, tool.now));
  tool.take();
  EXPECT_EQ(*tool.find(6, 11)->body->at(2),
            lists({list(u4(1), list(secs::u8(0), ascii("LOT42")))}));
  EXPECT_EQ(*tool.ask(6, 15, u2(1000))->body->at(2),
            lists({list(u4(1), list(secs::u8(0), ascii("LOT42")))}));
  EXPECT_EQ(*tool.ask(6, 15, u2(9))->body->at(2), list());
  EXPECT_EQ(*tool.ask(6, 19, u2(1))->body, list(secs::u8(0), ascii("LOT42")));
  EXPECT_EQ(*tool.ask(6, 19, u2(9))->body, list());
  EXPECT_EQ(define(lists({list(u4(1), list())})), 0);  // deletes it, and its link
  EXPECT_EQ(*tool.ask(6, 15, u2(1000))->body->at(2), list());
  EXPECT_EQ(define(list()), 0);
  EXPECT_EQ(enable(false, list()), 0);
  EXPECT_FALSE(tool.equipment.raise(0, tool.now));
  EXPECT_EQ(tool.code(2, 39, list(u4(0), u4(5'000))), 0);
  EXPECT_EQ(tool.code(2, 39, list(u4(0), u4(99'999'999))), 2);
  EXPECT_EQ(tool.code(2, 39, list(u4(0))), -7);
}

TEST(Equipment, AnAnnouncedMessageThatDoesNotComeIsComplainedOf) {
  Spoken tool;
  tool.begin();
  EXPECT_EQ(tool.code(2, 39, list(u4(5), u4(500))), 0);
  tool.now += 45'000;
  EXPECT_LE(tool.equipment.deadline(), tool.now);
  tool.equipment.tick(tool.now);
  tool.take();
  ASSERT_TRUE(tool.find(9, 13));
  EXPECT_EQ(*tool.find(9, 13)->body, list(ascii("S02F33"), u4(5)));
}

TEST(Equipment, WhatItDoesNotKnowIsSaidByS9) {
  Spoken tool;
  tool.begin();
  EXPECT_EQ(tool.code(77, 1), -3);
  EXPECT_EQ(tool.code(1, 77), -5);
  const auto complaint = tool.ask(7, 19 + 2, ascii("x"));
  ASSERT_TRUE(complaint);
  EXPECT_EQ(complaint->body->bytes()[2], 0x87);  // the header of the message at fault
  EXPECT_EQ(complaint->body->bytes()[3], 21);
  EXPECT_EQ(complaint->body->count(), 10U);
}

TEST(Equipment, TracesAreSampledInTime) {
  Spoken tool;
  tool.begin();
  const auto trace = [&](Item period, std::uint64_t total, std::uint64_t group, Item variables) {
    return tool.code(2, 23,
                     list(u4(1), std::move(period), u4(total), u4(group), std::move(variables)));
  };
  EXPECT_EQ(trace(ascii("000001"), 4, 5, list(u1(4))), 5);
  EXPECT_EQ(trace(ascii("000001"), 4, 0, list(u1(4))), 5);
  EXPECT_EQ(trace(ascii("000000"), 4, 2, list(u1(4))), 3);
  EXPECT_EQ(trace(ascii("1"), 4, 2, list(u1(4))), 3);
  EXPECT_EQ(trace(u1(1), 4, 2, list(u1(4))), 3);
  EXPECT_EQ(trace(ascii("000001"), 4, 2, list(u1(99))), 4);
  EXPECT_EQ(trace(ascii("000001"), 4, 2, Item(std::vector<Item>(1'001, u1(4)))), 1);
  EXPECT_EQ(tool.code(2, 23, list(u4(1))), -7);
  EXPECT_EQ(trace(ascii("00000050"), 5, 2, list(u1(4), u1(3))), 0);
  for (int k = 1; k <= 5; ++k) {
    tool.equipment.set(3, secs::f8(k), tool.now);
    EXPECT_EQ(tool.equipment.deadline(), tool.now + 500);
    tool.now += 500;
    tool.equipment.tick(tool.now);
    tool.take();
    tool.acknowledge_all();
  }
  EXPECT_EQ(tool.count(6, 1), 3U);  // 2, 2 and the last one
  EXPECT_EQ(*tool.sent[0].body, list(u4(1), u4(2), ascii("2018010100000100"),
                                     list(secs::f8(1), u1(5), secs::f8(2), u1(5))));
  EXPECT_EQ(*tool.find(6, 1)->at(1), u4(5));
  EXPECT_EQ(tool.equipment.deadline(), core::Never);
  for (std::uint32_t k = 0; k < 32; ++k) {
    EXPECT_EQ(tool.code(2, 23, list(u4(k), ascii("000001"), u4(9), u4(1), list(u1(4)))), 0);
  }
  EXPECT_EQ(tool.code(2, 23, list(u4(99), ascii("000001"), u4(9), u4(1), list(u1(4)))), 2);
  EXPECT_EQ(trace(ascii("000001"), 0, 0, list()), 0);  // ends it
  EXPECT_EQ(tool.code(2, 23, list(u4(99), ascii("000001"), u4(9), u4(1), list(u1(4)))), 0);
}

TEST(Equipment, ATraceThatWasNotServedForADayDoesNotCatchUp) {
  // A paused process would send a million stale samples at once.
  Spoken tool;
  tool.begin();
  EXPECT_EQ(tool.code(2, 23, list(u4(1), ascii("00000001"), u4(100'000'000), u4(1), list(u1(4)))),
            0);
  tool.now += 86'400'000;
  tool.equipment.tick(tool.now);
  EXPECT_LE(tool.equipment.waiting(), 102U);
}

TEST(Equipment, LimitsRaiseTheirEvent) {
  Spoken tool;
  tool.begin();
  const auto limits = [&](Item variable, Item all) {
    return tool.ask(2, 45, list(u4(0), lists({list(std::move(variable), std::move(all))})));
  };
  const auto band = [](int id, double upper, double lower) {
    return list(binary(id), list(secs::f8(upper), secs::f8(lower)));
  };
  EXPECT_EQ(*limits(u1(4), lists({band(1, 60, 40)}))->body, list(binary(0), list()));
  const auto fault = [&](Item variable, Item all) {
    const auto m = limits(std::move(variable), std::move(all));
    const Item* first = m->at(1, 0, 2);
    return std::pair(static_cast<int>(m->at(1, 0, 1)->as_u64().value_or(99)),
                     first->empty() ? 0 : static_cast<int>(first->at(1)->as_u64().value_or(99)));
  };
  EXPECT_EQ(fault(u1(99), list()), std::pair(1, 0));
  EXPECT_EQ(fault(u1(1), list()), std::pair(2, 0));  // the clock is no number
  EXPECT_EQ(fault(u1(4), lists({band(9, 60, 40)})), std::pair(4, 1));
  EXPECT_EQ(fault(u1(4), lists({band(1, 101, 40)})), std::pair(4, 2));
  EXPECT_EQ(fault(u1(4), lists({band(1, 60, -1)})), std::pair(4, 3));
  EXPECT_EQ(fault(u1(4), lists({band(1, 40, 60)})), std::pair(4, 4));
  EXPECT_EQ(fault(u1(4), lists({list(binary(1), list(ascii("x"), ascii("y")))})), std::pair(4, 5));
  EXPECT_EQ(*tool.ask(2, 47, list(u1(4)))->body,
            lists({list(u1(4), list(ascii("Pa"), secs::f8(0), secs::f8(100),
                                    lists({list(binary(1), secs::f8(60), secs::f8(40))})))}));
  EXPECT_EQ(*tool.ask(2, 47, list(u1(99)))->body, lists({list(u1(99), list())}));
  std::size_t raised = 0;
  for (const double p : {50.0, 61.0, 50.0, 39.0, 50.0, 61.0}) {
    tool.equipment.set(3, secs::f8(p), tool.now);
    tool.take();
    tool.acknowledge_all();
    if (p == 61.0 || p == 39.0) raised = tool.count(6, 11);
  }
  EXPECT_EQ(raised, 3U);  // up at 61, down at 39, up again: within the band nothing
  EXPECT_EQ(*tool.find(6, 11)->at(2, 0, 1), list(u4(4), binary(1)));
  EXPECT_EQ(*limits(u1(4), lists({list(binary(1), list())}))->body, list(binary(0), list()));
  EXPECT_EQ(tool.code(2, 45, u1(1)), -7);
}

}  // namespace
}  // namespace twin::link::gem
