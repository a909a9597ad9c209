#include "twin/contract/allocations.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TWIN_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define TWIN_COUNTS_ALLOCATIONS 0
#else
#define TWIN_COUNTS_ALLOCATIONS 1
#endif
#else
#define TWIN_COUNTS_ALLOCATIONS 1
#endif

namespace twin::contract {
namespace {

// An instrument of tests, no part of any model: the one variable that operator new can reach.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
constinit thread_local std::uint64_t allocations_so_far = 0;

}  // namespace

bool allocations_are_counted() noexcept { return TWIN_COUNTS_ALLOCATIONS != 0; }
std::uint64_t allocations() noexcept { return allocations_so_far; }

// NOLINTBEGIN(cppcoreguidelines-no-malloc): operator new has its memory from nowhere else
#if TWIN_COUNTS_ALLOCATIONS
namespace {

void* counted(std::size_t bytes) {
  ++allocations_so_far;
  if (void* at = std::malloc(bytes == 0 ? 1 : bytes)) return at;
  throw std::bad_alloc();
}

void* counted(std::size_t bytes, std::align_val_t alignment) {
  ++allocations_so_far;
  const auto a = static_cast<std::size_t>(alignment);
  if (void* at = std::aligned_alloc(a, (bytes + a - 1) / a * a)) return at;
  throw std::bad_alloc();
}

}  // namespace
#endif

}  // namespace twin::contract

#if TWIN_COUNTS_ALLOCATIONS
// The array and nothrow forms of the standard library call these.
void* operator new(std::size_t bytes) { return twin::contract::counted(bytes); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return twin::contract::counted(bytes, alignment);
}
void operator delete(void* at) noexcept { std::free(at); }
void operator delete(void* at, std::size_t) noexcept { std::free(at); }
void operator delete(void* at, std::align_val_t) noexcept { std::free(at); }
void operator delete(void* at, std::size_t, std::align_val_t) noexcept { std::free(at); }
#endif
// NOLINTEND(cppcoreguidelines-no-malloc)
