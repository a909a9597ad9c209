#include "twin/event/glossary.hpp"

#include <gtest/gtest.h>

namespace twin::event {
namespace {

TEST(Glossary, ExplainsEveryKindOnce) {
  // If this failed, a log would hold events that the reference does not explain.
  ASSERT_EQ(kind_meanings().size(), kinds().size());
  for (std::size_t i = 0; i < kinds().size(); ++i) {
    EXPECT_EQ(kind_meanings()[i].kind, kinds()[i].value) << kinds()[i].text;
    EXPECT_FALSE(kind_meanings()[i].meaning.empty()) << kinds()[i].text;
  }
}

TEST(Glossary, ExplainsEveryFieldOnce) {
  // If this failed, a column of the CSV log would have to be guessed.
  ASSERT_EQ(field_meanings().size(), ColumnCount);
  for (std::size_t i = 0; i < ColumnCount; ++i) {
    EXPECT_EQ(field_meanings()[i].field, static_cast<Column>(i)) << i;
    EXPECT_FALSE(field_meanings()[i].meaning.empty()) << i;
  }
}

}  // namespace
}  // namespace twin::event
