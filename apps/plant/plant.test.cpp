// If these failed, a plant that was killed would live another life the second time, number its
// messages anew where they were known already, or write over another plant's folder.
#include "apps/plant/plant.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <tuple>

#include "apps/fabtwin/files.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

constexpr auto PlantHour = static_cast<Tick>(twins::fab::HourMs);
constexpr std::int64_t Begun = 1'800'000'000'000;

using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>;
using PlantHeard = std::map<Key, twin::event::Event>;

// A line to a listener that is sometimes away: it keeps what it was told until it is heard.
class Line : public Outlet {
 public:
  explicit Line(PlantHeard& heard) : heard_(heard) {}
  Takes tell(const Message& m) override {
    kept_.push_back(m);
    return Takes::Mine;
  }
  void corrupt(const Message&, std::uint32_t) override {}
  void cut(std::uint32_t, bool) override {}
  [[nodiscard]] Tick settled() const override {
    Tick oldest = twin::core::Never;
    for (const Message& m : kept_) oldest = std::min(oldest, m.at);
    return oldest;
  }
  void turn(std::chrono::milliseconds) override {
    if (away) return;
    for (const Message& m : kept_) {
      const auto [at, is_new] = heard_.emplace(Key{m.source, m.epoch, m.seq}, m.event);
      EXPECT_TRUE(is_new || at->second == m.event) << "one number, two messages";
    }
    kept_.clear();
  }
  bool away = false;

 private:
  PlantHeard& heard_;
  std::vector<Message> kept_;
};

class RunningPlant : public ::testing::Test {
 protected:
  twin::record::ScratchFolder scratch{"plant"};
  std::shared_ptr<const twins::fab::Layout> layout = twins::fab::lively_fab();

  PlantOptions options(const std::string& folder) {
    PlantOptions o;
    o.folder = scratch / folder;
    o.data = "/fab";
    o.speed = 3600.0;  // an hour a second
    o.site.fab.seed = 8;
    o.site.audit_every = PlantHour;
    return o;
  }
  std::unique_ptr<Plant> plant(const PlantOptions& o, std::int64_t real_ms, PlantHeard& heard) {
    auto p = std::make_unique<Plant>(layout, o, real_ms);
    line = new Line(heard);
    p->add(std::unique_ptr<Outlet>(line));
    p->announce();
    return p;
  }
  std::string refusal(const PlantOptions& o) {
    return twin::contract::refusal([&] { const Plant p(layout, o, Begun); });
  }
  Line* line = nullptr;
};

std::vector<std::string> lines_of(const std::filesystem::path& folder, const char* what) {
  std::vector<std::string> all;
  for (const Tick from : Truth::pieces(folder)) {
    std::ifstream in(Truth::piece(folder, from, what));
    for (std::string l; std::getline(in, l);) all.push_back(l);
  }
  return all;
}

