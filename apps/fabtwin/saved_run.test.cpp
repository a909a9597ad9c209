#include "apps/fabtwin/saved_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

twins::fab::Description a_fab() {
  twins::fab::Description fab;
  fab.name = "a";
  fab.tool_groups.resize(1);
  fab.tool_groups[0].name = "Etch";
  fab.routes.resize(1);
  fab.routes[0].steps.resize(2);
  return fab;
}

RunHead a_head() {
  return {.description = 1,
          .options = 2,
          .theta = {1.0, 1.0},
          .days = 100.0,
          .warmup_days = 10.0,
          .first_replication = 0,
          .seed = 7,
          .rule = "cr"};
}

std::string refusal_saved_run(const RunHead& had, const RunHead& wanted) {
  SavedRun saved;
  saved.head = had;
  saved.replications.resize(1);
  saved.replications[0].replication.state.now =
      static_cast<twins::fab::Tick>(had.days * twins::fab::DayMs);
  try {
    expect_same_run(saved, wanted, "run.ftr");
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return {};
}

// A run would go on in another fab than it began in, or not go on because its folder was moved.
TEST(SavedRun, KnowsItsDataSet) {
  const auto fab = a_fab();
  auto other = fab;
  other.name = "b";
  other.warnings = {"odd"};
  EXPECT_EQ(fingerprint_of(fab), fingerprint_of(other));
  other.routes[0].steps[1].sampling = 0.5;
  EXPECT_NE(fingerprint_of(fab), fingerprint_of(other));
  other = fab;
  other.tool_groups[0].tools = 2;
  EXPECT_NE(fingerprint_of(fab), fingerprint_of(other));
  twins::fab::LayoutOptions plain, changed;
  changed.maintenance = false;
  EXPECT_NE(fingerprint_of(plain), fingerprint_of(changed));
}

// Two halves of different runs would be told as one.
TEST(SavedRun, RefusesToGoOnDifferently) {
  const RunHead had = a_head();
  EXPECT_EQ(refusal_saved_run(had, had), "");
  RunHead wanted = had;
  wanted.seed = 8;
  wanted.rule = "fifo";
  EXPECT_EQ(refusal_saved_run(had, wanted),
            "run.ftr: saved with seed 7, now 8; rule cr, now fifo (a saved run goes on only as it "
            "began)");
  wanted = had;
  wanted.description = 5;
  EXPECT_THAT(refusal_saved_run(had, wanted), HasSubstr("another data set"));
  wanted = had;
  wanted.options = 5;
  EXPECT_THAT(refusal_saved_run(had, wanted), HasSubstr("other options of the model"));
  wanted = had;
  wanted.theta[1] = 1.5;
  EXPECT_THAT(refusal_saved_run(had, wanted), HasSubstr("--set"));
  wanted = had;
  wanted.warmup_days = 0.0;
  EXPECT_THAT(refusal_saved_run(had, wanted), HasSubstr("warm-up 10, now 0"));
}

// A run would be asked to go backwards, or the figures of a day would be counted in two parts.
TEST(SavedRun, GoesOnOnlyFurther) {
  RunHead had = a_head(), wanted = had;
  wanted.days = 200.0;
  EXPECT_EQ(refusal_saved_run(had, wanted), "");
  wanted.days = 99.0;
  EXPECT_THAT(refusal_saved_run(had, wanted), HasSubstr("at day 100 already"));
  had.days = 100.5;
  wanted.days = 200.0;
  EXPECT_THAT(refusal_saved_run(had, wanted), HasSubstr("from the end of a day"));
}

// What is saved would not be what comes back.
TEST(SavedRun, ComesBackEqual) {
  SavedRun saved;
  saved.head = a_head();
  saved.replications.resize(2);
  saved.replications[1].replication.member = 1;
  saved.replications[1].replication.state.wip = 3;
  saved.replications[1].replication.days.resize(4);
  EXPECT_EQ(twin::core::load<SavedRun>(twin::core::save(saved)), saved);
}

}  // namespace
}  // namespace apps::fabtwin
