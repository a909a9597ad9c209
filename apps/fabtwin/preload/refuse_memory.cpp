// Loaded under a program (LD_PRELOAD) by tests: of all that it asks malloc for, by any thread or library, one request
// is refused, that of number FABTWIN_REFUSE (0 the first). At the end of the program the number of requests is written
// to the file FABTWIN_REQUESTS.
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* at, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
}

namespace {

std::atomic<long> requests = 0, refused = LONG_MAX;

bool refuse() { return requests.fetch_add(1) == refused.load(); }

void* no_memory() {
  errno = ENOMEM;
  return nullptr;
}

[[gnu::constructor]] void begin() {
  if (const char* number = std::getenv("FABTWIN_REFUSE")) refused = std::atol(number);
}

[[gnu::destructor]] void end() {
  const char* path = std::getenv("FABTWIN_REQUESTS");
  std::FILE* file = path != nullptr ? std::fopen(path, "w") : nullptr;
  if (file == nullptr) return;
  (void)std::fprintf(file, "%ld\n", requests.load());
  (void)std::fclose(file);
}

}  // namespace

extern "C" {
void* malloc(std::size_t bytes) { return refuse() ? no_memory() : __libc_malloc(bytes); }
void* calloc(std::size_t count, std::size_t bytes) {
  return refuse() ? no_memory() : __libc_calloc(count, bytes);
}
void* realloc(void* at, std::size_t bytes) {
  return refuse() ? no_memory() : __libc_realloc(at, bytes);
}
void* memalign(std::size_t alignment, std::size_t bytes) {
  return refuse() ? no_memory() : __libc_memalign(alignment, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) { return memalign(alignment, bytes); }
int posix_memalign(void** at, std::size_t alignment, std::size_t bytes) {
  if (refuse()) return ENOMEM;
  *at = __libc_memalign(alignment, bytes);
  return *at != nullptr ? 0 : ENOMEM;
}
}
