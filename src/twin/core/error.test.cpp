// If these failed, a user could not find the line to mend.
#include "twin/core/error.hpp"

#include <gtest/gtest.h>

namespace twin::core {
namespace {

// A place that names the wrong line, or a line 0.
TEST(Error, SaysWhereAsFarAsItIsKnown) {
  EXPECT_EQ(to_string(Place{"route_3.txt", 12, "PTIME"}), "route_3.txt:12, column PTIME");
  EXPECT_EQ(to_string(Place{"route_3.txt", 12, ""}), "route_3.txt:12");
  EXPECT_EQ(to_string(Place{"route_3.txt", 0, ""}), "route_3.txt");
}

// A message without its place.
TEST(Error, CarriesItsPlace) {
  const Error e(Place{"order.txt", 3, "DUE"}, "due date missing (every lot needs one)");
  EXPECT_STREQ(e.what(), "order.txt:3, column DUE: due date missing (every lot needs one)");
  EXPECT_EQ(e.place(), (Place{"order.txt", 3, "DUE"}));
  EXPECT_EQ(Error("x").place(), Place{});
}

}  // namespace
}  // namespace twin::core
