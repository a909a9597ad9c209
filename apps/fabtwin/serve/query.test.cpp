// If this failed, a lot whose name has a space or an umlaut could not be asked for.
#include "apps/fabtwin/serve/query.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin::serve {
namespace {

TEST(Query, GivesTheFirstValueOfAName) {
  EXPECT_EQ(query_value("name=L1&pixels=20", "name"), "L1");
  EXPECT_EQ(query_value("name=L1&pixels=20", "pixels"), "20");
  EXPECT_EQ(query_value("name=a&name=b", "name"), "a");
  EXPECT_EQ(query_value("name=", "name"), "");
  EXPECT_EQ(query_value("raw", "raw"), "");
  EXPECT_EQ(query_value("name=L1", "nam"), std::nullopt);
  EXPECT_EQ(query_value("", "name"), std::nullopt);
}

TEST(Query, DecodesBytes) {
  EXPECT_EQ(query_value("name=LOT%201%2f%2F&x", "name"), "LOT 1//");
  EXPECT_EQ(query_value("name=a+b%2Bc", "name"), "a b+c");
  EXPECT_EQ(query_value("na%6De=x", "name"), "x");
  EXPECT_EQ(query_value("name=%c3%bc", "name"), "\xc3\xbc");
}

TEST(Query, BrokenCodeIsNoValue) {
  for (const char* text : {"name=%", "name=%2", "name=%zz", "name=a%2"}) {
    EXPECT_EQ(query_value(text, "name"), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace apps::fabtwin::serve
