// If these failed, the number of threads would show in the results.
#include "twin/core/parallel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

namespace twin::core {
namespace {

// A member forgotten, or worked on twice.
TEST(ForEachMember, CallsEveryMemberOnce) {
  for (const unsigned threads : {1U, 2U, 3U, 7U}) {
    for (const std::size_t count : {0U, 1U, 2U, 1000U}) {
      std::vector<int> calls(count, 0);
      for_each_member(count, threads, [&](std::size_t i) { ++calls[i]; });
      EXPECT_EQ(calls, std::vector<int>(count, 1)) << threads << " threads";
    }
  }
}

// An exception lost in a thread, or another one thrown with another number of threads.
TEST(ForEachMember, ThrowsTheLowestMembersExceptionAfterAllWereCalled) {
  for (const unsigned threads : {1U, 2U, 7U}) {
    std::vector<int> calls(100, 0);
    try {
      for_each_member(calls.size(), threads, [&](std::size_t i) {
        ++calls[i];
        if (i % 30 == 17) throw std::runtime_error(std::to_string(i));
      });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& e) {
      EXPECT_STREQ(e.what(), "17");
    }
    EXPECT_EQ(calls, std::vector<int>(100, 1));
  }
}

TEST(ForEachMember, IsAValueToo) {
  int sum = 0;
  Threads{1}(4, [&](std::size_t i) { sum += static_cast<int>(i); });
  EXPECT_EQ(sum, 6);
}

// A tree of another shape would give other last bits on another number of ranks.
TEST(TreeReduce, HasAShapeThatDependsOnTheCountAlone) {
  const std::vector<std::string> x = {"a", "b", "c", "d", "e", "f", "g"};
  const auto pair = [](const std::string& a, const std::string& b) { return "(" + a + b + ")"; };
  const std::span<const std::string> all(x);
  EXPECT_EQ(tree_reduce(all.first(1), pair), "a");
  EXPECT_EQ(tree_reduce(all.first(5), pair), "(((ab)(cd))e)");
  EXPECT_EQ(tree_reduce(all, pair), "(((ab)(cd))((ef)g))");
}

// Known error bound: log2(n) * 2^-53 * sum|x|; a plain sum of a million tenths is off by 1.3e-6.
TEST(TreeSum, IsAccurate) {
  const std::vector<double> tenths(1'000'000, 0.1);
  EXPECT_LE(std::abs(tree_sum(tenths) - 1e5), 20 * 0x1p-53 * 1e5);
  EXPECT_EQ(tree_sum({}), 0.0);
}

}  // namespace
}  // namespace twin::core
