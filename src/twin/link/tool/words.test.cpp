// If these failed, a word of a tool's file would be read as another's.
#include "twin/link/tool/words.hpp"

#include <gtest/gtest.h>

#include <set>

namespace twin::link::tool {
namespace {

template <class Enum>
void expect_own_words(std::span<const Word<Enum>> words) {
  std::set<std::string_view> texts;
  for (const auto& word : words) {
    EXPECT_TRUE(texts.insert(word.text).second) << word.text;
    EXPECT_EQ(value_of(words, word.text), word.value);
    EXPECT_EQ(text_of(words, word.value), word.text);
  }
  EXPECT_EQ(value_of(words, "no such word"), std::nullopt);
}

TEST(Words, EachHasItsOwn) {
  expect_own_words(roles());
  expect_own_words(moments());
  expect_own_words(fields());
  expect_own_words(formats());
  expect_own_words(classes());
  EXPECT_EQ(to_string(Field::Lot), "lot");
  for (const auto& word : formats())
    EXPECT_TRUE(secs::is_kind(static_cast<std::uint8_t>(word.value)));
}

}  // namespace
}  // namespace twin::link::tool
