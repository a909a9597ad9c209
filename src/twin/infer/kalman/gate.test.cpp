// If these failed, good observations would be thrown away, or gross errors let in.
#include "twin/infer/kalman/gate.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "twin/infer/kalman/dense.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;

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
