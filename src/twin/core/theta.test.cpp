// If these failed, a calibration could leave the physical range, or set a parameter nobody meant.
#include "twin/core/theta.hpp"

#include <gtest/gtest.h>

#include "twin/core/error.hpp"

namespace twin::core {
namespace {

const std::vector<Parameter> Three = {{"mtbf.litho", "1", 1.0, 0.5, 2.0, "assumed"},
                                      {"mttr.litho", "1", 1.0, 0.5, 2.0, "assumed"},
                                      {"transport", "min", 7.5, 0.0, 60.0, "assumed"}};

std::string complaint(const std::vector<double>& theta) {
  try {
    check_theta(Three, theta);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Theta, NominalValuesAreInOrderAndAllowed) {
  EXPECT_EQ(nominal_theta(Three), (std::vector<double>{1.0, 1.0, 7.5}));
  EXPECT_EQ(complaint(nominal_theta(Three)), "");
}

// A NaN compares false with both bounds and must not slip through.
TEST(Theta, RefusesWhatIsOutside) {
  EXPECT_EQ(complaint({1.0, 1.0, -3.0}), "transport = -3 min (must be from 0 to 60)");
  EXPECT_EQ(complaint({1.0, 2.5, 1.0}), "mttr.litho = 2.5 1 (must be from 0.5 to 2)");
  EXPECT_NE(complaint({1.0, 1.0, std::numeric_limits<double>::quiet_NaN()}), "");
  EXPECT_EQ(complaint({1.0}), "theta has 1 values (the model has 3 parameters)");
}

TEST(Theta, FindsByNameAndSuggests) {
  EXPECT_EQ(index_of(Three, "transport"), 2U);
  try {
    static_cast<void>(index_of(Three, "transprot"));
    FAIL() << "an unknown name was found";
  } catch (const Error& e) {
    EXPECT_STREQ(
        e.what(),
        "unknown parameter 'transprot' (the model has 3 others) did you mean 'transport'?");
  }
}

}  // namespace
}  // namespace twin::core
