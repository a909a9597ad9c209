// If these failed, the error of a discretisation would be stated too small.
#include "twin/score/grid_convergence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "twin/contract/refusal.hpp"

namespace twin::score {
namespace {

using contract::refusal;

// The published example of supersonic inlet pressure recovery (NASA Glenn, "Examining spatial (grid)
// convergence"): p = 1.786170, 0.971300, GCI 0.103083 % and 0.356249 %.
TEST(GridConvergence, HasThePublishedDigits) {
  const auto c = grid_convergence({.fine = 0.97050, .medium = 0.96854, .coarse = 0.96178});
  ASSERT_EQ(c.kind, Convergence::Monotone);
  EXPECT_NEAR(c.extrapolation->order, 1.7861696, 5e-8);
  EXPECT_NEAR(c.extrapolation->order, std::log(676.0 / 196.0) / std::log(2.0), 1e-11);
  EXPECT_NEAR(c.extrapolation->value, 0.9713003, 5e-8);
  EXPECT_NEAR(c.extrapolation->gci_fine, 0.103083e-2, 5e-9);
  EXPECT_NEAR(c.extrapolation->gci_medium, 0.356249e-2, 5e-9);
  EXPECT_NEAR(c.extrapolation->asymptotic_ratio, 1.0020, 5e-5);
  EXPECT_NEAR(c.extrapolation->uncertainty, 0.97050 * 0.103083e-2, 5e-9);
}

// Values that have an order, 3 + 5 h^p, give it back, and 3: for equal and unequal refinements.
TEST(GridConvergence, FindsTheOrderThatIsThere) {
  for (const double p : {0.5, 1.0, 2.0, 4.7}) {
    for (const auto& [r21, r32] : {std::pair{2.0, 2.0}, {1.3, 2.2}, {3.0, 1.5}}) {
      const auto value = [&](double h) { return 3.0 + 5.0 * std::pow(h, p); };
      const auto c = grid_convergence({.fine = value(0.1),
                                       .medium = value(0.1 * r21),
                                       .coarse = value(0.1 * r21 * r32),
                                       .medium_to_fine = r21,
                                       .coarse_to_medium = r32});
      ASSERT_EQ(c.kind, Convergence::Monotone) << p << " " << r21;
      EXPECT_NEAR(c.extrapolation->order, p, 1e-8) << r21;
      EXPECT_NEAR(c.extrapolation->value, 3.0, 1e-9) << p << " " << r21;
    }
  }
}

// An order must not be read from what has none.
TEST(GridConvergence, SaysWhereThereIsNoOrder) {
  const auto kind = [](double fine, double medium, double coarse) {
    const auto c = grid_convergence({.fine = fine, .medium = medium, .coarse = coarse});
    EXPECT_EQ(c.extrapolation.has_value(), c.kind == Convergence::Monotone);
    return c.kind;
  };
  EXPECT_EQ(kind(1.0, 1.1, 0.9), Convergence::Oscillatory);
  EXPECT_EQ(kind(1.0, 2.0, 2.5), Convergence::Divergent);
  EXPECT_EQ(kind(1.0, 2.0, 3.0), Convergence::Divergent);
  EXPECT_EQ(kind(1.0, 1.0, 3.0), Convergence::Unresolved);
  EXPECT_EQ(kind(1.0, 2.0, 2.0), Convergence::Unresolved);
  EXPECT_EQ(kind(1.0, 2.0, 5.0), Convergence::Monotone);
}

// A share of nothing is not a number that one may trust.
TEST(GridConvergence, OfAValueOfZeroHasNoShare) {
  const auto c = grid_convergence({.fine = 0.0, .medium = 1.0, .coarse = 5.0});
  EXPECT_EQ(c.extrapolation->gci_fine, std::numeric_limits<double>::infinity());
  EXPECT_NEAR(c.extrapolation->uncertainty, 1.25 / 3.0, 1e-12);
}

// Grids in the wrong order, or a run that blew up.
TEST(GridConvergence, RefusesWhatIsNoRefinement) {
  EXPECT_EQ(refusal([] { grid_convergence({.fine = 1, .medium = 2, .medium_to_fine = 0.5}); }),
            "medium_to_fine = 0.5 (must be above 1); are the grids in the order fine, medium, "
            "coarse?");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal([&] { grid_convergence({.fine = 1, .medium = 2, .coarse = nan}); }),
            "coarse = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([] { grid_convergence({.fine = 1, .safety = 0.0}); }),
            "safety = 0 (must be positive)");
}

}  // namespace
}  // namespace twin::score
