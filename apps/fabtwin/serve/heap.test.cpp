// If this failed, a twin would seem to grow for weeks: the pages between what it holds would be its
// own for ever.
#include "apps/fabtwin/serve/heap.hpp"

#include <gtest/gtest.h>
#include <malloc.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <memory>
#include <vector>

namespace apps::fabtwin::serve {
namespace {

std::size_t resident() {  // [bytes]
  std::size_t all = 0, pages = 0;
  std::ifstream("/proc/self/statm") >> all >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

bool another_allocator() { return ::mallinfo2().arena == 0; }  // a sanitizer's

TEST(Heap, GivesBackWhatIsFreeBetweenWhatIsHeld) {
  if (another_allocator()) GTEST_SKIP() << "not glibc's allocator";
  constexpr std::size_t Piece = 1'000, Pieces = 64'000, Kept = 640;  // 64 MB, of which 1 % stay
  std::vector<std::unique_ptr<std::byte[]>> pieces;
  pieces.reserve(Pieces);
  return_free_pages();
  const std::size_t before = resident();
  for (std::size_t k = 0; k < Pieces; ++k) {
    pieces.push_back(std::make_unique<std::byte[]>(Piece));  // zeroed: its pages are touched
  }
  const std::size_t full = resident();
  for (std::size_t k = 0; k < Pieces; ++k) {
    if (k % (Pieces / Kept) != 0) pieces[k].reset();
  }
  return_free_pages();
  // Of each piece that stays the page, and what the allocator keeps for itself.
  EXPECT_LT(resident(), before + (full - before) / 4);
}

TEST(Heap, GivesBackLargeBlocksAtOnce) {
  if (another_allocator()) GTEST_SKIP() << "not glibc's allocator";
  // What glibc would learn from: a block of 16 MiB comes and goes, then one is freed below another.
  return_large_blocks();
  constexpr std::size_t Large = std::size_t{16} << 20;
  std::make_unique<std::byte[]>(Large).reset();
  return_free_pages();
  auto below = std::make_unique<std::byte[]>(Large);
  const auto above = std::make_unique<std::byte[]>(100'000);
  const std::size_t full = resident();
  below.reset();
  EXPECT_LT(resident() + Large / 2, full);
}

}  // namespace
}  // namespace apps::fabtwin::serve
