// If this failed, a NaN could spread through a fab's state unseen.
#include "twin/contract/nan.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace twin::contract {
namespace {

struct Tool {
  std::optional<double> repair_ms = {};
  std::pair<int, float> pair = {};
  std::variant<int, double> either = 0;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("repair_ms", self.repair_ms);
    archive("pair", self.pair);
    archive("either", self.either);
  }
};
struct Fab {
  std::vector<Tool> tools = std::vector<Tool>(3);
  std::array<double, 2> totals = {};
  std::string name = "nan";
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("tools", self.tools);
    archive("totals", self.totals);
    archive("name", self.name);
  }
};

TEST(FindNan, NamesTheFirstOne) {
  constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
  Fab fab;
  fab.totals[0] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(find_nan(fab), "");
  fab.totals[1] = Nan;
  EXPECT_EQ(find_nan(fab), "totals[1]");
  fab.tools[2].either = Nan;
  EXPECT_EQ(find_nan(fab), "tools[2].either");
  fab.tools[1].pair.second = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(find_nan(fab), "tools[1].pair");
  fab.tools[1].repair_ms = Nan;
  EXPECT_EQ(find_nan(fab), "tools[1].repair_ms");
  EXPECT_EQ(find_nan(Nan), "the value itself");
}

}  // namespace
}  // namespace twin::contract
