// If these failed, what people look up would have holes or be another record's, or a store in trouble
// would stop the twin.
#include "apps/fabtwin/serve/stores.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/answers.hpp"
#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/prov.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twin/record/sqlite.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using twin::contract::refusal;
using twin::event::Table;

class FedStores : public testing::Test {
 protected:
  std::unique_ptr<Stores> open(Opened opened = Opened::AsIs) {
    return std::make_unique<Stores>(
        disk_,
        Stores::Options{.record = "record",
                        .place = {.file = scratch_.file("record.sqlite")},
                        .opened = opened,
                        .entries = rig_.living().journal().durable()},
        rig_.living().door().names());
  }
  std::uint64_t feed(Stores& stores) {
    return stores.feed(rig_.living().journal().durable(), 1'000'000);
  }
  Tick now_ms() { return rig_.plant().now() + rig_.living().site().time_zero_ms; }

  twin::record::ScratchFolder scratch_{"stores"};
  twin::record::SimulatedDisk disk_{1};
  Rig rig_{disk_, example_fab(), example_rig(1)};
};

TEST_F(FedStores, GoOnWhereTheyStood) {
  const twin::record::IndexKey lots =
      twin::link::key(twin::link::Listed::Entries, 1);  // observations
  rig_.run_until(6 * HourMs);
  {
    const auto stores = open();
    EXPECT_EQ(stores->feed(rig_.living().journal().durable(), 100),
              rig_.living().journal().durable() - 100);
    stores->flush();
    (void)stores->feed(rig_.living().journal().durable(), 100);  // not written: the process is gone
  }
  rig_.run_until(8 * HourMs);
  const auto stores = open();
  EXPECT_EQ(stores->position(), 100U);
  EXPECT_EQ(feed(*stores), 0U);
  EXPECT_EQ(stores->position(), rig_.living().journal().durable());
  EXPECT_EQ(stores->trouble(), "");
  const std::uint64_t resumed = stores->index().count(lots);
  // The same as a store that was fed in one go, whose names it learnt from the entries.
  const auto again = open(Opened::Anew);
  EXPECT_EQ(again->position(), 0U);
  EXPECT_EQ(feed(*again), 0U);
  EXPECT_EQ(again->names(), rig_.living().door().names());
  const std::uint64_t observations = again->index().count(lots);
  EXPECT_GT(observations, 100U);
  EXPECT_EQ(resumed, observations);
}

TEST_F(FedStores, FindTheLastEntriesOfAThing) {
  rig_.run_until(DayMs);
  const auto stores = open();
  (void)feed(*stores);
  const auto tool = twin::link::key(Table::Tool, 0);
  const auto all = stores->index().entries(tool);
  ASSERT_GT(all.size(), 20U);
  const auto last = stores->last(tool, 7);
  ASSERT_EQ(last.size(), 7U);
  EXPECT_TRUE(std::equal(last.begin(), last.end(), all.end() - 7));
  EXPECT_EQ(stores->last(tool, 1'000'000).size(), all.size());
  const auto entry = stores->entry(last.back().entry);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->index(), last.back().kind);
  EXPECT_FALSE(stores->entry(rig_.living().journal().durable() + 10));
}

TEST_F(FedStores, RefuseWhatIsNotTheirs) {
  rig_.run_until(HourMs);
  const std::string file = scratch_.file("record.sqlite");
  {
    const auto stores = open();
    (void)feed(*stores);
    stores->flush();
  }
  twin::record::SimulatedDisk other_disk(2);
  RigOptions other = example_rig(2);
  other.plant.time_zero_ms += 1;
  Rig rig(other_disk, example_fab(), other);
  rig.run_until(HourMs);
  EXPECT_EQ(refusal([&] {
              Stores(other_disk,
                     {.record = "record",
                      .place = {.file = file},
                      .entries = rig.living().journal().durable()},
                     rig.living().door().names());
            }),
            "sqlite " + file +
                " is not of the record record (it was made of another one) another path, or "
                "fabtwin index record?");
  EXPECT_EQ(refusal([&] {
              Stores(disk_, {.record = "record", .place = {.file = file}, .entries = 3},
                     rig_.living().door().names());
            }),
            "sqlite " + file +
                " has taken in more entries than the record has (3) was it restored? fabtwin "
                "index record");
}

