// If these failed, a broken replay would not tell where it broke.
#include "twin/core/diff.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace twin::core {
namespace {

enum class DiffStage : std::uint8_t { Queued, Running };

struct DiffLot {
  std::uint32_t step = 0;
  DiffStage stage = DiffStage::Queued;
  bool hold = false;
  std::optional<double> due;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("step", self.step);
    archive("stage", self.stage);
    archive("hold", self.hold);
    archive("due", self.due);
  }
};

struct DiffFab {
  std::string name = "a";
  std::vector<DiffLot> lots = std::vector<DiffLot>(20);
  std::array<double, 2> totals{};
  std::variant<int, DiffLot> last = 0;
  std::pair<int, float> pair;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("name", self.name);
    archive("lots", self.lots);
    archive("totals", self.totals);
    archive("last", self.last);
    archive("pair", self.pair);
  }
};

// The wrong path or value named, or a difference overlooked.
TEST(Diff, NamesTheFirstDifference) {
  const DiffFab a;
  EXPECT_EQ(diff(a, a), "");
  DiffFab b = a;
  b.pair.second = 0.5F;
  EXPECT_EQ(diff(a, b), "pair<1>: 0 != 0.5");
  b.last = 1;
  EXPECT_EQ(diff(a, b), "last: 0 != 1");
  b.last = DiffLot{};
  EXPECT_EQ(diff(a, b), "last.alternative: 0 != 1");
  b.totals[1] = 0.1;
  EXPECT_EQ(diff(a, b), "totals[1]: 0 != 0.1");
  b.lots[18].due = 2.0;
  EXPECT_EQ(diff(a, b), "lots[18].due: nothing != a value");
  b.lots[17].hold = true;
  EXPECT_EQ(diff(a, b), "lots[17].hold: false != true");
  b.lots[17].stage = DiffStage::Running;
  EXPECT_EQ(diff(a, b), "lots[17].stage: 0 != 1");
  b.lots[17].step = 5;
  EXPECT_EQ(diff(a, b), "lots[17].step: 0 != 5");
  b.lots.pop_back();
  EXPECT_EQ(diff(a, b), "lots.size: 20 != 19");
  b.name = "b";
  EXPECT_EQ(diff(a, b), "name: 'a' != 'b'");
}

// Diff and fingerprint must agree on what is different: the bits.
TEST(Diff, ComparesNumbersBitByBit) {
  EXPECT_EQ(diff(0.0, -0.0), ": 0 != -0");
  constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(diff(Nan, Nan), "");
  EXPECT_EQ(diff(1.0, 1.0 + 0x1p-52), ": 1 != 1.0000000000000002");
}

}  // namespace
}  // namespace twin::core
