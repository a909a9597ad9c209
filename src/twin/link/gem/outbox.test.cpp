// If these failed, messages would overtake one another on the way to the line, or be lost before it.
#include "twin/link/gem/outbox.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace twin::link::gem {
namespace {

TEST(Outbox, SendsInOrderAndWaitsWhereTheLineIsFull) {
  Outbox box;
  for (int f : {1, 3, 5}) {
    box.put({.message = secs::primary(1, f, secs::Reply::Wanted),
             .ticket = static_cast<std::uint32_t>(f)});
  }
  box.put({.message = secs::primary(1, 7, secs::Reply::No)});  // awaits nothing
  std::vector<int> sent;
  std::vector<std::uint32_t> tickets;
  int room = 2;
  const auto send = [&](const Outgoing& out) -> Post {
    if (room-- <= 0) return {.outcome = Posted::Wait};
    sent.push_back(out.message.function);
    return {.outcome = Posted::Sent, .system = 100U + out.message.function};
  };
  const auto done = [&](std::uint32_t ticket, Post post) {
    EXPECT_EQ(post.system, 100U + ticket);
    tickets.push_back(ticket);
  };
  box.flush(send, done);
  EXPECT_EQ(sent, (std::vector<int>{1, 3}));
  EXPECT_EQ(box.size(), 2U);
  room = 9;
  box.flush(send, done);
  EXPECT_EQ(sent, (std::vector<int>{1, 3, 5, 7}));
  EXPECT_EQ(tickets, (std::vector<std::uint32_t>{1, 3, 5}));
  EXPECT_TRUE(box.empty());
}

}  // namespace
}  // namespace twin::link::gem
