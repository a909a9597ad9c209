// If this failed, a server without memory would go on with what it has understood in half.
#include "apps/fabtwin/out_of_memory.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <new>

#include "apps/fabtwin/exit.hpp"

namespace apps::fabtwin {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool Sanitized = true;  // its own allocator ends the program in its own words
#else
constexpr bool Sanitized = false;
#endif

TEST(OutOfMemoryDeathTest, EndsInASentence) {
  if (Sanitized) GTEST_SKIP() << "a sanitizer's allocator does not refuse";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const volatile std::size_t more_than_there_is = PTRDIFF_MAX;
  EXPECT_EXIT(
      {
        end_where_memory_does();
        try {
          ::operator delete(::operator new(more_than_there_is));
        } catch (const std::bad_alloc&) {  // whoever would go on
        }
      },
      ::testing::ExitedWithCode(static_cast<int>(Exit::Failed)),
      "fabtwin: no memory is left \\(the system gives none\\); what was acknowledged is in the "
      "record\n");
}

}  // namespace
}  // namespace apps::fabtwin
