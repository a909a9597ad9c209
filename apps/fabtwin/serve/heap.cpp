#include "apps/fabtwin/serve/heap.hpp"

#include <cstdlib>  // says whose library this is

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace apps::fabtwin::serve {

void return_large_blocks() {
#ifdef __GLIBC__
  (void)::mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

void return_free_pages() {
#ifdef __GLIBC__
  (void)::malloc_trim(0);
#endif
}

}  // namespace apps::fabtwin::serve
