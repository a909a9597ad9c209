// If these failed, nobody could get from a number down to the bytes that it rests on.
#include "apps/fabtwin/serve/entry_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;

TEST(EntryJson, TellsEveryEntryOfARecord) {
  twin::record::SimulatedDisk disk(8);
  const twin::record::ScratchFolder scratch("entries");
  Rig rig(disk, example_fab(), example_rig(8));
  rig.run_until(3 * HourMs);
  Living& living = rig.living();
  ASSERT_TRUE(living.note({.at = living.site().time_zero_ms, .kind = "remark", .text = "seen"}));
  ASSERT_TRUE(
      living.note({.at = living.site().time_zero_ms, .kind = "people.other", .text = "secret"}));
  (void)living.journal().commit();
  living.answer();
  Stores stores(disk,
                {.record = "record",
                 .place = {.file = scratch.file("record.sqlite")},
                 .entries = living.journal().durable()},
                living.door().names());
  (void)stores.feed(living.journal().durable(), 1'000'000);
  std::set<std::string> kinds;
  std::size_t with_events = 0;
  const std::uint64_t all = living.journal().durable();
  for (std::uint64_t k = 0; k < all; k += k + 50 < all ? 7 : 1) {
    const auto text = entry_json(living, stores, k);
    ASSERT_TRUE(text) << k;
    const json one = json::parse(*text);
    EXPECT_EQ(one["entry"], k);
    EXPECT_EQ(one["entries"], all);
    kinds.insert(one["kind"].get<std::string>());
    if (one["kind"] != "message") continue;
    EXPECT_TRUE(one.contains("source"));
    for (const json& event : one["events"]) {
      EXPECT_EQ(event["entry"], k);
      ++with_events;
    }
    if (one.contains("raw")) {
      EXPECT_EQ(one["raw"]["sha256"].get<std::string>().size(), 64U);
      EXPECT_NE(one["raw"]["hex"].get<std::string>().find("00000000 "), std::string::npos);
    }
  }
  EXPECT_GT(with_events, 100U);
  EXPECT_TRUE(kinds.contains("note: remark"));
  EXPECT_EQ(entry_json(living, stores, all - 1)->find("secret"), std::string::npos)
      << "whoever may not read the trail does not read it here";
  EXPECT_NE(entry_json(living, stores, all - 2)->find("seen"), std::string::npos);
  EXPECT_TRUE(kinds.contains("message"));
  EXPECT_FALSE(entry_json(living, stores, all)) << "it is not durable";
}

TEST(EntryJson, TellsWhatWasSetAside) {
  twin::record::SimulatedDisk disk(9);
  RigOptions o = example_rig(9);
  o.plant.faults.lies = 0.1;
  Rig rig(disk, example_fab(), o);
  rig.run_until(3 * HourMs);
  const json all = json::parse(set_aside_json(rig.living()));
  EXPECT_EQ(all["messages"].size(), rig.living().door().quarantine().size());
  ASSERT_FALSE(all["messages"].empty());
  for (const json& one : all["messages"]) EXPECT_FALSE(one["why"].get<std::string>().empty());
}

}  // namespace
}  // namespace apps::fabtwin::serve
