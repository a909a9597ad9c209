// If two quantities shared a name, they would be the same random number.
#include "twins/fab/occasions.hpp"

#include <gtest/gtest.h>

#include <set>

namespace twins::fab {
namespace {

// Wrong: a repair time would be a process time in disguise. Zero is left free, so that a forgotten
// name shows.
TEST(Occasions, NamesAreDistinct) {
  std::set<std::uint32_t> names;
  const What all[] = {What::LotVisit, What::FirstFailure, What::Failure,       What::Maintenance,
                      What::Release,  What::DueDate,      What::SetupUnderWay, What::CauseDown};
  for (const What w : all) names.insert(static_cast<std::uint32_t>(w));
  EXPECT_EQ(names.size(), std::size(all));
  EXPECT_FALSE(names.contains(0));
}

// Wrong: an event of one kind would be handled as another.
TEST(Occasions, EventKindsAreDistinct) {
  std::set<std::uint16_t> kinds;
  const Happens all[] = {Happens::Release,  Happens::Listed,   Happens::Arrive,  Happens::JobEnd,
                         Happens::Fail,     Happens::Repair,   Happens::PmDue,   Happens::PmDone,
                         Happens::SlotFree, Happens::Dispatch, Happens::PmAsked, Happens::TakenDown,
                         Happens::PutBack};
  for (const Happens h : all) kinds.insert(static_cast<std::uint16_t>(h));
  EXPECT_EQ(kinds.size(), std::size(all));
}

}  // namespace
}  // namespace twins::fab
