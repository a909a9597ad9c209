// If this failed, what is worked out would depend on the processor, or on what is worked out beside it.
#include "twins/toys/membrane_kernel.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/math/batch.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"
#include "twins/toys/membrane.hpp"

namespace twins::toys {
namespace {

TEST(MembraneKernel, GivesTheSameBitsInAllWidths) {
  using twin::math::Instructions;
  constexpr std::size_t Sets = 11;  // the last batch is not full
  std::vector<double> a(Sets * 64);
  for (std::size_t k = 0; k < a.size(); ++k)
    a[k] = twin::math::exp(
        2.0 * twin::math::normal(twin::core::Draw{5}.uniform(1, static_cast<std::uint32_t>(k), 0)));
  std::vector<double> portable(Sets * 169), other(Sets * 169), one(169);
  Membrane::deflections(Instructions::Portable, a, portable);
  for (const auto by : {Instructions::Avx2, Instructions::Avx512}) {
    if (static_cast<int>(by) > static_cast<int>(twin::math::best_instructions())) continue;
    Membrane::deflections(by, a, other);
    EXPECT_EQ(portable, other) << twin::math::name_of(by);
  }
  Membrane::deflections(std::span(a).subspan(7 * 64, 64), one);
  EXPECT_TRUE(std::equal(one.begin(), one.end(), portable.begin() + 7 * 169));
}

}  // namespace
}  // namespace twins::toys
