#include "twin/link/uns.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "twin/contract/refusal.hpp"
#include "twin/event/example.hpp"

namespace twin::link {
namespace {

TEST(Uns, TopicsComeBack) {
  // If this failed, a message would belong to another tool. Names that hold what topics are made of
  // are escaped.
  const std::vector<std::pair<Topic, std::string>> all = {
      {{.site = "north"}, "fab/north/mes/event"},
      {{.site = "n", .area = "litho", .tool = "L/01", .module = "", .leaf = Leaf::State},
       "fab/n/litho/L%2F01/-/state"},
      {{.site = "n", .area = "-", .tool = "A+#%", .module = "A/B", .leaf = Leaf::Alarm},
       "fab/n/%2D/A%2B%23%25/A%2FB/alarm"},
      {{.site = "n",
        .area = "a",
        .tool = "t",
        .module = "m",
        .leaf = Leaf::Event,
        .name = "pm_due"},
       "fab/n/a/t/m/event/pm_due"},
      {{.site = "n", .area = "a", .tool = "t", .module = "m", .leaf = Leaf::Trace, .name = "晶"},
       "fab/n/a/t/m/trace/晶"},
      {{.site = "n", .leaf = Leaf::Ack, .name = "mes"}, "fab/n/twin/ack/mes"},
      {{.site = "n", .leaf = Leaf::Resend, .name = "a/b"}, "fab/n/twin/resend/a%2Fb"},
  };
  for (const auto& [topic, text] : all) {
    EXPECT_EQ(to_string(topic), text);
    EXPECT_EQ(parse_topic(text), topic) << text;
  }
}

TEST(Uns, WhatIsNoTopicIsNone) {
  // If this failed, a foreign message would be read as ours.
  for (const char* bad :
       {"", "fab", "fab/n", "fab/n/mes", "fab/n/mes/event/x", "x/n/mes/event", "fab//mes/event",
        "fab/+/mes/event", "fab/n/#", "fab/n/a/t/m", "fab/n/a/t/m/event", "fab/n/a/t/m/state/x",
        "fab/n/a/t/m/other", "fab/n/twin/other/x", "fab/n/a/t/m/event/x/y/z", "fab/n%2/mes/event",
        "fab/n%zz/mes/event", "/fab/n/mes/event"})
    EXPECT_FALSE(parse_topic(bad)) << bad;
}

TEST(Uns, EventsGoWhereTheyBelong) {
  // If this failed, a subscriber of one tool would not hear it.
  event::Names names;
  event::Event e{.lot = names.add(event::Table::Lot, "L"),
                 .tool = names.add(event::Table::Tool, "T"),
                 .chamber = names.add(event::Table::Chamber, "T/A"),
                 .item = names.add(event::Table::Item, "rf")};
  const auto topic = [&](event::Kind kind) {
    e.kind = kind;
    return to_string(topic_of(e, names, "n", "etch"));
  };
  EXPECT_EQ(topic(event::Kind::Moved), "fab/n/mes/event");
  EXPECT_EQ(topic(event::Kind::ToolStateChanged), "fab/n/etch/T/T%2FA/state");
  EXPECT_EQ(topic(event::Kind::AlarmSet), "fab/n/etch/T/T%2FA/alarm");
  EXPECT_EQ(topic(event::Kind::TraceSamples), "fab/n/etch/T/T%2FA/trace/rf");
  EXPECT_EQ(topic(event::Kind::Measurement), "fab/n/etch/T/T%2FA/event/measurement");
}

// Names as a payload can hold them.
event::Names plain_names() {
  event::Names names;
  for (std::size_t t = 1; t < event::TableCount; ++t) {
    for (int k = 0; k < 40; ++k) {
      names.add(static_cast<event::Table>(t),
                std::string(event::to_string(static_cast<event::Table>(t))) + " \"" +
                    std::to_string(k) + "\" Ä/晶\\");
    }
  }
  return names;
}

TEST(Uns, EveryEventComesBackFromItsPayload) {
  // If this failed, MQTT and HTTP would say less than the tools did. 3,000 events at all extremes,
  // one or several in a message.
  const event::Names names = plain_names();
  std::uint32_t k = 0;
  for (std::uint64_t seq = 0; seq < 1'000; ++seq) {
    Arrival a{.source = "mes", .epoch = 7, .seq = seq * 18'446'744'073'709'551ULL, .clock = 99};
    const std::size_t count = seq % 3 == 0 ? 1 : seq % 7;
    for (std::size_t n = 0; n < count; ++n) {
      event::Event e = event::any_event({.seed = 1}, k++);
      for (std::uint32_t* id :
           {&e.lot, &e.carrier, &e.tool, &e.chamber, &e.route, &e.recipe, &e.item})
        if (*id != event::None) *id %= 40;
      e.arrived = 0;
      e.source = event::None;
      e.source_seq = e.raw_offset = e.raw_length = 0;
      if (count == 1 && seq % 2 == 0) a.clock = e.at;
      a.events.push_back(e);
    }
    event::Names back = names;  // the same numbers, so that the events can be compared
    EXPECT_EQ(read_payload(write_payload(a, names), "", back), a) << write_payload(a, names);
    EXPECT_EQ(back, names);
  }
}

TEST(Uns, PayloadIsAsItIsDocumented) {
  // If this failed, docs/links-other.md would lie to whoever writes a source.
  event::Names names;
  const Arrival a = read_payload(
      R"({"t":"2026-11-28T20:00:00.000Z","src":"mes","epoch":1,"seq":12,"kind":"measurement",
          "lot":"L42","tool":"CD-SEM-1","item":"cd","v":41.7,"u":"nm","q":"uncertain"})",
      "mqtt/", names);
  EXPECT_EQ(a.source, "mqtt/mes");
  EXPECT_EQ(a.clock, 1'795'896'000'000);
  ASSERT_EQ(a.events.size(), 1U);
  EXPECT_EQ(a.events[0].value, 41.7);
  EXPECT_EQ(a.events[0].unit, event::Unit::Nanometre);
  EXPECT_EQ(names.name(event::Table::Lot, a.events[0].lot), "L42");
  EXPECT_EQ(write_payload(a, names),
            R"({"t":1795896000000,"src":"mqtt/mes","epoch":1,"seq":12,"kind":"measurement",)"
            R"("v":41.7,"u":"nm","q":"uncertain","lot":"L42","tool":"CD-SEM-1","item":"cd"})");
}

TEST(Uns, BadPayloadsAreRefusedWithTheirReason) {
  // If this failed, whoever writes a source would have to guess what is wrong with it.
  const auto why = [](std::string_view json) {
    event::Names names;
    return contract::refusal([&] { static_cast<void>(read_payload(json, "", names)); });
  };
  const std::string head = R"({"src":"m","epoch":1,"seq":2,"t":3)";
  EXPECT_EQ(why(head + R"(,"kind":"finished"})"), "accepted");
  EXPECT_EQ(why(head + R"(,"events":[]})"), "accepted");
  EXPECT_EQ(why(""), "payload: byte 1: an object must begin here, with {");
  EXPECT_EQ(why(head + "}"),
            "payload: byte 1: the object must have either an event of its own or 'events'");
  EXPECT_EQ(why(head + R"(,"kind":"finished","events":[]})"),
            "payload: byte 1: the object must have either an event of its own or 'events'");
  EXPECT_EQ(why(head + R"(,"lot":"L"})"), "payload: byte 1: the object has no 'kind'");
  EXPECT_EQ(why(R"({"src":"m","epoch":1,"t":3,"kind":"finished"})"),
            "payload: byte 1: the object has no 'seq'");
  EXPECT_EQ(why(head + R"(,"seq":3})"), "payload: byte 36: the key 'seq' stands twice");
  EXPECT_EQ(why(head + R"(,"lott":"L"})"), "payload: byte 36: the key 'lott' is not known here");
  EXPECT_EQ(why(head + R"(,"events":[{"seq":1}]})"),
            "payload: byte 47: the key 'seq' is not known here");
  EXPECT_EQ(why(head + R"(,"events":[{"kind":"finished"}]})"),
            "payload: byte 46: the object has no 't'");
  EXPECT_EQ(why(head + R"(,"kind":"finishd"})"),
            "payload: byte 43: 'finishd' is no kind; did you mean 'finished'?");
  EXPECT_EQ(why(head + R"(,"u":"furlong"})"), "payload: byte 40: 'furlong' is no unit");
  EXPECT_EQ(why(head + R"(,"v":"much"})"), "payload: byte 40: 'much' (a number)");
  EXPECT_EQ(why(head + R"(,"lot":""})"), "payload: byte 42: an empty name");
  EXPECT_EQ(why(head + R"(,"step":4294967295})"),
            "payload: byte 43: '4294967295' (an integer from 0 to 4294967294)");
  EXPECT_EQ(why(R"({"t":"yesterday"})"),
            "payload: byte 6: 'yesterday' (a time as 2026-01-31T12:00:00.000Z, or ms since 1970)");
  EXPECT_EQ(why(R"({"epoch":-1})"), "payload: byte 10: '-1' (an integer from 0 to 4294967295)");
  EXPECT_EQ(why(std::string(1'048'577, ' ')), "payload: byte 1048577: more than 1048576 bytes");
  std::string many = head + R"(,"events":[)";
  for (int k = 0; k < 10'001; ++k) many += R"({"t":1,"kind":"finished"},)";
  EXPECT_TRUE(why(many).ends_with("more than 10000 events")) << why(many);
}

TEST(Uns, NumbersComeBackAndAreChecked) {
  // If this failed, a source would forget what the twin does not have.
  const Numbers n{.src = "a\"b", .epoch = 4, .seq = {7, 9}};
  EXPECT_EQ(write_numbers(n), R"({"src":"a\"b","epoch":4,"first":7,"last":9})");
  EXPECT_EQ(read_numbers(write_numbers(n)), n);
  const auto why = [](std::string_view json) {
    return contract::refusal([&] { static_cast<void>(read_numbers(json)); });
  };
  EXPECT_EQ(why(R"({"src":"a","epoch":1,"first":2,"last":1})"),
            "numbers: byte 1: src, epoch, first and last must be said, first not above last");
  EXPECT_EQ(why(R"({"src":"a","epoch":1,"first":2})"),
            "numbers: byte 1: src, epoch, first and last must be said, first not above last");
  EXPECT_EQ(why(R"({"src":"a","src":"b"})"),
            "numbers: byte 12: the key 'src' is not known here, or stands twice");
}

}  // namespace
}  // namespace twin::link
