// If this failed, a log of another fab would be read as one of this, tool by tool wrong.
#include "apps/fabtwin/log_names.hpp"

#include <gtest/gtest.h>

#include <string>

#include "apps/fabtwin/exit.hpp"
#include "twins/fab/event_names.hpp"
#include "twins/fab/semantics/tiny_fab.hpp"

namespace apps::fabtwin {
namespace {

TEST(LogNames, KnowTheDataSet) {
  twins::fab::semantics::TinyFab one, other;
  one.add_group("A");
  other.add_group("B");
  for (auto* fab : {&one, &other})
    fab->add_lot(fab->add_route({twins::fab::semantics::step_at(0, 1)}));
  const auto mine = twins::fab::compile(one.description);
  const auto theirs = twins::fab::compile(other.description);
  EXPECT_NO_THROW(expect_names_of(*mine, twins::fab::EventNames(*mine).names, "log"));
  try {
    expect_names_of(*mine, twins::fab::EventNames(*theirs).names, "log");
    FAIL() << "accepted";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit(), Exit::BadInput);
    EXPECT_EQ(std::string(failure.what()),
              "log: not a log of this data set (its tool 1 is 'B#1', the data set's is 'A#1')");
  }
}

}  // namespace
}  // namespace apps::fabtwin
