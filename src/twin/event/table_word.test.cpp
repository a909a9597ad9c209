// If this failed, the names of a record would be learnt into another table, or not at all.
#include "twin/event/table_word.hpp"

#include <gtest/gtest.h>

namespace twin::event {
namespace {

TEST(TableWord, IsWhatIsWritten) {
  for (std::size_t t = 0; t < TableCount; ++t) {
    const auto table = static_cast<Table>(t);
    EXPECT_EQ(table_of(to_string(table)), table);
  }
  EXPECT_EQ(table_of(""), std::nullopt);
  EXPECT_EQ(table_of("Lot"), std::nullopt);
}

}  // namespace
}  // namespace twin::event
