#include "apps/fabtwin/exit.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

// A script would take a broken data set for a broken machine.
TEST(Exit, CarriesTheCodeOfTheFirstWhoKnewIt) {
  const auto code_of = [](const auto& f) {
    try {
      f();
    } catch (const Failure& failure) {
      return failure.exit();
    }
    return Exit::Ok;
  };
  EXPECT_EQ(code_of([] { or_fail(Exit::BadInput, [] { throw std::runtime_error("x"); }); }),
            Exit::BadInput);
  EXPECT_EQ(code_of([] { or_fail(Exit::Failed, [] { throw Failure(Exit::Usage, "x"); }); }),
            Exit::Usage);
  EXPECT_EQ(or_fail(Exit::Failed, [] { return 3; }), 3);
}

}  // namespace
}  // namespace apps::fabtwin
