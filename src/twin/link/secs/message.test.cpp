// If these failed, a reply would go to another transaction, or be taken for a question.
#include "twin/link/secs/message.hpp"

#include <gtest/gtest.h>

namespace twin::link::secs {
namespace {

TEST(Message, AReplyKeepsTheTransactionOfItsPrimary) {
  Message asked = primary(6, 11, Reply::Wanted, list(u4(0)));
  asked.device = 7;
  asked.system = 0x0ea5abac;
  const Message reply = reply_to(asked, binary(0));
  EXPECT_EQ(
      reply,
      (Message{.stream = 6, .function = 12, .device = 7, .system = 0x0ea5abac, .body = binary(0)}));
  EXPECT_FALSE(reply.is_primary());
  const Message aborted = abort_of(asked);
  EXPECT_TRUE(aborted.is(6, 0));
  EXPECT_EQ(aborted.system, asked.system);
  EXPECT_EQ(aborted.body, std::nullopt);
}

TEST(Message, IsNamedAsTheFieldNamesIt) {
  EXPECT_EQ(name_of(primary(6, 11, Reply::Wanted)), "S6F11 W");
  EXPECT_EQ(name_of(primary(5, 1, Reply::No)), "S5F1");
  EXPECT_EQ(primary(1, 1, Reply::No).at(0), nullptr);
  EXPECT_EQ(primary(1, 3, Reply::No, list(u4(9))).at(0)->as_u64(), 9U);
}

TEST(MessageDeathTest, OurOwnMistakesStop) {
  EXPECT_DEATH(static_cast<void>(primary(6, 12, Reply::No)), "expected");
  EXPECT_DEATH(static_cast<void>(reply_to(Message{.stream = 1, .function = 2})), "expected");
}

}  // namespace
}  // namespace twin::link::secs