TEST_F(FedStores, MakeADamagedFileAgain) {
  rig_.run_until(HourMs);
  const std::string file = scratch_.file("record.sqlite");
  std::ofstream(file, std::ios::binary) << std::string(8'192, 'x');
  EXPECT_THAT(refusal([&] { (void)open(); }),
              testing::AllOf(HasSubstr("sqlite " + file + " is damaged"),
                             HasSubstr("fabtwin index record")));
  const auto stores = open(Opened::Anew);
  EXPECT_EQ(feed(*stores), 0U);
  EXPECT_TRUE(std::filesystem::exists(file + ".damaged"));
  EXPECT_EQ(stores->trouble(), "");
}

TEST_F(FedStores, DrawTheFabsSeries) {
  std::unique_ptr<Stores> stores;
  for (int minute = 1; minute <= 180; ++minute) {
    rig_.run_until(minute * 60'000);
    if (!stores) stores = open();
    (void)feed(*stores);
    for (int k = 0; k < 3; ++k) {  // at most a point a minute, however often it is asked
      stores->sample(*example_fab(), rig_.living().belief().live, rig_.living().site().time_zero_ms,
                     [&](const twins::fab::State& x, twin::core::Tick now) {
                       return rig_.living().leavings(x, now);
                     });
    }
  }
  stores->flush();
  const SeriesAsked asked = series_asked("signal=fab%2Fwip&pixels=3", now_ms());
  const json wip = json::parse(*series_json(*stores, asked));
  std::uint64_t points = 0;
  for (const auto& n : wip["points"]) points += n.get<std::uint64_t>();
  EXPECT_GE(points, 100U);
  EXPECT_LE(points, 180U);
  EXPECT_EQ(wip["last"]["value"], rig_.living().belief().live.settled.x.wip);
  EXPECT_EQ(wip["most"].size(), 3U);
  for (const auto& group : example_fab()->description.tool_groups) {
    EXPECT_TRUE(stores->historian().find("queue/" + std::string(group.name)));
  }
  EXPECT_TRUE(stores->historian().find("fab/out"));
  EXPECT_TRUE(stores->historian().find("fab/out_day"));
  EXPECT_EQ(series_json(*stores, {.signal = "none", .until_ms = 1, .pixels = 1}), std::nullopt);
}

TEST_F(FedStores, AnswerForALotAndATool) {
  RigOptions o = example_rig(6);
  o.forecasts = true;
  o.site.forecast =
      ForecastSettings{.every_ms = 6 * HourMs, .horizons_ms = {DayMs}, .members = 10, .threads = 1};
  twin::record::SimulatedDisk disk(6);
  Rig rig(disk, example_fab(), std::move(o));
  rig.run_until(2 * DayMs);
  const Tick now = rig.plant().now() + rig.living().site().time_zero_ms;
  Stores stores(disk,
                {.record = "record",
                 .place = {.file = scratch_.file("other.sqlite")},
                 .entries = rig.living().journal().durable()},
                rig.living().door().names());
  ASSERT_EQ(stores.feed(rig.living().journal().durable(), 1'000'000), 0U);
  ASSERT_TRUE(rig.living().forecast());
  const auto& forecast = *rig.living().forecast();
  ASSERT_FALSE(forecast.lots.empty());
  const auto& dialect = rig.living().belief().live.dialect;
  std::size_t placed = 0;
  for (const auto& of : forecast.lots) {
    const std::string name = dialect.lots[of.lot];
    const auto text = lot_json(rig.living(), &stores, name, now);
    ASSERT_TRUE(text) << name;
    const json lot = json::parse(*text);
    EXPECT_EQ(lot["name"], name);
    placed += lot["place"] != "not in the fab" ? 1U : 0U;
    // Of a lot that is due after the forecast's end nobody can tell, unless it is out by then.
    const bool known = of.due <= forecast.now + DayMs || of.within_horizon > 0.99F;
    ASSERT_EQ(lot["forecast"]["on_time"].is_null(), !known) << name;
    if (known) {
      EXPECT_EQ(lot["forecast"]["on_time"].get<float>(), of.on_time);
    }
    ASSERT_FALSE(lot["events"].empty()) << name;
    EXPECT_LE(lot["events"].size(), EventsTold);
    for (const auto& e : lot["events"]) {
      EXPECT_TRUE(e["lot"] == name || e.value("item", "") == name) << e;
    }
  }
  EXPECT_GT(placed, 0U);
  EXPECT_EQ(lot_json(rig.living(), &stores, "nobody", now), std::nullopt);
  const std::string name = example_fab()->tool_name(0);
  auto& historian = stores.historian();
  for (const std::string& signal : {name + "/pressure", name + "X/pressure", "X/" + name})
    historian.add(historian.signal(signal), {.at = now, .value = 1.0});
  const json tool = json::parse(*tool_json(rig.living(), &stores, name, "running", now));
  EXPECT_EQ(tool["signals"], json::array({name + "/pressure"}));
  EXPECT_EQ(tool["line"], "running");
  ASSERT_EQ(tool["sources"].size(), 1U);  // its line's, not those of the other tools
  const auto source =
      rig.living().door().source(tool["sources"][0]["name"].get<std::string>(), now);
  ASSERT_TRUE(source);
  EXPECT_EQ(tool["sources"][0]["accepted"], source->accepted);
  EXPECT_GT(source->accepted, 0U);
  EXPECT_EQ(tool["group"], std::string(example_fab()->description.tool_groups[0].name));
  EXPECT_EQ(tool["events"].size(), EventsTold);
  for (const auto& e : tool["events"]) EXPECT_EQ(e["tool"], name);
  EXPECT_GT(tool["forecast"]["able_day"].get<double>(), 0.0);
  EXPECT_FALSE(json::parse(*tool_json(rig.living(), nullptr, name, "", now)).contains("events"));
  EXPECT_EQ(tool_json(rig.living(), &stores, "nobody", "", now), std::nullopt);

  // What the forecast was made from is kept, as a sound document of W3C PROV.
  const auto& kept = rig.living().provenances();
  const std::string id = rig.living().forecast_name(forecast.now);
  ASSERT_EQ(kept.ids().back(), id);
  const auto document = twin::record::read_prov(*kept.document(id));
  const auto& run = document.activities.at("twin:run/forecast/" + id);
  EXPECT_EQ(run.attributes.at("fabtwin:seed").text, std::to_string(forecast.seed));
  std::size_t posteriors = 0, beliefs = 0, chains = 0;
  for (const auto& [name_of_it, attributes] : document.entities) {
    posteriors += name_of_it.starts_with("twin:posterior/") ? 1U : 0U;
    beliefs += name_of_it.starts_with("twin:belief/") ? 1U : 0U;
    chains += attributes.contains("fabtwin:chain_head") ? 1U : 0U;
  }
  EXPECT_EQ(posteriors, 1U);
  EXPECT_EQ(beliefs, 1U);
  EXPECT_EQ(chains, 1U);
}

TEST(SeriesAsked, SaysWhatIsWrong) {
  const auto why = [](const char* query) {
    return refusal([&] { (void)series_asked(query, 1'769'817'600'000); });
  };
  EXPECT_EQ(why(""), "no signal is named (signal=fab/wip?)");
  EXPECT_EQ(why("signal=x&from=monday"), "from=monday (no time in UTC) 2026-01-31T12:00:00.000Z?");
  EXPECT_EQ(why("signal=x&pixels=0"), "pixels=0 (a whole number from 1 to 10000)");
  EXPECT_EQ(why("signal=x&pixels=10001"), "pixels=10001 (a whole number from 1 to 10000)");
  EXPECT_EQ(why("signal=x&pixels=a"), "pixels=a (a whole number from 1 to 10000)");
  EXPECT_EQ(why("signal=x&from=2026-02-01T00:00:00.000Z"), "until is not after from");
  const SeriesAsked asked = series_asked("signal=x", 1'769'817'600'000);
  EXPECT_EQ(asked.until_ms - asked.from_ms, DayMs);
  EXPECT_EQ(asked.pixels, 240U);
}

}  // namespace
}  // namespace apps::fabtwin::serve
