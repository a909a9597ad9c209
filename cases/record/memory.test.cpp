// If this failed, a moment without memory would cost an acknowledged event, or leave a journal that
// cannot be opened (reliability.md, C4 test 18). Every allocation of a run is refused once.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "twin/record/example.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/simulated_disk.hpp"

namespace {

// Allocations until one is refused; negative: none is.
thread_local long allocations_left = -1;

void* allocate(std::size_t bytes) {
  if (allocations_left >= 0 && allocations_left-- == 0) throw std::bad_alloc();
  void* const at = std::malloc(bytes == 0 ? 1 : bytes);
  if (at == nullptr) throw std::bad_alloc();
  return at;
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes); }
void* operator new[](std::size_t bytes) { return allocate(bytes); }
void operator delete(void* at) noexcept { std::free(at); }
void operator delete[](void* at) noexcept { std::free(at); }
void operator delete(void* at, std::size_t) noexcept { std::free(at); }
void operator delete[](void* at, std::size_t) noexcept { std::free(at); }

namespace cases::record {
namespace {

using namespace twin::record;

TEST(RecordMemory, EveryAllocationMayFail) {
  const auto all = ExampleEntries(6).take(60);
  long n = 0;
  std::uint64_t refused_appends = 0, broken_commits = 0;
  for (bool refused = true; refused; ++n) {
    SimulatedDisk disk(1);
    std::vector<twin::core::Entry> sent;
    sent.reserve(2 * all.size());
    std::uint64_t acknowledged = 0;
    std::unique_ptr<Journal> journal;
    allocations_left = n;
    try {
      journal = Journal::create(disk, "j", example_origin(), {.segment_bytes = 1500});
      for (const auto& entry : all) {
        bool appended = false;
        try {
          appended = journal->append(entry).outcome == Receipt::Outcome::Appended;
        } catch (const std::bad_alloc&) {
          ++refused_appends;  // the journal goes on as if it had not been asked
          appended = journal->append(entry).outcome == Receipt::Outcome::Appended;
        }
        const long left = std::exchange(allocations_left, -1);
        if (appended) sent.push_back(entry);
        allocations_left = left;
        if (sent.size() % 4 == 0 && journal->commit() == Committed::Broken) {
          ++broken_commits;
          break;
        }
        acknowledged = journal->durable();
      }
    } catch (const std::bad_alloc&) {
    }
    refused = allocations_left < 0;
    allocations_left = -1;
    journal.reset();
    try {
      journal = Journal::open(disk, "j");
    } catch (const twin::core::Error&) {
      ASSERT_EQ(acknowledged, 0U) << n;  // not even made
      continue;
    }
    const auto record = read_record(disk, "j");
    ASSERT_GE(record.size(), acknowledged) << n;
    ASSERT_LE(record.size(), sent.size()) << n;
    ASSERT_TRUE(std::equal(record.entries().begin(), record.entries().end(), sent.begin())) << n;
  }
  EXPECT_GT(n, 200);
  EXPECT_GT(refused_appends, 20U);
  EXPECT_GT(broken_commits, 20U);
}

}  // namespace
}  // namespace cases::record
