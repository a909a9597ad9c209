// If this failed, an adapter could not tell its source what became of a message.
#include "twin/link/sink.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace twin::link {
namespace {

TEST(Sink, AnswersTheOneWhoHandedOver) {
  const Sink sink = [](Arrival&& arrival, const Done& done) {
    done(arrival.seq == 7 ? Taken::Accepted : Taken::Refused);
  };
  Taken taken = Taken::Refused;
  sink(Arrival{.source = "mqtt/mes", .seq = 7}, [&](Taken t) { taken = t; });
  EXPECT_EQ(taken, Taken::Accepted);
}

}  // namespace
}  // namespace twin::link
