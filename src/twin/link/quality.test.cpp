#include "twin/link/quality.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace twin::link {
namespace {

using event::Event;
using event::Kind;
using event::Table;
using event::Unit;

constexpr core::Tick Now = 1'700'000'000'000;

struct Fab {
  event::Names names = {};
  QualityOptions options = {};
  Event e = {};

  Fab() {
    options.site_zero_ms = Now - 1'000'000;
    e = {.at = Now,
         .lot = names.add(Table::Lot, "L1"),
         .tool = names.add(Table::Tool, "T1"),
         .item = names.add(Table::Item, "chuck"),
         .kind = Kind::Measurement};
  }
  [[nodiscard]] std::string words() const {
    const Finding f = check_message({.clock = Now, .arrived = Now, .events = {e}}, names, options);
    return f.good() ? "good" : std::string(to_string(f.fault)) + ": " + f.words;
  }
  std::string with(Kind kind, double value = 0.0, Unit unit = Unit::None) {
    e.kind = kind;
    e.value = value;
    e.unit = unit;
    return words();
  }
};

TEST(Quality, HonestEventOfEveryKindIsGood) {
  // If this failed, a fab's ordinary words would be set aside.
  for (const auto& kind : event::kinds()) {
    Fab fab;
    const bool state = kind.value == Kind::ToolStateChanged;
    EXPECT_EQ(fab.with(kind.value, 1.0, state ? Unit::State : Unit::None), "good") << kind.text;
  }
}

TEST(Quality, EachKindNeedsItsObjects) {
  // If this failed, a move of no lot would be believed.
  for (const auto& kind : event::kinds()) {
    const auto number = static_cast<int>(kind.value);
    Fab fab;
    fab.e.lot = fab.e.tool = fab.e.item = event::None;
    const std::string words = fab.with(kind.value, 1.0, Unit::State);
    const bool needs = (number >= 1 && number < 60) || kind.value == Kind::RecipeChanged ||
                       kind.value == Kind::ConstantChanged || (number >= 80 && number < 120);
    EXPECT_EQ(words.starts_with("missing-object"), needs) << kind.text << ": " << words;
  }
  Fab fab;
  fab.e.lot = event::None;
  EXPECT_EQ(fab.with(Kind::Unloaded),
            "missing-object: unloaded in tool T1 (chuck): no lot is said");
}

TEST(Quality, ValuesThatCannotBeAreFound) {
  // If this failed, a negative absolute temperature would steer a filter.
  Fab fab;
  const std::string of = "measurement of lot L1 in tool T1 (chuck): ";
  EXPECT_EQ(fab.with(Kind::Measurement, -273.15, Unit::Celsius), "good");
  EXPECT_EQ(fab.with(Kind::Measurement, -273.16, Unit::Celsius),
            "out-of-range: " + of + "-273.16 Cel (-273.15 to 20000)");
  EXPECT_EQ(fab.with(Kind::Measurement, -1.0, Unit::Kelvin),
            "out-of-range: " + of + "-1 K (0 to 20000)");
  EXPECT_EQ(fab.with(Kind::Measurement, -5.0, Unit::Nanometre), "good");  // an overlay
  EXPECT_EQ(fab.with(Kind::Measurement, -1.0, Unit::Second),
            "out-of-range: " + of + "-1 s (0 to inf)");
  EXPECT_EQ(fab.with(Kind::Measurement, std::nan(""), Unit::Watt), "not-finite: " + of + "nan");
  EXPECT_EQ(fab.with(Kind::Measurement, -std::numeric_limits<double>::infinity()),
            "not-finite: " + of + "-inf");
  const std::string state = "tool_state of lot L1 in tool T1 (chuck): ";
  EXPECT_EQ(fab.with(Kind::ToolStateChanged, 7.0, Unit::State).substr(0, 12), "out-of-range");
  EXPECT_EQ(fab.with(Kind::ToolStateChanged, 1.5, Unit::State).substr(0, 12), "out-of-range");
  EXPECT_EQ(fab.with(Kind::ToolStateChanged, 1.0, Unit::Metre).substr(0, 10), "wrong-unit");
  EXPECT_EQ(fab.with(Kind::ReworkDecided, -1.0).substr(0, 12), "out-of-range");
  EXPECT_EQ(fab.with(Kind::PriorityChanged, 1e9).substr(0, 12), "out-of-range");
}

TEST(Quality, ParametersHaveTheirOwnRanges) {
  // If this failed, a thickness in the wrong unit would be a thousand times too thin.
  Fab fab;
  fab.options.ranges = {{.item = "chuck", .unit = Unit::Celsius, .low = 10.0, .high = 90.0}};
  EXPECT_EQ(fab.with(Kind::Measurement, 90.0, Unit::Celsius), "good");
  EXPECT_EQ(fab.with(Kind::Measurement, 91.0, Unit::Celsius),
            "out-of-range: measurement of lot L1 in tool T1 (chuck): 91 Cel (10 to 90)");
  EXPECT_EQ(fab.with(Kind::Measurement, 300.0, Unit::Kelvin),
            "wrong-unit: measurement of lot L1 in tool T1 (chuck): unit 'K' (must be 'Cel')");
}

TEST(Quality, TimesAreOfThisSiteAndNotOfTheFuture) {
  // If this failed, one event of the year 9999 would make all that follow late. Extremes included.
  Fab fab;
  fab.e.at = fab.options.site_zero_ms;
  EXPECT_EQ(fab.words(), "good");
  fab.e.at = fab.options.site_zero_ms - 1;
  EXPECT_EQ(fab.words().substr(0, 11), "before-site");
  fab.e.at = std::numeric_limits<core::Tick>::min();
  EXPECT_EQ(fab.words().substr(0, 11), "before-site");
  fab.e.at = Now + 86'400'000;
  EXPECT_EQ(fab.words(), "good");
  fab.e.at = Now + 86'400'001;
  EXPECT_EQ(fab.words(),
            "far-future: measurement of lot L1 in tool T1 (chuck): 86400001 ms after "
            "it arrived (at most 86400000)");
  fab.e.at = core::Never;
  EXPECT_EQ(fab.words().substr(0, 10), "far-future");
  const Finding clock = check_message({.clock = 5, .arrived = Now}, fab.names, fab.options);
  EXPECT_EQ(clock.words, "the source's clock: 1699998999995 ms before the site's time zero");
}

TEST(Quality, NumbersHaveLimits) {
  // If this failed, a lot of 4 billion wafers would be split without end.
  Fab fab;
  fab.e.wafers = 1'001;
  EXPECT_EQ(fab.words(),
            "out-of-range: measurement of lot L1 in tool T1 (chuck): wafers 1001 (at "
            "most 1000)");
  fab.e.wafers = 0;
  fab.e.step = 1'000'001;
  EXPECT_EQ(fab.words().substr(0, 12), "out-of-range");
  fab.e.step = 0;
  fab.e.visit = 4'294'967'294;
  EXPECT_EQ(fab.words().substr(0, 12), "out-of-range");
  fab.e.visit = 0;
  fab.e.kind = static_cast<Kind>(999);
  EXPECT_EQ(fab.words(), "out-of-range: kind 999, unit 0, quality 0: not words of the schema");
  Arrival many{.clock = Now, .arrived = Now};
  many.events.resize(100'001);
  EXPECT_EQ(check_message(many, fab.names, fab.options).fault, Fault::TooManyEvents);
}

TEST(Quality, NamesArePlainAndKnown) {
  // If this failed, a name could forge the lines of the record's Notes, or a tool be made up.
  QualityOptions options;
  EXPECT_TRUE(check_name(Table::Tool, "ÄTZ 1/A", options).good());
  EXPECT_EQ(check_name(Table::Tool, "a\nb", options).words,
            "a tool's name with the control character 0x0a");
  EXPECT_EQ(check_name(Table::Lot, "", options).words, "a lot's name of 0 bytes (1 to 256)");
  EXPECT_EQ(check_name(Table::Lot, std::string(257, 'x'), options).fault, Fault::BadName);
  options.known.add(Table::Tool, "T1");
  EXPECT_TRUE(check_name(Table::Tool, "T1", options).good());
  EXPECT_TRUE(check_name(Table::Lot, "any", options).good());
  EXPECT_EQ(check_name(Table::Tool, "T2", options).words, "the tool 'T2' is not known here");
}

TEST(Quality, WordsOfFaultsAreHeldFast) {
  // If this failed, old records would give other reasons than they were written with.
  constexpr std::array<std::string_view, 15> Golden = {
      "none",         "unreadable",           "too-many-events", "bad-name",
      "unknown-name", "missing-object",       "not-finite",      "wrong-unit",
      "out-of-range", "before-site",          "far-future",      "too-fast",
      "two-tools",    "ended-before-started", "too-long"};
  for (std::size_t k = 0; k < Golden.size(); ++k)
    EXPECT_EQ(to_string(static_cast<Fault>(k)), Golden[k]);
  EXPECT_EQ(to_string(static_cast<Fault>(99)), "");
}

}  // namespace
}  // namespace twin::link
