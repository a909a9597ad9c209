// If these failed, "no allocation in the inner loop" would be a claim and not a measurement.
#include "twin/contract/allocations.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace twin::contract {
namespace {

// Tells the compiler that somebody looks, so that it keeps the allocation.
void look_at(const void* at) { asm volatile("" : : "g"(at) : "memory"); }

template <class F>
std::uint64_t allocations_in(const F& f) {
  const std::uint64_t before = allocations();
  f();
  return allocations() - before;
}

TEST(Allocations, AreCountedWhereTheyHappen) {
  if (!allocations_are_counted()) GTEST_SKIP() << "a sanitizer brings its own operator new";
  EXPECT_EQ(allocations_in([] {
              const std::vector<int> v(100);
              look_at(v.data());
            }),
            1U);
  struct alignas(64) Line {
    char c[64] = {};
  };
  EXPECT_EQ(allocations_in([] {
              const auto line = std::make_unique<Line>();
              EXPECT_EQ(reinterpret_cast<std::uintptr_t>(line.get()) % 64, 0U);
            }),
            1U);
  std::vector<int> warm;
  warm.reserve(10);
  EXPECT_EQ(allocations_in([&] {
              for (int i = 0; i < 10; ++i) warm.push_back(i);
            }),
            0U);
}

// Another thread's allocations must not be blamed on this one.
TEST(Allocations, AreCountedPerThread) {
  std::uint64_t others = 0;
  std::thread other;
  const std::uint64_t mine = allocations_in([&] {
    other = std::thread([&others] {
      others = allocations_in([] {
        for (int i = 0; i < 1000; ++i) look_at(std::make_unique<int>(i).get());
      });
    });
  });
  other.join();
  EXPECT_LT(mine, 10U);
  EXPECT_EQ(others, allocations_are_counted() ? 1000U : 0U);
}

}  // namespace
}  // namespace twin::contract
