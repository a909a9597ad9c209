// If these failed, a tool would be believed to run that stands, or a lot to be at work that has left.
#include "twin/link/tool/tracker.hpp"

#include <gtest/gtest.h>

namespace twin::link::tool {
namespace {

using event::Event;
using event::Kind;
using event::Names;
using event::Table;
using event::ToolState;

constexpr const char* TrackerFile = R"(
[class]
name = "t"
[[variables]]
id = 1
name = "State"
format = "U1"
states = { "1" = "productive", "2" = "standby", "4" = "scheduled_down" }
[[variables]]
id = 2
name = "ChamberA"
format = "U1"
[[variables]]
id = 3
name = "Task"
[[variables]]
id = 4
name = "Why"
[[variables]]
id = 5
name = "Job"
[[variables]]
id = 6
name = "JobState"
format = "U1"
[[variables]]
id = 7
name = "Lots"
format = "L"
[[variables]]
id = 8
name = "Wafer"
[[variables]]
id = 9
name = "WaferLot"
[[variables]]
id = 10
name = "Location"
format = "U1"
[[variables]]
id = 11
name = "Processing"
format = "U1"
[[variables]]
id = 12
name = "Wafers"
format = "U1"
[[events]]
id = 1
name = "Broken"
state = "unscheduled_down"
[[alarms]]
id = 1
text = "no vacuum"
state = "unscheduled_down"
[[alarms]]
id = 2
text = "door"
[[modules]]
name = "A"
state = "ChamberA"
task = "Task"
blocked = "Why"
[jobs]
job = "Job"
state = "JobState"
lots = "Lots"
[substrates]
id = "Wafer"
lot = "WaferLot"
location = "Location"
processing = "Processing"
wafers = "Wafers"
)";

class TrackerTest : public testing::Test {
 protected:
  using Values = std::vector<std::pair<std::string, secs::Item>>;
  std::string hear(const Values& values, std::uint32_t event = None) {
    std::vector<Told> told;
    for (const auto& [name, item] : values) told.push_back({d.variable(name), &item});
    std::vector<Event> events;
    tracker.hear(d, event, told, "ETCH", names, events);
    return shown(events);
  }
  std::string alarm(std::uint32_t which, bool set) {
    std::vector<Event> events;
    tracker.alarm(d, which, set, "ETCH", names, events);
    return shown(events);
  }
  std::string shown(const std::vector<Event>& events) {
    std::string text;
    for (const Event& e : events) {
      if (!text.empty()) text += ", ";
      text += event::to_string(e.kind);
      if (e.lot != None) text += " " + std::string(names.name(Table::Lot, e.lot));
      if (e.chamber != None) text += " " + std::string(names.name(Table::Chamber, e.chamber));
      if (e.kind == Kind::ToolStateChanged)
        text += " " + std::string(event::to_string(static_cast<ToolState>(e.value)));
      if (e.item != None && e.lot == None)
        text += " " + std::string(names.name(Table::Item, e.item));
    }
    return text;
  }

