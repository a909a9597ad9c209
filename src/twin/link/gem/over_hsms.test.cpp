// If these failed, a message would be sent twice or forgotten where the line takes no more.
#include "twin/link/gem/over_hsms.hpp"

#include <gtest/gtest.h>

namespace twin::link::gem {
namespace {

TEST(OverHsms, SaysWhatBecameOfAMessage) {
  hsms::Session session({.role = hsms::Role::Active, .side = hsms::Side::Host, .tool = "T"});
  const Outgoing reads{.message = secs::primary(1, 3, secs::Reply::Wanted, secs::list())};
  EXPECT_EQ(post(session, reads, 0).outcome, Posted::Lost);  // there is no line
  session.connected(0);
  std::vector<std::uint8_t> selected(session.outgoing().begin(), session.outgoing().end());
  ASSERT_EQ(selected.size(), 14U);
  selected[9] = 2;  // Select.rsp, status 0
  session.received(selected, 0);
  ASSERT_EQ(session.state(), hsms::State::Selected);
  EXPECT_EQ(post(session, reads, 0).outcome, Posted::Sent);
  const Outgoing changes{.message = secs::primary(2, 41, secs::Reply::Wanted, secs::list())};
  EXPECT_EQ(post(session, changes, 0).outcome, Posted::Lost);  // not without a permit
}

}  // namespace
}  // namespace twin::link::gem
