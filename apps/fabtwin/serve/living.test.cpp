// If these failed, a twin that was killed would come back as another, or an event that the plant was
// told is safe would be missing from the fab that the twin believes in.
#include "apps/fabtwin/serve/living.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::link::Taken;

TEST(Living, IsTheFabThatItFollows) {
  twin::record::SimulatedDisk disk(1);
  Rig rig(disk, example_fab(), example_rig(1));
  rig.run_until(3 * DayMs);
  ASSERT_TRUE(rig.settle(4 * DayMs));
  EXPECT_EQ(rig.difference(), "");
  EXPECT_GT(rig.taken(Taken::Accepted), 1'000U);
  EXPECT_EQ(rig.taken(Taken::Quarantined), 0U);
}

TEST(Living, SaysOfWhichSiteARecordIsThatWasOnlyBegun) {
  // A process that died before its first sync leaves a record that says nothing: replay would refuse it.
  twin::record::SimulatedDisk disk(1);
  disk.make_folder("record");
  (void)twin::record::Journal::create(disk, "record", {});
  Rig rig(disk, example_fab(), example_rig(1));
  EXPECT_FALSE(rig.living().opening().created);
  const auto record = twin::record::read_record(disk, "record");
  ASSERT_EQ(record.size(), 1U);
  EXPECT_EQ(std::get<twin::core::Note>(record.entries()[0]).kind, "site");
}

TEST(Living, BeginsNoRecordWithATableThatIsWrong) {
  // A typing mistake in the first table would stand in the record for ever, as an empty fab.
  const twin::record::ScratchFolder folder("living_start");
  RigOptions o = example_rig(1);
  o.site.start = folder / "wip.tsv";
  std::ofstream(o.site.start) << "what\tname\tplace\tproduct\tstep\nlot\tL1\twaiting\tnope\t1\n";
  twin::record::SimulatedDisk disk(1);
  EXPECT_EQ(twin::contract::refusal([&] { const Rig rig(disk, example_fab(), o); }),
            o.site.start.string() +
                ":2, column product: 'nope' is no product (the data set has none of that name)");
  EXPECT_FALSE(disk.exists("record"));
}

TEST(Living, ComesBackAsItWasAfterAKill) {
  twin::record::SimulatedDisk disk(2);
  Rig rig(disk, example_fab(), example_rig(2));
  for (int hour = 5; hour <= 60; hour += 5) {
    rig.run_until(hour * HourMs);
    const auto before = rig.living().belief().live.ledger.entries;
    disk.stop();
    disk.restart();
    rig.kill();
    EXPECT_GE(rig.living().belief().live.ledger.entries, before) << hour;
  }
  ASSERT_TRUE(rig.settle(80 * HourMs));
  EXPECT_EQ(rig.difference(), "");
  EXPECT_GT(rig.living().opening().snapshot, 0U);
}

TEST(Living, HasLearntTheSameWhetherStoppedOrNot) {
  twin::record::SimulatedDisk disk(4), other_disk(4);
  Rig whole(disk, example_fab(), example_rig(4)),
      stopped(other_disk, example_fab(), example_rig(4));
  const Tick stop = 2 * DayMs + 3 * HourMs, end = 4 * DayMs;
  whole.run_until(stop);
  stopped.run_until(stop);
  const auto at_stop = whole.living().learner().memory();
  stopped.kill();
  ASSERT_GT(stopped.living().opening().snapshot, 0U);
  ASSERT_LT(stopped.living().opening().snapshot, stopped.living().opening().entries);
  EXPECT_EQ(stopped.living().learner().memory(), at_stop);
  whole.run_until(end);
  stopped.run_until(end);
  EXPECT_NE(whole.living().learner().memory(), at_stop);
  EXPECT_EQ(stopped.living().learner().memory(), whole.living().learner().memory());
  const auto ours = stopped.living().learner().believed(end);
  const auto theirs = whole.living().learner().believed(end);
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t k = 0; k < ours.size(); ++k) {
    EXPECT_EQ(ours[k].quantiles, theirs[k].quantiles) << ours[k].name;
  }
  whole.living().save();
  EXPECT_EQ(whole.living().belief().learnt, Belief{}.learnt);   // not held twice
  EXPECT_EQ(whole.living().belief().next_learning, 4 * DayMs);  // the watermark is before day 4
}

