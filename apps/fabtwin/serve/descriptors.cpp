#include "apps/fabtwin/serve/descriptors.hpp"

#include <sys/resource.h>

namespace apps::fabtwin::serve {

std::uint64_t allow_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

}  // namespace apps::fabtwin::serve
