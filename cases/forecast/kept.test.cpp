// If this failed, a long run that was stopped would begin anew, or take another question's answer for its own.
#include "cases/forecast/kept.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "twins/fab/import/read.hpp"

namespace cases {
namespace {

TEST(KeptStudy, IsMadeOnceAndIsWhatWasMade) {
  const auto layout = twins::fab::compile(twins::fab::import::read("data/example-fab"));
  const auto folder =
      std::filesystem::path(testing::TempDir()) / ("studies-" + std::to_string(::getpid()));
  ForecastStudyOptions o;
  o.learn_days = 4.0, o.train_days = 1.0, o.held_days = 1.0, o.every_days = 1.0;
  o.short_every_days = 0.5;
  o.horizon_hours = 72, o.members = 4, o.nominal_members = 2;
  const ForecastStudy made = kept_study({}, layout, 1, o);  // no folder: nothing is kept
  EXPECT_FALSE(std::filesystem::exists(folder));
  // Four forecasts of a day ahead, two of which go on to the third.
  std::size_t moves_a_day = 0, later = 0;
  for (const auto& w : made.windows) {
    if (w.quantity == twins::fab::forecast::Quantity::Moves)
      ++(w.horizon == 0 ? moves_a_day : later);
  }
  EXPECT_EQ(moves_a_day, 4U);
  EXPECT_EQ(later, 2U);
  EXPECT_EQ(kept_study(folder, layout, 1, o), made);
  const auto file = kept_file(folder, 1, o);
  ASSERT_TRUE(std::filesystem::exists(file));
  EXPECT_EQ(kept_study(folder, layout, 1, o), made);
  o.threads = 3;  // does not change the answer, nor its name
  EXPECT_EQ(kept_file(folder, 1, o), file);
  o.members = 5;
  EXPECT_NE(kept_file(folder, 1, o), file);
  EXPECT_NE(kept_file(folder, 2, o), kept_file(folder, 1, o));
  o.members = 4;
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);  // cut short
  EXPECT_EQ(kept_study(folder, layout, 1, o), made);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace cases
