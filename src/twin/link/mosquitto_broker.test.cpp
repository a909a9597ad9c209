// If this failed, tests would take a broker that is not there for one that lost their messages.
#include "twin/link/mosquitto_broker.hpp"

#include <gtest/gtest.h>

namespace twin::link {
namespace {

TEST(MosquittoBroker, AnswersUntilItIsKilled) {
  if (!MosquittoBroker::present()) GTEST_SKIP() << "mosquitto is not installed";
  MosquittoBroker broker;
  EXPECT_TRUE(answers(broker.port()));
  broker.stop(SIGKILL);
  EXPECT_FALSE(answers(broker.port()));
  broker.start();
  EXPECT_TRUE(answers(broker.port()));
}

}  // namespace
}  // namespace twin::link
