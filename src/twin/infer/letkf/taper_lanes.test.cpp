// If this failed, a domain would see other weights on another CPU.
#include "twin/infer/letkf/taper_lanes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "twin/infer/ensemble/taper.hpp"
#include "twin/infer/letkf/aligned.hpp"
#include "twin/infer/letkf/path.hpp"

namespace twin::infer::letkf {
namespace {

TEST(TaperLanes, AreGaspariCohnToTheBitOnEveryPath) {
  constexpr std::size_t Count = 1000;
  for (const Path path : Paths) {
    if (!is_available(path)) continue;
    AlignedDoubles room;
    double* x = room.room(Count + MaxLanes);
    std::vector<double> distances;
    for (std::size_t i = 0; i < Count; ++i) {
      const double d = 0.01 * static_cast<double>(i);
      x[i] = d * d;
      distances.push_back(std::sqrt(x[i]));
    }
    kernel_of(path).taper(x, Count, 3.7);
    for (std::size_t i = 0; i < Count; ++i) {
      ASSERT_EQ(x[i], gaspari_cohn(distances[i], 3.7)) << kernel_of(path).name << ' ' << i;
    }
  }
}

}  // namespace
}  // namespace twin::infer::letkf
