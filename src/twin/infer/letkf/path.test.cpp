// If these failed, a program would stop at an instruction that its CPU does not have, or run slowly
// and not say so.
#include "twin/infer/letkf/path.hpp"

#include <gtest/gtest.h>

#include <string>

#include "twin/contract/refusal.hpp"

namespace twin::infer::letkf {
namespace {

TEST(Path, BestIsTheFirstThatTheCpuHas) {
  EXPECT_TRUE(is_available(Path::Best));
  EXPECT_TRUE(is_available(Path::Portable));
  for (const Path path : Paths) {
    if (!is_available(path)) continue;
    EXPECT_EQ(&kernel_of(Path::Best), &kernel_of(path));
    break;
  }
}

TEST(Path, IsNamedAndHasItsLanes) {
  const auto lanes_of = [](Path path) -> std::size_t { return kernel_of(path).lanes; };
  EXPECT_EQ(std::string(kernel_of(Path::Portable).name), "portable");
  EXPECT_EQ(lanes_of(Path::Portable), 2U);
  if (is_available(Path::Avx2)) {
    EXPECT_EQ(std::string(kernel_of(Path::Avx2).name), "AVX2+FMA");
    EXPECT_EQ(lanes_of(Path::Avx2), 4U);
  } else {
    EXPECT_EQ(
        contract::refusal([] { kernel_of(Path::Avx2); }),
        "the path AVX2+FMA of the ensemble kernels (this CPU or build lacks it) take the best "
        "one?");
  }
  if (is_available(Path::Avx512)) {
    EXPECT_EQ(std::string(kernel_of(Path::Avx512).name), "AVX-512");
    EXPECT_EQ(lanes_of(Path::Avx512), 8U);
  } else {
    EXPECT_EQ(contract::refusal([] { kernel_of(Path::Avx512); }),
              "the path AVX-512 of the ensemble kernels (this CPU or build lacks it) take the best "
              "one?");
  }
}

}  // namespace
}  // namespace twin::infer::letkf
