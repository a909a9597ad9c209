// What all stores check alike.
#include "twin/record/store.hpp"

#include <gtest/gtest.h>

namespace twin::record {
namespace {

TEST(Store, TextsAreUtf8WithoutZeroBytes) {
  // One database would take a name that the other refuses.
  for (const char* good : {"", "plain", "\x01\x7F", "Ä晶", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"}) {
    EXPECT_TRUE(is_storable_text(good)) << good;
  }
  for (const std::string_view bad :
       {std::string_view("\0", 1), std::string_view("\x80"), std::string_view("\xC3"),
        std::string_view("\xC1\xBF"), std::string_view("\xE0\x9F\xBF"),
        std::string_view("\xED\xA0\x80"), std::string_view("\xF0\x8F\xBF\xBF"),
        std::string_view("\xF4\x90\x80\x80"), std::string_view("\xF5\x80\x80\x80"),
        std::string_view("\xE2\x82"), std::string_view("\xE2\x82g")}) {
    EXPECT_FALSE(is_storable_text(bad)) << bad;
  }
}

}  // namespace
}  // namespace twin::record
