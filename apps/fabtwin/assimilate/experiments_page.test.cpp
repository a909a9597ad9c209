// If this failed, the reference would tell of keys, models or methods that fabtwin assimilate does not have.
#include "apps/fabtwin/assimilate/experiments_page.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/files.hpp"

namespace apps::fabtwin::assimilate {
namespace {

TEST(ExperimentsPage, IsTheOneInTheRepository) {
  EXPECT_TRUE(read_text("docs/reference/experiments.md") == experiments_page())
      << "make it again: fabtwin man --markdown docs/reference";
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
