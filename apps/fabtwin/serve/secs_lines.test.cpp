// If these failed, a tool would forget a report that we have not recorded yet, or would never be told
// that we have. A real equipment on the loopback address.
#include "apps/fabtwin/serve/secs_lines.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "apps/fabtwin/real_time.hpp"
#include "apps/fabtwin/serve/living.hpp"
#include "apps/plant/tool_class.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/event/packed.hpp"
#include "twin/link/gem/equipment.hpp"
#include "twin/link/gem/over_hsms.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twins/fab/import/read.hpp"

namespace apps::fabtwin::serve {
namespace {

using namespace std::chrono_literals;
namespace gem = twin::link::gem;
namespace hsms = twin::link::hsms;
namespace secs = twin::link::secs;

constexpr Tick Begun = 1'800'000'000'000;

Tick site_ms() {
  return Begun + line_ms() % 1'000'000'000;  // as long as a test lasts, it runs on
}

std::string description() {
  return plant::tool_class_text() +
         "\n[[alarms]]\nid = 7\ntext = \"too hot\"\nstate = \"unscheduled_down\"\n"
         "\n[[variables]]\nid = 50\nname = \"E10\"\nformat = \"U1\"\ndefault = 2\n"
         "states = { \"1\" = \"productive\", \"2\" = \"standby\" }\n";
}

// A tool that tells when it goes down, on its own line.
class Tool {
 public:
  explicit Tool(std::string name)
      : model_(twin::link::tool::read_description(description(), "tools.toml")),
        telling_(model_.description),
        equipment_(model_, {.window = 8}),
        name_(std::move(name)),
        sockets_(line_ms) {
    tool_ = names_.add(twin::event::Table::Tool, name_);
    hsms::Options session{
        .role = hsms::Role::Passive, .side = hsms::Side::Equipment, .tool = name_};
    session.pace = hsms::Pace::Together;
    sockets_.add(session, {.port = 0}, [this](hsms::Session& with, Tick now) {
      Side side{equipment_};
      gem::exchange(side, with, now);
      return std::min(with.deadline(), now + 100);
    });
  }
  void tell_down() {
    twin::event::Event e;
    e.kind = twin::event::Kind::ToolDown;
    e.tool = tool_;
    const auto saying = telling_.say(e, names_);
    ASSERT_TRUE(saying.has_value());
    ASSERT_TRUE(
        equipment_.tell(*saying, site_ms(), {.counter = ++told_, .epoch = 1, .clock = site_ms()}));
    sockets_.wake(0);
  }
  void alarm(bool set) {
    equipment_.alarm(0, set, site_ms());
    sockets_.wake(0);
  }
  void turn() { sockets_.turn(0ms); }
  [[nodiscard]] SiteTool where() const {
    return {.name = name_, .address = {.host = "127.0.0.1", .port = sockets_.port(0)}};
  }
  [[nodiscard]] const gem::Equipment& equipment() const { return equipment_; }
  [[nodiscard]] std::uint64_t acknowledged() const { return equipment_.counts().acknowledged; }
  [[nodiscard]] bool talks() const {
    return equipment_.communication() == gem::Communication::Communicating;
  }

 private:
  struct Side {
    gem::Equipment& equipment;
    void selected(Tick) { equipment.selected(site_ms()); }
    void lost(Tick) { equipment.lost(site_ms()); }
    void received(const secs::Message& m, Tick) { equipment.received(m, site_ms()); }
    void failed(std::uint32_t system, Tick) { equipment.failed(system, site_ms()); }
    void tick(Tick) { equipment.tick(site_ms()); }
    template <class Send>
    void flush(Send&& send) {
      equipment.flush(send);
    }
  };
  gem::EquipmentModel model_;
  twin::link::tool::Telling telling_;
  gem::Equipment equipment_;
  std::string name_;
  hsms::Sockets sockets_;
  twin::event::Names names_;
  std::uint32_t tool_ = 0;
  std::uint64_t told_ = 0;
};

class Lines : public ::testing::Test {
 protected:
  std::shared_ptr<const twins::fab::Layout> layout =
      twins::fab::compile(twins::fab::import::read("data/example-fab"));
  twin::record::SimulatedDisk disk{1};
  std::unique_ptr<Living> living;
  std::unique_ptr<SecsLines> lines;