TEST(Living, LearnsAllOfARecordWhoseSnapshotsAreGone) {
  twin::record::SimulatedDisk disk(8);
  Rig rig(disk, example_fab(), example_rig(8));
  rig.run_until(4 * DayMs);
  const auto before = rig.living().learner().memory();
  for (const std::string& file : disk.list("record/snapshots")) {
    if (file.starts_with("twin")) disk.remove("record/snapshots/" + file);
  }
  rig.kill();
  EXPECT_EQ(rig.living().opening().snapshot, 0U);
  // What came behind the watermark was passed over then, and is in its place now.
  const auto events = static_cast<double>(before.seen.evidence.events);
  const auto again = static_cast<double>(rig.living().learner().memory().seen.evidence.events);
  EXPECT_GE(again, events);
  EXPECT_LE(again, 1.01 * events);
}

TEST(Living, LetsTimePassWhereAllAreSilent) {
  // Wrong: a fab at rest would be taken for a line that is cut, its last events would never settle; or
  // a replay would come to another belief than the twin that saw the rest.
  twin::record::SimulatedDisk disk(6);
  Rig rig(disk, example_fab(), example_rig(6));
  rig.run_until(HourMs);
  Living& living = rig.living();
  const Tick begin = rig.plant().now() + living.site().time_zero_ms;
  const auto advances = [&] {
    const auto record = twin::record::read_record(disk, "record");
    return std::ranges::count_if(record.entries(), [](const twin::core::Entry& e) {
      return std::holds_alternative<twin::core::Advance>(e);
    });
  };
  EXPECT_TRUE(living.picture(begin + 20 * 60'000).stale);
  for (Tick at = begin; at <= begin + 20 * 60'000; at += 1'000) {
    living.alive(at, "secs");
    ASSERT_EQ(living.journal().commit(), twin::record::Committed::Durable);
    living.pass(at);
  }
  EXPECT_LE(advances(), 20);
  EXPECT_GE(advances(), 19);
  // Tools that answer are not silent; a MES that has told nothing may be at rest or gone.
  const auto silent = living.picture(begin + 20 * 60'000).silent;
  ASSERT_EQ(silent.size(), 1U);
  EXPECT_EQ(silent[0].lines, "mqtt");
  EXPECT_GT(living.belief().live.settled.until, begin - living.site().time_zero_ms + 17 * 60'000);
  const auto believed = twins::fab::live::belief_hash(living.belief().live);
  rig.kill();
  EXPECT_EQ(twins::fab::live::belief_hash(rig.living().belief().live), believed);
  // Nothing was said: the time stands still, and that is said.
  EXPECT_TRUE(rig.living().picture(begin + 40 * 60'000).stale);
}

TEST(Living, TellsAnAlarmOnce) {
  // People stop reading what is said again at every start.
  twin::record::SimulatedDisk disk(5);
  Rig rig(disk, example_fab(), example_rig(5));
  rig.run_until(HourMs);
  const Tick at = rig.plant().now() + rig.living().site().time_zero_ms;
  const std::string about =
      "re-validation due: forecasts of the fab's WIP a day ahead: x, in the 3. of 4 days forecast";
  ASSERT_TRUE(rig.living().note({.at = at, .kind = "alarm", .text = about}));
  ASSERT_TRUE(rig.living().note({.at = at, .kind = "alarm", .text = "the roof leaks"}));
  ASSERT_TRUE(rig.living().note(
      {.at = at, .kind = "alarm", .text = "re-validation due: process times of T are 2.00 times"}));
  rig.run_until(HourMs + 20'000);
  rig.run_until(HourMs + 5 * MinuteMs);
  const auto alarms = rig.living().belief().alarms.grounds;
  const auto said = [&](const std::string& text) {
    return std::ranges::count(alarms, text, &AlarmGround::text);
  };
  EXPECT_EQ(said("the roof leaks"), 1);
  EXPECT_EQ(said(about), 1);
  const Picture shown = rig.living().picture(rig.plant().now() + rig.living().site().time_zero_ms);
  EXPECT_THAT(shown.alarms, testing::Contains(testing::HasSubstr("twin: forecasts off")));
  EXPECT_EQ(rig.living().belief().tool_alarms, 1U);
  EXPECT_THAT(rig.living().belief().reasons,
              testing::Contains("re-validation due: forecasts of the fab's WIP a day ahead: x"));
  const auto reasons = rig.living().belief().reasons;
  rig.kill();
  EXPECT_EQ(rig.living().belief().alarms.grounds, alarms);
  EXPECT_EQ(rig.living().belief().tool_alarms, 1U);
  EXPECT_EQ(rig.living().belief().reasons, reasons);
}

TEST(Living, NumbersEntriesRightAfterASnapshotThatEndsWithAnothersNote) {
  // Wrong: what is set aside after the restart would be released under another entry's number.
  twin::record::SimulatedDisk disk(8);
  Rig rig(disk, example_fab(), example_rig(8));
  rig.run_until(HourMs);
  const auto note = [&](const std::string& text) {
    ASSERT_TRUE(rig.living().note({.at = rig.plant().now() + rig.living().site().time_zero_ms,
                                   .kind = "remark",
                                   .text = text}));
    ASSERT_EQ(rig.living().journal().commit(), twin::record::Committed::Durable);
  };
  note("before the snapshot");
  rig.living().save();
  ASSERT_EQ(rig.living().trouble(), "");
  note("behind it");
  rig.kill();
  EXPECT_GT(rig.living().opening().snapshot, 0U);
  EXPECT_EQ(rig.living().door().memory().entries, rig.living().opening().entries);
}

std::uint64_t bytes_on(const twin::record::SimulatedDisk& disk) {
  std::uint64_t sum = 0;
  for (const auto& path : disk.paths()) sum += disk.bytes(path).size();
  return sum;
}

TEST(Living, WaitsWithAllItsSourcesWhileTheDiskIsFullAndGoesOnWhenThereIsRoom) {
  twin::record::SimulatedDisk disk(6);
  Rig rig(disk, example_fab(), example_rig(6));
  rig.run_until(5 * HourMs + 50 * MinuteMs);
  const auto now_ms = [&] { return rig.plant().now() + rig.living().site().time_zero_ms; };
  disk.set_capacity(bytes_on(disk));
  rig.run_until(5 * HourMs + 52 * MinuteMs);
  const std::uint64_t durable = rig.living().journal().durable();
  const std::uint64_t taken = rig.taken(Taken::Accepted);
  rig.run_until(6 * HourMs + 10 * MinuteMs);  // a snapshot would have been due
  // Some 900 messages have come. The simulated disk may take the one block that it had half written.
  EXPECT_LE(rig.taken(Taken::Accepted), taken + 50);
  EXPECT_LE(rig.living().journal().durable(), durable + 50);
  const Picture full = rig.living().picture(now_ms());
  EXPECT_THAT(full.trouble, testing::StartsWith("nothing is acknowledged until the disk takes it "
                                                "(record/"));
  EXPECT_TRUE(full.stale);
  EXPECT_THAT(rig.living().metrics(now_ms()), testing::HasSubstr("fabtwin_record_well 0\n"));
  disk.set_capacity(twin::record::SimulatedDisk::NoOperation);
  ASSERT_TRUE(rig.settle(12 * HourMs));
  EXPECT_GT(rig.taken(Taken::Accepted), taken);
  EXPECT_EQ(rig.living().trouble(), "");
  EXPECT_THAT(rig.living().metrics(now_ms()), testing::HasSubstr("fabtwin_record_well 1\n"));
  EXPECT_EQ(rig.difference(), "");
}

TEST(Living, GoesOnWhereThereIsNoRoomForItsSnapshot) {
  twin::record::SimulatedDisk disk(7);
  Rig rig(disk, example_fab(), example_rig(7));
  rig.run_until(12 * HourMs - 20'000);
  const auto snapshots = disk.list("record/snapshots");
  disk.set_capacity(bytes_on(disk) + 10'000);  // [bytes] some messages, and no belief
  rig.run_until(12 * HourMs + 10'000);
  EXPECT_THAT(rig.living().trouble(),
              testing::StartsWith("the belief is not saved, a restart would take longer (record/"));
  EXPECT_EQ(disk.list("record/snapshots"), snapshots);  // no half of one either
  disk.set_capacity(twin::record::SimulatedDisk::NoOperation);
  rig.run_until(12 * HourMs + 2 * MinuteMs);  // not six hours later
  EXPECT_EQ(rig.living().trouble(), "");
  EXPECT_NE(disk.list("record/snapshots"), snapshots);
}

TEST(Living, ReadsOfWhichSiteARecordIsOrSaysWhereItIsWrong) {
  // Wrong: a damaged note as a site whose time begins in 1970 and whose watermark is nothing.
  const Site site = example_rig(1).site;
  const std::string good = site_note(site);
  const auto refused = [](const std::string& text) {
    return twin::contract::refusal([&] { (void)site_of({.kind = "site", .text = text}, 7); });
  };
  const std::string where = "entry 7 does not say of which site the record is (";
  EXPECT_EQ(site_note(site_of({.kind = "site", .text = good + "later=1\n"}, 7)), good);
  EXPECT_EQ(refused(""), where + "it has no name)");
  EXPECT_EQ(refused("name"), where + "'name' says nothing)");
  EXPECT_EQ(refused("name=n\ntime_zero_ms=12x\n"), where + "time_zero_ms=12x is no such number)");
  EXPECT_EQ(refused("name=n\ntime_zero_ms=0\nwatermark_ms=-1\n"),
            where + "watermark_ms=-1 is no such number)");
  EXPECT_EQ(refused("name=n\ntime_zero_ms=9223372036854775807\nwatermark_ms=0\nseed=1\n"),
            where + "its times are beyond all calendars)");
  EXPECT_EQ(refused(good.substr(0, good.find("data="))), where + "it has no data)");
}

TEST(Living, ForecastsAndScoresItself) {
  twin::record::SimulatedDisk disk(3);
  RigOptions o = example_rig(3);
  o.forecasts = true;
  o.site.forecast = ForecastSettings{
      .every_ms = 12 * HourMs, .horizons_ms = {DayMs, 3 * DayMs}, .members = 20, .threads = 1};
  Rig rig(disk, example_fab(), std::move(o));
  rig.run_until(6 * DayMs);
  const Picture p = rig.living().picture(rig.plant().now() + rig.living().site().time_zero_ms);
  EXPECT_TRUE(p.forecast);
  EXPECT_FALSE(p.scores.empty());
  EXPECT_GT(p.wip, 0U);
  EXPECT_GT(p.left.out_week, 0U);
  EXPECT_FALSE(p.stale);
  const std::string metrics =
      rig.living().metrics(rig.plant().now() + rig.living().site().time_zero_ms);
  EXPECT_THAT(metrics, testing::HasSubstr("fabtwin_forecast_coverage{quantity=\""));
  EXPECT_THAT(metrics, testing::HasSubstr("ahead=\"1 d\",against=\"uncalibrated simulator\"}"));
  EXPECT_THAT(metrics, testing::HasSubstr("ahead=\"1 d\",against=\"due-date rule\"}"));
  EXPECT_THAT(metrics, testing::HasSubstr("ahead=\"1 d\",against=\"persistence\"}"));
  EXPECT_THAT(metrics, testing::HasSubstr("fabtwin_forecast_missed_total 0"));
  EXPECT_THAT(metrics, testing::Not(testing::HasSubstr("fabtwin_silent_seconds{")));
  ASSERT_EQ(p.out_ahead.size(), 2U);
  EXPECT_EQ(p.out_ahead[1].horizon, "3 d");
  EXPECT_GT(p.out_ahead[1].out.middle, p.out_ahead[0].out.middle);
  EXPECT_EQ(p.out_days.size(), 3U);

  // An alarm about forecasts stands until somebody has validated the twin again; what is scored from then on counts.
  const auto now_ms = [&] { return rig.plant().now() + rig.living().site().time_zero_ms; };
  const auto occasions = [&] { return rig.living().belief().ledger.watches()[0].count(); };
  EXPECT_EQ(twin::contract::refusal([&] { rig.living().validated("anna", "looked", now_ms()); }),
            "nothing waits to be validated again (no alarm says so)");
  const std::string off = "forecasts of the fab's output a day ahead: mean shifted";
  ASSERT_TRUE(rig.living().note(
      {.at = now_ms(), .kind = "alarm", .text = "re-validation due: " + off + ", in the 3."}));
  rig.run_until(6 * DayMs + HourMs);
  EXPECT_EQ(rig.living().diverged(), off);
  EXPECT_THAT(picture_text(rig.living().picture(now_ms()), 120, Colours::No),
              testing::HasSubstr("NOT VALID: " + off));
  EXPECT_THAT(rig.living().metrics(now_ms()), testing::HasSubstr("fabtwin_revalidation_due 1"));
  EXPECT_EQ(unwell(rig.living().picture(now_ms())), "to be validated again, " + off);
  const std::uint64_t before = occasions();
  rig.living().validated("anna", "a month of its scores was looked at", now_ms());
  rig.run_until(6 * DayMs + 2 * HourMs);
  EXPECT_EQ(rig.living().diverged(), "");
  EXPECT_EQ(rig.living().picture(now_ms()).diverged, "");
  rig.run_until(7 * DayMs + 13 * HourMs);
  EXPECT_GT(before, 2U);
  EXPECT_GE(occasions(), 1U);
  EXPECT_LT(occasions(), before);
  EXPECT_TRUE(rig.living().belief().validations.empty());
  const auto watches = rig.living().belief().ledger.watches();
  rig.kill();
  EXPECT_EQ(rig.living().belief().ledger.watches(), watches) << "a fold of the record";
}

TEST(Living, WidensAForecastWhereTheToolsAreSilent) {
  // A twin would be as sure of the next day as ever, though for six hours no tool has said anything: the MES goes on.
  constexpr Tick Cut = 3 * DayMs, Now = Cut + 6 * HourMs;
  const auto run = [&](bool silent) {
    twin::record::SimulatedDisk disk(6);
    RigOptions o = example_rig(6);
    o.forecasts = true;
    o.site.forecast = ForecastSettings{
        .every_ms = 6 * HourMs, .horizons_ms = {DayMs}, .members = 40, .threads = 1};
    Rig rig(disk, example_fab(), std::move(o));
    rig.run_until(Cut);
    if (silent) rig.silence({"secs/"});
    rig.run_until(Now + 20'000);
    const Tick now_ms = rig.plant().now() + rig.living().site().time_zero_ms;
    return std::pair(rig.living().raw_forecast().value(), rig.living().picture(now_ms));
  };
  const auto [sure, all] = run(false);
  const auto [unsure, half] = run(true);
  ASSERT_GE(sure.now, Now);
  ASSERT_EQ(unsure.now, sure.now);
  EXPECT_LT(sure.stale(), 60'000);
  EXPECT_NEAR(static_cast<double>(unsure.stale()), static_cast<double>(6 * HourMs), 600'000.0);
  EXPECT_THAT(twins::fab::forecast::staleness_text(unsure),
              testing::HasSubstr("from data of 6.0 hours ago"));
  // Width of the 90 % intervals of all groups together, now and a day ahead.
  const auto width = [](const twins::fab::forecast::Forecast& f, std::size_t hour) {
    double sum = 0.0;
    for (const auto& g : f.groups) sum += static_cast<double>(g.wip[hour][7] - g.wip[hour][1]);
    return sum;
  };
  // Members of one State, and members that have run for six hours: what they do not share of the present.
  EXPECT_LT(width(sure, 0), 0.5 * width(unsure, 0));
  EXPECT_LT(width(sure, 1), width(unsure, 1));
  EXPECT_FALSE(all.stale);
  EXPECT_TRUE(all.silent.empty());
  EXPECT_TRUE(half.stale);
  ASSERT_EQ(half.silent.size(), 1U);
  EXPECT_EQ(half.silent[0].lines, "secs");
  EXPECT_GE(half.data_age_ms, 6 * HourMs - 600'000);
  EXPECT_THAT(picture_text(half, 120, Colours::No), testing::HasSubstr("SILENT: "));
}

TEST(Living, DoesNotScoreWhatItCannotKnowAnyMore) {
  // A moment would be scored by the fab of another day. The ladder reaches back 26 hours, and rungs of it may be six
  // hours apart: of lines that were all down for forty hours the first of them are lost.
  twin::record::SimulatedDisk disk(7);
  RigOptions o = example_rig(7);
  o.forecasts = true;
  o.site.forecast = ForecastSettings{
      .every_ms = 12 * HourMs, .horizons_ms = {DayMs, 3 * DayMs}, .members = 10, .threads = 1};
  Rig rig(disk, example_fab(), std::move(o));
  constexpr Tick Down = 2 * DayMs, Up = Down + 40 * HourMs;
  rig.run_until(Down);
  EXPECT_GT(rig.living().belief().ledger.windows().size(), 0U);
  EXPECT_EQ(rig.living().belief().ledger.missed(), 0U);
  rig.silence({"secs/", "mqtt/"});
  rig.run_until(Up);
  rig.silence({});
  rig.run_until(Up + 2 * HourMs);
  EXPECT_GT(rig.living().belief().ledger.missed(), 0U);
  for (const auto& w : rig.living().belief().ledger.windows()) {
    const Tick moment = w.now + Tick{twins::fab::forecast::ScoredHours[w.horizon]} * HourMs;
    EXPECT_TRUE(moment <= Down || moment >= Up - 32 * HourMs) << moment;
  }
  EXPECT_GT(rig.living().belief().ledger.open_forecasts(), 0U);  // and it goes on
}

}  // namespace
}  // namespace apps::fabtwin::serve
