// If these failed, a live twin would lose members or observations without anybody knowing.
#include "twin/infer/particle/report.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace twin::infer::particle {
namespace {

constexpr double ReportInfinity = std::numeric_limits<double>::infinity();

// Weights would be taken from what is no likelihood.
TEST(ParticleReport, AMemberWithoutALikelihoodIsLost) {
  std::vector<double> weight = {0.0, 0.0, 0.0, 0.0};
  const Report r = accept(weight, {std::nan(""), ReportInfinity, std::log(0.5), -ReportInfinity},
                          OnCollapse::KeepForecast);
  EXPECT_EQ(r.fate, Fate::Used);
  EXPECT_EQ(r.lost, 2U);
  EXPECT_EQ(weight, (std::vector<double>{-ReportInfinity, -ReportInfinity, std::log(0.5),
                                         -ReportInfinity}));
  EXPECT_NEAR(r.log_evidence, std::log(0.5 / 4.0), 1e-14);
  EXPECT_EQ(r.ess, 1.0);
}

TEST(ParticleReport, CountsAddUp) {
  Counts counts;
  counts.add({.fate = Fate::Used, .lost = 2, .resampled = true, .copies = 5});
  counts.add({.fate = Fate::Missing});
  EXPECT_EQ(counts.used, 1U);
  EXPECT_EQ(counts.missing, 1U);
  EXPECT_EQ(counts.lost, 2U);
  EXPECT_EQ(counts.resampled, 1U);
  EXPECT_EQ(counts.copies, 5U);
  EXPECT_EQ(counts.last, Report{.fate = Fate::Missing});
}

}  // namespace
}  // namespace twin::infer::particle
