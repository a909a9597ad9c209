// If these failed, the tests of host and equipment would run over a line that no network resembles.
#include "twin/link/gem/simulated_line.hpp"

#include <gtest/gtest.h>

namespace twin::link::gem {
namespace {

TEST(SimulatedLine, IsLateAndCanBeCut) {
  const EquipmentModel model(tool::read_description("[class]\nname = \"t\"\n", "t.toml"));
  Equipment equipment(model, {});
  Host host(model, {});
  SimulatedLine line(host, equipment, {.latency = 100});
  line.run(150);
  EXPECT_EQ(host.phase(), Phase::NoLine);  // Select and its answer take 200 ms
  line.run(5'000);
  EXPECT_EQ(host.phase(), Phase::Running);
  line.cut();
  EXPECT_EQ(host.phase(), Phase::NoLine);
  EXPECT_EQ(equipment.communication(), Communication::NoLine);
  line.run(15'000);
  EXPECT_EQ(host.phase(), Phase::Running);
}

}  // namespace
}  // namespace twin::link::gem
