// If these failed, the tests of the journal would be made with entries that are not what they say.
#include "twin/record/example.hpp"

#include <gtest/gtest.h>

#include <set>

#include "twin/record/sequences.hpp"

namespace twin::record {
namespace {

// A kind of entry that no test ever writes, or a number that comes twice and is rightly refused.
TEST(ExampleEntries, HaveEveryKindAndNoNumberTwice) {
  std::set<std::size_t> kinds;
  Sequences seen;
  for (const core::Entry& e : ExampleEntries(1).take(2000)) {
    kinds.insert(e.index());
    if (const auto id = identity_of(e)) {
      EXPECT_TRUE(seen.insert(id->key, id->number));
    }
  }
  EXPECT_EQ(kinds, (std::set<std::size_t>{0, 1, 2, 3, 4}));
}

// A seed that is not the whole truth about a failure.
TEST(ExampleEntries, AreAFunctionOfTheSeed) {
  EXPECT_EQ(ExampleEntries(7).take(50), ExampleEntries(7).take(50));
  EXPECT_NE(ExampleEntries(7).take(50), ExampleEntries(8).take(50));
}

// A fold that does not see the order.
TEST(ExampleFold, SeesEveryEntryAndTheirOrder) {
  const auto entries = ExampleEntries(3).take(2);
  ExampleFold ab, ba;
  ab.absorb(entries[0]);
  ab.absorb(entries[1]);
  ba.absorb(entries[1]);
  ba.absorb(entries[0]);
  EXPECT_NE(ab, ba);
}

}  // namespace
}  // namespace twin::record
