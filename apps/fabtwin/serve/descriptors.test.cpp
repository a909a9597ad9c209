// If this failed, the twin of a fab with a thousand tools would have lines to some of them only.
#include "apps/fabtwin/serve/descriptors.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace apps::fabtwin::serve {
namespace {

TEST(Descriptors, AreAsManyAsTheSystemAllows) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = 128 < before.rlim_max ? 128 : before.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  EXPECT_EQ(allow_descriptors(), before.rlim_max);
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  (void)::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace apps::fabtwin::serve
