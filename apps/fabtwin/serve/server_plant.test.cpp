// What tools say of themselves when they are asked, over real lines of a plant, against what they are:
// a twin that comes to a fab at work has heard nothing of what made them so.
#include <gtest/gtest.h>

#include <map>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/real_time.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/serve/server.hpp"
#include "apps/plant/plant.hpp"
#include "apps/plant/secs_outlet.hpp"
#include "apps/plant/tool_class.hpp"
#include "twin/event/packed.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twins/fab/view.hpp"

namespace apps::fabtwin::serve {
namespace {

using namespace std::chrono_literals;
using twin::event::ToolState;
using twins::fab::ToolMode;
using twins::fab::ToolView;

constexpr const char* Minifab = "data/minifab";
constexpr Tick Hour = 3'600'000;

bool stands(const ToolView& tool) {
  return tool.mode == ToolMode::Down || tool.mode == ToolMode::Pm;
}

// From this time on nothing happens for two minutes, while a tool is maintained and one is broken.
Tick moment_of(const std::shared_ptr<const twins::fab::Layout>& layout,
               const plant::SiteOptions& options) {
  plant::Site site(layout, options);
  const auto is = [&](ToolMode mode) {
    const auto tools = site.fab().view().tools;
    return std::ranges::any_of(tools, [&](const ToolView& t) { return t.mode == mode; });
  };
  const auto run = [&](Tick by) { site.run_until(site.now() + by, [](const plant::Delivery&) {}); };
  for (run(24 * Hour); site.now() < 3'000 * Hour; run(Hour / 12)) {
    if (!is(ToolMode::Down) || !is(ToolMode::Pm)) continue;
    const auto before = site.fab().view();
    const Tick at = site.now();
    run(120'000);
    auto after = site.fab().view();
    if (without_times(before) == without_times(after)) return at;
  }
  throw twin::core::Error("no such moment");
}

// A plant that has come to its moment, in real time from here on, and servers beside it.
class BesideAPlant : public testing::Test {
 protected:
  BesideAPlant() {
    options_.fab.seed = 3;
    moment_ = moment_of(layout_, options_);
    const std::int64_t began = real_ms() - moment_;
    plant_ = std::make_unique<plant::Plant>(
        layout_,
        plant::PlantOptions{.folder = scratch_ / "plant", .data = Minifab, .site = options_},
        began);
    auto outlet = std::make_unique<plant::SecsOutlet>(
        plant_->site().sources(), plant_->site().fab().names(),
        plant::SecsOutlet::Options{
            .line_time = line_ms,
            .plant_time =
                [this] { return plant_->notice().time_zero_ms + plant_->notice().at(real_ms()); },
            .obey = [](const plant::Command&) { return plant::Obeyed{}; },
            .status =
                [this](std::uint32_t source) {
                  return plant::tool_status(plant_->site(), source);
                }});
    write_file(plant_->folder() / "tools.toml", plant::tool_class_text());
    plant_->notice().description = "tools.toml";
    plant_->notice().tools = outlet->doors();
    plant_->add(std::move(outlet));
    plant_->announce();
    while (plant_->site().now() < moment_) plant_->turn(real_ms(), twin::core::Never);
  }
  void begin(const std::string& record) {
    server_.reset();
    Site site;
    site.name = "test";
    site.data = Minifab;
    site.record = scratch_ / record;
    site.plant = plant_->folder() / "plant.toml";
    site.watermark_ms = 1'000;
    site.snapshot_every_ms = Hour;
    site.stale_after_ms = 60'000;
    site.secs = SecsLinks{};
    server_ = std::make_unique<Server>(site, ServerOptions{});
  }
  // Until all tools' lines tell and nothing has come for a while.
  void synchronise() {
    std::uint64_t heard = 0;
    Tick quiet = line_ms();
    for (const Tick end = line_ms() + 60'000; line_ms() < end;) {
      plant_->turn(real_ms(), twin::core::Never);
      ASSERT_TRUE(server_->turn(1ms));
      const auto& counts = server_->living().door().counts();
      if (counts.accepted != heard || heard == 0) quiet = line_ms();
      heard = counts.accepted;
      if (line_ms() - quiet > 2'000) return;
    }
    FAIL() << "the lines are never quiet";
  }
  // [tool] what it said when it was asked, the last time; expects that each said it once.
  std::map<std::string, ToolState> said(const std::string& record) {
    std::map<std::string, ToolState> all;
    const auto read = twin::record::read_record(disk_, (scratch_ / record).string());
    const auto& names = server_->living().door().names();
    twin::event::Packer packer;
    for (const auto& entry : read.entries()) {
      const auto* o = std::get_if<twin::core::Observation>(&entry);
      std::vector<twin::event::Event> events;
      if (o == nullptr || !packer.unpack(o->event, events)) continue;
      for (const auto& e : events) {
        if (e.kind != twin::event::Kind::ToolStateChanged) continue;
        const std::string tool(names.name(twin::event::Table::Tool, e.tool));
        EXPECT_EQ(names.name(twin::event::Table::Source, o->sensor), "secs/" + tool + "/host");
        EXPECT_TRUE(all.emplace(tool, static_cast<ToolState>(static_cast<int>(e.value))).second)
            << tool;
      }
    }
    return all;
  }

  twin::record::ScratchFolder scratch_{"server_plant"};
  twin::record::FileDisk disk_;
  std::shared_ptr<const twins::fab::Layout> layout_ = twins::fab::compile(read_fab(Minifab));
  plant::SiteOptions options_;
  Tick moment_ = 0;
  std::unique_ptr<plant::Plant> plant_;
  std::unique_ptr<Server> server_;
};

TEST_F(BesideAPlant, ATwinKnowsWhichToolsStandFromTheirOwnAnswers) {
  // Wrong: a twin that begins beside a fab would take each tool for idle until it next tells of a change.
  begin("first");
  synchronise();
  server_->stop();
  const auto first = said("first");
  // All that the tools had kept is with the first: the second hears their answers alone.
  begin("second");
  synchronise();
  const auto truth = plant_->site().fab().view();
  auto& living = server_->living();
  const auto fold = living.believed(server_->now_ms());
  const auto mine = observe(*layout_, fold.x);
  const auto second = said("second");
  ASSERT_EQ(second.size(), layout_->tools());
  EXPECT_EQ(first, second);
  std::size_t standing = 0;
  for (std::uint32_t t = 0; t < layout_->tools(); ++t) {
    const std::string name = layout_->tool_name(t);
    EXPECT_EQ(second.at(name), plant::tool_status(truth.tools[t], moment_).equipment) << name;
    EXPECT_EQ(stands(mine.tools[t]), stands(truth.tools[t])) << name;
    standing += stands(truth.tools[t]) ? 1U : 0U;
  }
  EXPECT_GE(standing, 2U);
  // Which nobody has told, so the twin says of those that it has inferred it.
  const auto doubted = living.follower().doubted(fold);
  EXPECT_EQ(doubted.tools.size(), standing);
  EXPECT_EQ(living.door().counts().quarantined, 0U);
}

}  // namespace
}  // namespace apps::fabtwin::serve