  void open(std::vector<SiteTool> tools) {
    Site site;
    site.name = "test";
    site.record = "record";
    site.time_zero_ms = Begun - 3'600'000;
    site.watermark_ms = 1'000;
    site.snapshot_every_ms = 3'600'000;
    site.stale_after_ms = 60'000;
    living = std::make_unique<Living>(disk, site, layout, site_ms());
    lines = std::make_unique<SecsLines>(
        living->door(), SecsLines::Options{.description = description(),
                                           .file = "tools.toml",
                                           .tools = std::move(tools),
                                           .define_reports = true,
                                           .line_time = line_ms,
                                           .site_time = site_ms,
                                           .memories = living->lines(),
                                           .disk = &disk,
                                           .record = {.folder = "record",
                                                      .durable = living->journal().durable(),
                                                      .names = &living->door().names()},
                                           .note = [this](twin::core::Note note) {
                                             return living->note(std::move(note));
                                           }});
    living->lines_from([this] { return lines->memory(); });
  }
  void sync() {
    ASSERT_EQ(living->journal().commit(), twin::record::Committed::Durable);
    living->answer();
  }
  // The process is killed: what is not durable is gone.
  void kill() {
    lines.reset();
    disk.stop();
    disk.restart();
    living.reset();
  }
  template <class Done>
  bool until(Tool& tool, Done done) {
    for (const Tick end = line_ms() + 10'000; line_ms() < end && !done();) {
      tool.turn();
      lines->turn(1ms);
    }
    return done();
  }
};

TEST_F(Lines, AcknowledgeWhatLasts) {
  Tool tool(layout->tool_name(0));
  open({tool.where()});
  EXPECT_EQ(lines->lines(), 1U);
  ASSERT_TRUE(until(tool, [&] { return lines->running() == 1 && tool.talks(); }));
  ASSERT_EQ(living->journal().commit(), twin::record::Committed::Durable);
  living->answer();
  const std::uint64_t before = tool.acknowledged();
  for (int k = 0; k < 3; ++k) tool.tell_down();
  ASSERT_TRUE(until(tool, [&] { return living->door().waiting() == 3; }))
      << living->door().waiting();
  // In memory, not on the disk: nothing is said however long it takes.
  living->answer();
  const Tick later = line_ms() + 200;
  ASSERT_TRUE(until(tool, [&] { return line_ms() > later; }));
  EXPECT_EQ(tool.acknowledged(), before);
  ASSERT_EQ(living->journal().commit(), twin::record::Committed::Durable);
  living->answer();
  EXPECT_TRUE(until(tool, [&] { return tool.acknowledged() == before + 3; }));
  EXPECT_GE(lines->reports(), 3U);
  lines->shut();
}

TEST_F(Lines, AnswerNobodyWhoseLineIsGone) {
  Tool tool(layout->tool_name(0));
  open({tool.where()});
  ASSERT_TRUE(until(tool, [&] { return lines->running() == 1 && tool.talks(); }));
  tool.tell_down();
  ASSERT_TRUE(until(tool, [&] { return living->door().waiting() == 2; }));
  lines.reset();
  ASSERT_EQ(living->journal().commit(), twin::record::Committed::Durable);
  living->answer();
  EXPECT_EQ(living->door().waiting(), 0U);
}

TEST_F(Lines, TakeWhatAToolDoesNotNumberForNewAfterARestart) {
  // Wrong: the alarms of our second life would be thrown away as those of the first.
  Tool tool(layout->tool_name(0));
  for (int life = 1; life <= 2; ++life) {
    open({tool.where()});
    ASSERT_TRUE(until(tool, [&] { return lines->running() == 1 && tool.talks(); }));
    tool.alarm(life == 1);
    ASSERT_TRUE(until(tool, [&] { return living->door().waiting() == 2; }));  // its state too
    ASSERT_EQ(living->journal().commit(), twin::record::Committed::Durable);
    living->answer();
    EXPECT_EQ(living->door().counts().accepted, 2U) << life;
    EXPECT_EQ(living->door().counts().duplicates, 0U) << life;
    lines.reset();
    living.reset();
  }
}

// The kinds of all events in the record, in order.
std::vector<std::string> told(twin::record::Disk& disk) {
  std::vector<std::string> kinds;
  twin::event::Packer packer;
  const auto record = twin::record::read_record(disk, "record");
  for (const auto& entry : record.entries()) {
    const auto* o = std::get_if<twin::core::Observation>(&entry);
    std::vector<twin::event::Event> events;
    if (o == nullptr || !packer.unpack(o->event, events)) continue;
    for (const auto& e : events) kinds.emplace_back(to_string(e.kind));
  }
  return kinds;
}

TEST_F(Lines, GoOnWhereTheyWereAfterAKill) {
  // Wrong: each restart would define a tool's reports anew, and what the tool is would be told as if
  // it had just become so: a breakdown that never was.
  Tool tool(layout->tool_name(0));
  open({tool.where()});
  ASSERT_TRUE(until(tool, [&] { return lines->running() == 1 && tool.talks(); }));
  EXPECT_EQ(lines->definitions(), 1U);
  tool.alarm(true);
  ASSERT_TRUE(until(tool, [&] { return living->door().waiting() >= 2; }));  // its state, the alarm
  sync();
  ASSERT_TRUE(until(tool, [&] { return tool.acknowledged() == 1; }));
  living->save();
  const std::vector<std::string> down = {"tool_state_changed", "alarm_set", "tool_state_changed"};
  EXPECT_EQ(told(disk), down);
  for (int life = 2; life <= 4; ++life) {
    const LineMemory before = lines->memory().at(0);
    kill();
    open({tool.where()});
    EXPECT_EQ(lines->memory().at(0), before) << life;
    ASSERT_TRUE(until(tool, [&] { return lines->running() == 1 && tool.talks(); }));
    EXPECT_EQ(lines->definitions(), 0U) << life;
    ASSERT_TRUE(until(tool, [&] { return living->door().waiting() >= 1; }));
    sync();
    const auto all = told(disk);
    ASSERT_EQ(all.size(), down.size() + static_cast<std::size_t>(life) - 1);
    EXPECT_EQ(all.back(), "tool_state_changed");  // what it is, as asked
  }
  // Behind the newest snapshot, and the tracker knows that the tool is down.
  const std::size_t known = told(disk).size();
  tool.alarm(false);
  ASSERT_TRUE(until(tool, [&] { return living->door().waiting() == 1; }));
  sync();
  const auto all = told(disk);
  EXPECT_EQ(std::vector<std::string>(all.begin() + static_cast<std::ptrdiff_t>(known), all.end()),
            (std::vector<std::string>{"alarm_cleared", "tool_state_changed"}));
  EXPECT_EQ(living->door().memory().quarantined, 0U);
}

TEST_F(Lines, RefuseABadDescription) {
  open({});
  EXPECT_NE(twin::contract::refusal([&] {
              const SecsLines bad(living->door(), {.description = "class = 1\n",
                                                   .file = "bad.toml",
                                                   .line_time = line_ms,
                                                   .site_time = site_ms});
            }).find("bad.toml"),
            std::string::npos);
}

}  // namespace
}  // namespace apps::fabtwin::serve
