// If these failed, what a tool reports would be taken for something else: another lot, another step,
// another moment; and the plant could not be followed exactly.
#include "twin/link/tool/telling.hpp"

#include <gtest/gtest.h>

#include <array>

#include "twin/core/draw.hpp"

namespace twin::link::tool {
namespace {

using event::Event;
using event::Kind;
using event::Names;
using event::Table;

const Description& fab_tool_telling() {
  static const Description d = read_description(std::filesystem::path("data/tools/fab-tool.toml"));
  return d;
}

// S6F11 of a saying, as an equipment would send it.
secs::Item report_of(const Description& d, const Telling::Saying& saying) {
  const CollectionEvent& e = d.events[saying.event];
  secs::Item reports = secs::list();
  for (const std::uint32_t r : e.reports) {
    secs::Item values = secs::list();
    for (const std::uint32_t v : d.reports[r].variables) {
      secs::Item value = d.variables[v].initial;
      for (const auto& [variable, item] : saying.variables)
        if (variable == v) value = item;
      values.add(value);
    }
    reports.add(secs::list(secs::u4(d.reports[r].id.number()), std::move(values)));
  }
  return secs::list(secs::u4(0), secs::u4(e.id.number()), std::move(reports));
}

Names some_names() {
  Names names;
  for (const char* lot : {"L1", "L2", "lot with \"quotes\"", "\xc3\x84"})
    names.add(Table::Lot, lot);
  for (const char* tool : {"LITHO_01", "ETCH_02"}) names.add(Table::Tool, tool);
  for (const char* c : {"A", "B"}) names.add(Table::Chamber, c);
  for (const char* c : {"F1", "F2"}) names.add(Table::Carrier, c);
  for (const char* r : {"route_1", "route_2"}) names.add(Table::Route, r);
  for (const char* r : {"poly", "etch"}) names.add(Table::Recipe, r);
  for (const char* i : {"setup_A", "pm 1", "thickness"}) names.add(Table::Item, i);
  return names;
}

// The same in other names: by what the numbers are called.
std::string shown(const Event& e, const Names& names) {
  std::string text = std::string(event::to_string(e.kind));
  const auto add = [&](Table table, std::uint32_t id) {
    text += "|" + (id == None ? std::string("-") : event::label(names, table, id));
  };
  add(Table::Lot, e.lot);
  add(Table::Carrier, e.carrier);
  add(Table::Tool, e.tool);
  add(Table::Chamber, e.chamber);
  add(Table::Route, e.route);
  add(Table::Recipe, e.recipe);
  add(event::item_table(e.kind), e.item);
  for (const std::uint32_t n : {e.wafers, e.step, e.visit, e.job}) text += "|" + std::to_string(n);
  return text + "|" + std::to_string(e.value) + std::string(event::to_string(e.unit)) +
         std::string(event::to_string(e.quality));
}

constexpr std::array LotKinds = {Kind::SetupStarted,      Kind::LoadStarted,
                                 Kind::ProcessingStarted, Kind::ProcessingSuspended,
                                 Kind::ProcessingResumed, Kind::ProcessingEnded,
                                 Kind::Unloaded,          Kind::BatchFormed};
constexpr std::array ToolKinds = {Kind::PmDue, Kind::PmStarted, Kind::PmEnded, Kind::ToolDown,
                                  Kind::ToolUp};
constexpr std::array NumberKinds = {
    Kind::ToolStateChanged, Kind::RecipeChanged, Kind::ConstantChanged,
    Kind::ClockChanged,     Kind::AlarmSet,      Kind::AlarmCleared,
    Kind::Measurement,      Kind::TraceSamples,  Kind::Unknown};

Event any(core::Draw draw, std::uint32_t k) {
  const auto word = [&](std::uint32_t w) { return draw.block(1, k, w)[0]; };
  const auto one_of = [&](std::uint32_t w, std::uint32_t n) {
    return word(w) % (n + 1) == n ? None : word(w) % (n + 1);
  };
  Event e;
  const std::uint32_t sort = word(0) % 3;
  e.kind = sort == 0   ? LotKinds[word(1) % LotKinds.size()]
           : sort == 1 ? ToolKinds[word(1) % ToolKinds.size()]
                       : NumberKinds[word(1) % NumberKinds.size()];
  e.tool = word(2) % 2;
  e.chamber = one_of(3, 2);
  e.item = one_of(4, 3);
  if (sort != 1) {
    e.lot = one_of(5, 4);
    e.wafers = word(6) % 26;
    e.carrier = one_of(7, 2);
    e.route = one_of(8, 2);
    e.step = word(9) % 3 == 0 ? None : word(9) % 700;
    e.visit = word(10) % 3 == 0 ? None : word(10);
    if (e.visit == None) e.visit = 0;
    e.recipe = one_of(11, 2);
    e.job = word(12) % 3 == 0 ? None : word(12) / 2;
  }
  if (sort == 2) {
    e.value = static_cast<double>(word(13)) / 7.0 - 1e8;
    e.unit = event::units()[word(14) % event::units().size()].value;
    e.quality = event::qualities()[word(15) % event::qualities().size()].value;
  }
  return e;
}

TEST(Telling, EveryEventOfAFabToolComesBackExactly) {
  const Telling telling(fab_tool_telling());
  const Hearing hearing(fab_tool_telling());
  const Names names = some_names();
  Names heard;
  const core::Draw draw{.seed = 11};
  for (std::uint32_t k = 0; k < 5'000; ++k) {
    const Event e = any(draw, k);
    const auto saying = telling.say(e, names);
    ASSERT_TRUE(saying) << shown(e, names);
    const secs::Item body = report_of(fab_tool_telling(), *saying);
    std::uint32_t event = 0;
    std::vector<Told> told;
    ASSERT_EQ(hearing.values(body, event, told), Heard::Understood);
    EXPECT_EQ(event, saying->event);
    std::vector<Event> events;
    ASSERT_EQ(hearing.events(event, told, "LINE", heard, events), Heard::Understood);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(shown(events[0], heard), shown(e, names)) << "seed 11, event " << k;
  }
}

TEST(Telling, WhatNoReportHoldsIsNotTold) {
  // A number would vanish on the way, and the mirror would differ from the plant without a word.
  const Telling telling(fab_tool_telling());
  const Names names = some_names();
  EXPECT_TRUE(telling.say({.tool = 0, .kind = Kind::ToolDown}, names));
  EXPECT_FALSE(telling.say({.lot = 0, .tool = 0, .kind = Kind::ToolDown}, names));
  EXPECT_FALSE(telling.say({.value = 1.0, .lot = 0, .tool = 0, .kind = Kind::LoadStarted}, names));
  EXPECT_FALSE(telling.say({.value = -0.0, .lot = 0, .tool = 0, .kind = Kind::LoadStarted}, names));
  EXPECT_FALSE(telling.say({.lot = 0, .kind = Kind::LotReleased}, names));  // the MES tells that
}

constexpr const char* Small = R"(
[class]
name = "small"
[[variables]]
id = 1
name = "N"
format = "U8"
role = "counter"
[[variables]]
id = 2
name = "T"
role = "clock"
[[variables]]
id = 3
name = "LOTS"
format = "L"
[[variables]]
id = 4
name = "WHERE"
format = "U2"
[fields]
lot = "LOTS"
step = "WHERE"
[[reports]]
id = 10
variables = ["N", "T", "LOTS", "WHERE"]
[[events]]
id = 100
name = "Start"
reports = [10]
kind = "processing_started"
fixed = { chamber = "A", recipe = "main" }
[[events]]
id = 101
name = "Nothing"
)";

secs::Item small_report(secs::Item n, secs::Item t, secs::Item lots, secs::Item step) {
  return secs::list(
      secs::u1(0), secs::u2(100),
      secs::list(secs::list(
          secs::u1(10), secs::list(std::move(n), std::move(t), std::move(lots), std::move(step)))));
}

TEST(Hearing, ReadsOtherWidthsListsOfLotsAndFixedFields) {
  // A peer that answers U1 10 where U4 10 was defined would not be understood.
  const Description d = read_description(Small, "small.toml");
  const Hearing hearing(d);
  std::uint32_t event = 0;
  std::vector<Told> told;
  const secs::Item body =
      small_report(secs::u1(7), secs::ascii("2018010100000000"),
                   secs::list(secs::ascii("L1"), secs::ascii("L2 ")), secs::u1(3));
  ASSERT_EQ(hearing.values(body, event, told), Heard::Understood);
  EXPECT_EQ(hearing.stamp(told), (Stamp{.counter = 7, .epoch = {}, .clock = 1'514'764'800'000}));
  Names names;
  std::vector<Event> events;
  ASSERT_EQ(hearing.events(event, told, "ETCH", names, events), Heard::Understood);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(names.name(Table::Lot, events[1].lot), "L2");
  EXPECT_EQ(events[0].step, 3U);
  EXPECT_EQ(names.name(Table::Chamber, events[0].chamber), "A");
  EXPECT_EQ(names.name(Table::Recipe, events[0].recipe), "main");
  EXPECT_EQ(names.name(Table::Tool, events[0].tool), "ETCH");
}

TEST(Hearing, SetsAsideWhatItCannotRead) {
  const Description d = read_description(Small, "small.toml");
  const Hearing hearing(d);
  std::uint32_t event = 0;
  std::vector<Told> told;
  const auto heard = [&](const secs::Item& body) { return hearing.values(body, event, told); };
  const auto meant = [&](const secs::Item& body) {
    EXPECT_EQ(heard(body), Heard::Understood);
    Names names;
    std::vector<Event> events;
    const Heard answer = hearing.events(event, told, "ETCH", names, events);
    EXPECT_TRUE(answer == Heard::Understood || events.empty());
    return answer;
  };
  const auto lots = [] { return secs::list(secs::ascii("L1"), secs::ascii("L2")); };
  EXPECT_EQ(heard(secs::list()), Heard::Malformed);
  EXPECT_EQ(heard(secs::ascii("x")), Heard::Malformed);
  EXPECT_EQ(heard(secs::list(secs::u1(0), secs::f4(1.0), secs::list())), Heard::Malformed);
  EXPECT_EQ(heard(secs::list(secs::u1(0), secs::u1(100), secs::u1(1))), Heard::Malformed);
  EXPECT_EQ(heard(secs::list(secs::u1(0), secs::u1(99), secs::list())), Heard::UnknownEvent);
  EXPECT_EQ(heard(secs::list(secs::u1(0), secs::u1(100), secs::list(secs::u1(10)))),
            Heard::Malformed);
  EXPECT_EQ(heard(secs::list(secs::u1(0), secs::u1(100),
                             secs::list(secs::list(secs::u1(11), secs::list())))),
            Heard::Malformed);  // a report that nobody defined
  EXPECT_EQ(heard(secs::list(secs::u1(0), secs::u1(100),
                             secs::list(secs::list(secs::u1(10), secs::list(secs::u1(1)))))),
            Heard::Malformed);  // one with fewer values
  EXPECT_EQ(meant(secs::list(secs::u1(0), secs::u1(101), secs::list())), Heard::Understood);
  EXPECT_EQ(meant(small_report(secs::u1(7), secs::ascii("t"), lots(), secs::ascii("three"))),
            Heard::BadValue);
  EXPECT_EQ(meant(small_report(secs::u1(7), secs::ascii("t"), lots(), secs::i2(-1))),
            Heard::BadValue);
  EXPECT_EQ(meant(small_report(secs::u1(7), secs::ascii("t"), lots(), secs::u2(1, 2))),
            Heard::BadValue);
  EXPECT_EQ(
      meant(small_report(secs::u1(7), secs::ascii("t"), secs::list(secs::list()), secs::u2(1))),
      Heard::BadValue);
  std::vector<secs::Item> many(1'001, secs::ascii("L"));
  EXPECT_EQ(meant(small_report(secs::u1(7), secs::ascii("t"), secs::list(many), secs::u2(1))),
            Heard::BadValue);
}

}  // namespace
}  // namespace twin::link::tool
