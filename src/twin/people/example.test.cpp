// If these failed, tests would try what no twin would propose.
#include "twin/people/example.hpp"

#include <gtest/gtest.h>

namespace twin::people {
namespace {

TEST(PeopleExample, IsRight) {
  check(example::advice(), "advice");
  check(example::set_point(), "set_point");
  EXPECT_NE(digest_of(example::advice("A")), digest_of(example::advice("B")));
  check(example::rules(), "rules");
}

}  // namespace
}  // namespace twin::people
