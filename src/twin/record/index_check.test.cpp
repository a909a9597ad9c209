// The check of the index has something to look at.
#include "twin/record/index_check.hpp"

#include <gtest/gtest.h>

namespace twin::record {
namespace {

TEST(IndexCheck, ItsExampleHasFullRowsAndLateEntries) {
  // The index would be tried on nothing.
  const auto all = index_check::example(3'000, 1);
  std::size_t late = 0, of_one_key = 0;
  for (std::size_t k = 1; k < all.size(); ++k) {
    late += all[k].posting.at < all[k - 1].posting.at ? 1U : 0U;
    for (const IndexKey& key : all[k].keys) of_one_key += key == IndexKey{0, 0} ? 1U : 0U;
  }
  EXPECT_GT(late, 100U);
  EXPECT_GT(of_one_key, 2 * Index::PostingsPerRow);
}

}  // namespace
}  // namespace twin::record