  Description d = read_description(TrackerFile, "t.toml");
  Names names;
  Tracker tracker;
};

TEST_F(TrackerTest, TheSixStatesComeFromVariablesEventsAndAlarms) {
  EXPECT_EQ(hear({{"State", secs::u1(1)}}), "tool_state_changed productive");
  EXPECT_EQ(hear({{"State", secs::u1(1)}}), "");  // told twice, changed once
  EXPECT_EQ(hear({{"State", secs::u1(4)}}), "tool_state_changed scheduled_down, pm_started");
  EXPECT_EQ(hear({{"State", secs::u1(2)}}), "tool_state_changed standby, pm_ended");
  EXPECT_EQ(hear({}, 0), "tool_state_changed unscheduled_down, tool_down");
  EXPECT_EQ(hear({{"State", secs::u1(9)}}), "");  // no state of the file
  EXPECT_EQ(tracker.state(), ToolState::UnscheduledDown);
  EXPECT_EQ(hear({{"State", secs::u1(1)}}), "tool_state_changed productive, tool_up");
  EXPECT_EQ(alarm(0, true), "alarm_set no vacuum, tool_state_changed unscheduled_down, tool_down");
  EXPECT_EQ(hear({{"State", secs::u1(2)}}), "");  // the alarm stands before it
  EXPECT_EQ(alarm(1, true), "alarm_set door");    // an alarm without a state
  EXPECT_EQ(alarm(0, false), "alarm_cleared no vacuum, tool_state_changed standby, tool_up");
}

TEST_F(TrackerTest, ModulesAreIdleBusyAndBlocked) {
  EXPECT_EQ(hear({{"ChamberA", secs::u1(1)}, {"Task", secs::ascii("etch")}}),
            "tool_state_changed A productive busy: etch");
  EXPECT_EQ(hear({{"ChamberA", secs::u1(2)}, {"Why", secs::ascii("robot")}}),
            "tool_state_changed A standby blocked: robot");
  EXPECT_EQ(hear({{"ChamberA", secs::u1(2)}}), "");
  EXPECT_EQ(hear({{"ChamberA", secs::u1(0)}}), "tool_state_changed A standby idle");
  EXPECT_EQ(hear({{"ChamberA", secs::u1(7)}}), "");
}

TEST_F(TrackerTest, AJobsStatesAreItsLotsEvents) {
  const auto job = [&](int state) {
    return hear({{"Job", secs::ascii("J1")},
                 {"JobState", secs::u1(state)},
                 {"Lots", secs::list(secs::ascii("L1"), secs::ascii("L2"))}});
  };
  EXPECT_EQ(job(0), "");
  EXPECT_EQ(job(1), "batch_formed L1, batch_formed L2");
  EXPECT_EQ(job(3), "processing_started L1, processing_started L2");
  EXPECT_EQ(job(6), "");
  EXPECT_EQ(job(7), "processing_suspended L1, processing_suspended L2");
  EXPECT_EQ(job(3), "processing_resumed L1, processing_resumed L2");
  EXPECT_EQ(job(4), "processing_ended L1, processing_ended L2");
  EXPECT_EQ(tracker.odd_transitions(), 0U);
  EXPECT_EQ(job(4), "processing_ended L1, processing_ended L2");  // one whose beginning was missed
  EXPECT_EQ(tracker.odd_transitions(), 1U);
  EXPECT_TRUE(is_transition(JobState::Paused, JobState::Aborting));
  EXPECT_FALSE(is_transition(JobState::Complete, JobState::Processing));
}

TEST_F(TrackerTest, WafersMakeALotsStay) {
  const auto wafer = [&](const char* id, int location, int processing) {
    return hear({{"Wafer", secs::ascii(id)},
                 {"WaferLot", secs::ascii("L1")},
                 {"Location", secs::u1(location)},
                 {"Processing", secs::u1(processing)},
                 {"Wafers", secs::u1(2)}});
  };
  EXPECT_EQ(wafer("1", 0, 0), "");
  EXPECT_EQ(wafer("1", 1, 0), "load_started L1");
  EXPECT_EQ(wafer("1", 1, 1), "processing_started L1");
  EXPECT_EQ(wafer("2", 1, 1), "");
  EXPECT_EQ(wafer("1", 1, 2), "");
  EXPECT_EQ(wafer("1", 2, 2), "");
  EXPECT_EQ(wafer("2", 1, 2), "processing_ended L1");
  EXPECT_EQ(wafer("2", 2, 2), "unloaded L1");
  EXPECT_EQ(wafer("1", 1, 0), "load_started L1");  // it comes again
}

TEST_F(TrackerTest, OneWaferOfTwoDoesNotEndTheLot) {
  // A lot would be taken for done as soon as its first wafer is.
  const auto wafer = [&](const char* id, int location, int processing) {
    return hear({{"Wafer", secs::ascii(id)},
                 {"WaferLot", secs::ascii("L1")},
                 {"Location", secs::u1(location)},
                 {"Processing", secs::u1(processing)},
                 {"Wafers", secs::u1(2)}});
  };
  EXPECT_EQ(wafer("1", 1, 1), "load_started L1, processing_started L1");
  EXPECT_EQ(wafer("1", 2, 2), "");
}

}  // namespace
}  // namespace twin::link::tool
