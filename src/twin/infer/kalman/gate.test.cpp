// If these failed, good observations would be thrown away, or gross errors let in.
#include "twin/infer/kalman/gate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "twin/infer/kalman/dense.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;

// Wrong: a false alarm of 1 in 1000 would be of another rate. Closed forms: 2 degrees e^-h, 4
// degrees e^-h (1 + h), 1 degree erfc(sqrt h), 3 degrees with its one more term; h = x / 2.
TEST(Gate, TailIsTheClosedForm) {
  for (const double x : {1e-8, 0.1, 0.9, 1.0, 2.5, 3.0, 7.0, 30.0, 200.0, 900.0}) {
    const double h = 0.5 * x;
    const auto near = [&](int degrees, double exact) {
      EXPECT_NEAR(chi_square_tail(x, degrees), exact, 1e-12 * exact) << x << " " << degrees;
    };
    near(1, std::erfc(std::sqrt(h)));
    near(2, std::exp(-h));
    near(3, std::erfc(std::sqrt(h)) + 2.0 * std::sqrt(h / std::acos(-1.0)) * std::exp(-h));
    near(4, std::exp(-h) * (1.0 + h));
  }
  EXPECT_EQ(chi_square_tail(0.0, 5), 1.0);
}

// Wrong: the gate would not be the one of the tables (NIST/SEMATECH e-Handbook, 1.3.6.7.4).
TEST(Gate, LimitsOfTheTables) {
  EXPECT_NEAR(Gate(0.05, 1).limit(1), 3.841, 5e-4);
  EXPECT_NEAR(Gate(0.01, 2).limit(2), 9.210, 5e-4);
  EXPECT_NEAR(Gate(0.001, 10).limit(10), 29.588, 5e-4);
  EXPECT_NEAR(Gate(0.025, 100).limit(100), 129.561, 5e-4);
  EXPECT_NEAR(Gate(0.99, 3).limit(3), 0.115, 5e-4);
}

TEST(Gate, OpenLetsEverythingIn) {  // Wrong: no gate asked for, and yet observations are lost.
  EXPECT_TRUE(Gate{}.lets_in(1e300, 1000));
  EXPECT_EQ(Gate{}.limit(3), std::numeric_limits<double>::infinity());
  const Gate gate(0.05, 1);
  EXPECT_TRUE(gate.lets_in(3.84, 1));
  EXPECT_FALSE(gate.lets_in(3.85, 1));
}

TEST(Gate, SaysWhatIsWrong) {  // Wrong: a gate of no meaning would work in silence.
  EXPECT_EQ(message_of([] { Gate(0.0, 1); }),
            "false alarm probability of the gate = 0 (must lie between 0 and 1)");
  EXPECT_EQ(message_of([] { Gate(1.5, 1); }),
            "false alarm probability of the gate = 1.5 (must lie between 0 and 1)");
  EXPECT_EQ(message_of([] { Gate(0.5, 0); }), "gate for 0 components (must be at least 1)");
  EXPECT_EQ(message_of([] { static_cast<void>(Gate(0.5, 2).limit(3)); }),
            "gate for 2 components met an observation of 3");
}

}  // namespace
}  // namespace twin::infer::kalman
