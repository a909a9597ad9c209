// If these failed, a kernel would write beyond its room, or a domain's bits depend on its neighbours.
#include "twin/infer/letkf/kernel.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "twin/infer/letkf/aligned.hpp"
#include "twin/infer/letkf/example.hpp"
#include "twin/infer/letkf/path.hpp"
#include "twin/infer/letkf/system.hpp"

namespace twin::infer::letkf {
namespace {

TEST(Kernel, SpaceIsChosenByTheDomainAlone) {
  EXPECT_TRUE(solves_in_observation_space(40, 0));
  EXPECT_TRUE(solves_in_observation_space(40, 34));
  EXPECT_FALSE(solves_in_observation_space(40, 35));
  EXPECT_FALSE(solves_in_observation_space(2, 1));
}

TEST(Kernel, StaysWithinItsRoom) {
  constexpr double Canary = 1234.5;
  constexpr std::size_t Behind = 64;
  for (const Path path : Paths) {
    if (!is_available(path)) continue;
    const Kernel& kernel = kernel_of(path);
    for (const Eigen::Index members : {2, 3, 8, 9, 17, 40, 65, 100}) {
      for (const Eigen::Index seen : {0, 1, 7, 30, 63, 86, 130}) {
        const Example e = random_example(10, 140, members, 5);
        AlignedDoubles room, work;
        const System system(e.hx(), e.y, Noise::diagonal(e.r.diagonal()), 1, room);
        Batch b = system.batch();
        const std::size_t size =
            kernel.work_doubles(static_cast<std::size_t>(members), b.root.terms);
        b.work = work.room(size + Behind);
        std::fill_n(b.work + size, Behind, Canary);
        std::vector<std::uint32_t> observations;
        const std::vector<double> weights(140, 0.7);
        for (std::uint32_t k = 0; k < 140; ++k) observations.push_back(k);
        std::vector<std::size_t> rows = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        b.domains = kernel.lanes;
        for (std::size_t lane = 0; lane < kernel.lanes; ++lane) {
          b.sight[lane] = {observations.data(), weights.data(), static_cast<std::size_t>(seen)};
          b.rows[lane] = {rows.data() + lane, lane == 0 ? 6U : 1U};
        }
        Eigen::MatrixXd x = e.x;
        b.state = x.data();
        b.state_stride = 10;
        kernel.analyse(b);
        for (std::size_t i = 0; i < Behind; ++i) {
          ASSERT_EQ(b.work[size + i], Canary) << kernel.name << ' ' << members << ' ' << seen;
        }
      }
    }
  }
}

}  // namespace
}  // namespace twin::infer::letkf
