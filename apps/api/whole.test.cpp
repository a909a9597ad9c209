// If this failed, a page of a list could be as large as a stranger wants.
#include "apps/api/whole.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace apps::api {
namespace {

TEST(ApiWhole, IsWithinItsBounds) {
  const auto read = [](const std::string& value) {
    return whole_of(read_target("/x?n=" + value), "n", {.fallback = 7, .least = 1, .most = 200});
  };
  EXPECT_EQ(read("1"), 1U);
  EXPECT_EQ(read("200"), 200U);
  EXPECT_EQ(whole_of({}, "n", {.fallback = 7}), 7U);
  for (const char* wrong :
       {"", "0", "201", "-1", "+1", "1.0", "0x1", "1%20", "99999999999999999999"})
    EXPECT_EQ(twin::contract::refusal([&] { static_cast<void>(read(wrong)); }),
              "query.n: a whole number from 1 to 200 is wanted")
        << wrong;
}

}  // namespace
}  // namespace apps::api