TEST_F(RunningPlant, LivesTheSameWhenItIsKilledAndTakenUp) {
  PlantHeard calm, killed;
  const Command hold{.kind = Command::Kind::StartPm, .tool = 1, .item = 0};
  auto one = plant(options("a"), Begun, calm);
  for (std::int64_t s = 1; s <= 40; ++s) {
    one->turn(Begun + 1000 * s, 40 * PlantHour);
    if (s == 13) {
      EXPECT_TRUE(one->obey(hold).done);
    }
  }
  one->stop();

  auto two = plant(options("b"), Begun, killed);
  for (std::int64_t s = 1; s <= 40; ++s) {
    line->away = s % 7 > 3;
    two->turn(Begun + 1000 * s, 40 * PlantHour);
    if (s == 13) {
      EXPECT_TRUE(two->obey(hold).done);
    }
    if (s == 20 || s == 27) {  // dies without a word: what its line kept is lost
      two.reset();
      two = plant(options("b"), Begun + 1000 * s, killed);
      EXPECT_TRUE(two->taken_up());
      EXPECT_LT(two->site().now(), s * PlantHour);
      while (two->site().now() < s * PlantHour) two->turn(Begun + 1000 * s, 40 * PlantHour);
    }
  }
  line->away = false;
  two->turn(Begun + 40'000, 40 * PlantHour);
  two->stop();

  EXPECT_EQ(lines_of(scratch / "a" / "truth", "audits.jsonl"),
            lines_of(scratch / "b" / "truth", "audits.jsonl"));
  // Each event was heard once: the numbers before a restart are those that were given before.
  EXPECT_EQ(calm.size(), killed.size());
  std::uint32_t epochs = 0;
  for (const auto& [key, event] : killed) epochs = std::max(epochs, std::get<1>(key));
  EXPECT_EQ(epochs, 2U);
  std::map<std::tuple<Tick, std::uint32_t, std::uint32_t, int>, int> a, b;
  const auto count = [](const PlantHeard& heard, auto& into) {
    for (const auto& [key, e] : heard) ++into[{e.at, e.lot, e.tool, static_cast<int>(e.kind)}];
  };
  count(calm, a), count(killed, b);
  EXPECT_EQ(a, b);
}

TEST_F(RunningPlant, GoesOnAfterItWasStopped) {
  PlantHeard heard;
  auto p = plant(options("a"), Begun, heard);
  p->turn(Begun + 500, 40 * PlantHour);
  EXPECT_EQ(p->site().now(), PlantHour / 2);
  p->stop();
  p.reset();
  p = plant(options("a"), Begun + 10'000, heard);
  EXPECT_EQ(p->site().now(), PlantHour / 2);
  EXPECT_FALSE(p->obey({.kind = Command::Kind::StartPm, .tool = 0}).done) << "catching up";
  while (p->site().now() < 10 * PlantHour) p->turn(Begun + 10'000, 40 * PlantHour);
  EXPECT_TRUE(p->obey({.kind = Command::Kind::StartPm, .tool = 0}).done);
  EXPECT_FALSE(p->turn(Begun + 100'000, 11 * PlantHour));
  EXPECT_EQ(p->site().now(), 11 * PlantHour);
}

TEST_F(RunningPlant, RefusesAFolderThatIsNotItsOwn) {
  PlantHeard heard;
  const auto mine = options("a");
  const std::string dir = mine.folder.string();
  plant(mine, Begun, heard)->stop();
  auto other = mine;
  other.site.fab.seed = 9;
  EXPECT_EQ(refusal(other),
            dir +
                ": another plant (its data set, seed, links, scenario or faults are not these); a "
                "new folder begins a new one");
  other = mine;
  other.given = "[[drift]]";
  EXPECT_EQ(refusal(other).substr(0, dir.size() + 15), dir + ": another plant");
  other = mine;
  other.speed = 60;
  EXPECT_EQ(refusal(other), dir + ": a plant of speed 3600, now 60 (it goes on at its own)");

  std::filesystem::create_directories(scratch / "b");
  std::ofstream(scratch / "b" / "letters.txt") << "x";
  other = options("b");
  EXPECT_EQ(refusal(other), (scratch / "b").string() + ": no plant's folder (it is not empty)");

  std::ofstream(scratch / "b" / "begun");  // of a plant that died before its notice
  EXPECT_NE(plant(other, Begun, heard), nullptr);

  const auto running = plant(options("c"), Begun, heard);
  EXPECT_EQ(refusal(options("c")),
            (scratch / "c" / "diary.jsonl").string() + ": another plant runs in this folder");

  std::filesystem::create_directories(scratch / "a" / "saves");
  for (const auto& e : std::filesystem::directory_iterator(scratch / "a" / "saves"))
    std::ofstream(e.path()) << "broken";
  EXPECT_EQ(refusal(mine).substr(0, (scratch / "a" / "saves").string().size()),
            (scratch / "a" / "saves").string());
}

}  // namespace
}  // namespace apps::plant
