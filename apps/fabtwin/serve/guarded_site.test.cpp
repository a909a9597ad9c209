// If this failed, tests of what is sent would be refused for a reason that is the example's.
#include "apps/fabtwin/serve/guarded_site.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/files.hpp"

namespace apps::fabtwin::serve {
namespace {

TEST(GuardedSite, ItsGuardStartsOnItsLimits) {
  GuardedSite site("guarded_site");
  site.start();
  EXPECT_TRUE(site.guard->running()) << site.said();
  const auto limits =
      twin::guard::read_limits(read_text(site.settings.limits.string()), site.settings.authority);
  EXPECT_EQ(limits.classes.size(), 4U);
}

}  // namespace
}  // namespace apps::fabtwin::serve
