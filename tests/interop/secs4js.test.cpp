// If these failed, we would speak HSMS and SECS-II with ourselves alone. The peer is secs4js 0.4.7
// (npm, MIT), which shares no line with us; tests/interop/secs4js/peer.mjs drives it.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <string>

#include "tests/interop/node.hpp"
#include "twin/link/hsms/sockets.hpp"
#include "twin/link/secs/codec.hpp"
#include "twin/link/secs/example.hpp"
#include "twin/link/secs/sml.hpp"

namespace tests::interop {
namespace {

using namespace twin::link;        // NOLINT(google-build-using-namespace)
using namespace twin::link::secs;  // NOLINT(google-build-using-namespace)
using What = hsms::Event::What;

twin::core::Tick real_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string hex(const std::optional<Item>& item) {
  if (!item) return "-";
  std::string text;
  for (const std::uint8_t byte : encoded(*item)) {
    text += "0123456789abcdef"[byte >> 4U];
    text += "0123456789abcdef"[byte & 0xFU];
  }
  return text;
}

// secs4js has no J and no localized strings, knows two values of a BOOLEAN byte and 7-bit ASCII, and
// JavaScript keeps no payload of a NaN: what it cannot hold is left out of what it shall echo.
bool it_can_hold(const Item& item) {
  for (const Item& part : item.items()) {
    if (!it_can_hold(part)) return false;
  }
  switch (item.kind()) {
    case Kind::Jis:
    case Kind::Localized:
    case Kind::F4:
    case Kind::F8: return false;
    case Kind::Boolean:
      return std::ranges::all_of(item.bytes(), [](std::uint8_t byte) { return byte < 2; });
    case Kind::Ascii:
      return std::ranges::all_of(item.bytes(), [](std::uint8_t byte) { return byte < 0x80; });
    default: return true;
  }
}

// What comes back: its TRUE is 0xFF, where ours is 1 (any byte but 0 is true).
std::optional<Item> from_it(const std::optional<Item>& item) {
  if (!item) return {};
  if (item->is_list()) {
    std::vector<Item> parts;
    for (const Item& part : item->items()) parts.push_back(*from_it(part));
    return Item(std::move(parts));
  }
  if (item->kind() != Kind::Boolean) return item;
  std::vector<std::uint8_t> bytes;
  for (const std::uint8_t byte : item->bytes()) bytes.push_back(byte != 0 ? 0xFF : 0);
  return Item(Kind::Boolean, bytes);
}

std::vector<std::optional<Item>> odd_items() {
  std::vector<std::optional<Item>> all = {
      std::nullopt,
      list(),
      ascii(""),
      u4(),
      binary(),
      boolean(),
      i1(-1, 127),
      i2(-2),
      i4(-3),
      i8(std::numeric_limits<std::int64_t>::min()),
      u8(std::numeric_limits<std::uint64_t>::max()),
      f4(1.5, -0.0),
      f8(-2.25, 452.5),
      f8(std::numeric_limits<double>::infinity(), std::numeric_limits<double>::denorm_min()),
      boolean(true, false),
      ascii(std::string(255, 'x')),
      ascii(std::string(256, 'x')),
      ascii(std::string(65'536, 'x')),
      list(list(list(list(u1(1)))), list()),
      *example_report(7, 20).body,
  };
  for (std::uint64_t occasion = 0; occasion < 400; ++occasion) {
    Item item = example_item(11, occasion);
    if (it_can_hold(item)) all.emplace_back(std::move(item));
  }
  return all;
}

// One of our sessions, the peer at the other end of a loopback line, and what both said.
class Secs4js : public testing::TestWithParam<hsms::Role> {
 protected:
  void SetUp() override {
    if (const std::string reason = install_packages("secs4js"); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
    // Ours is the host and opens the line, or the tool and waits for it.
    const bool active = GetParam() == hsms::Role::Active;
    hsms::Options options;
    options.role = GetParam();
    options.side = active ? hsms::Side::Host : hsms::Side::Equipment;
    options.pace = hsms::Pace::Together;
    options.timers.separation = 200;
    const std::uint16_t port = free_port();
    const auto start = [&] {
      node_ = std::make_unique<Node>(
          "secs4js", "peer.mjs",
          std::vector<std::string>{active ? "passive" : "active", active ? "equipment" : "host",
                                   std::to_string(port)});
    };
    if (active) {
      start();
      ASSERT_TRUE(until([&] { return said("listening"); }));
    }
    ours_ = sockets_.add(
        options, {.port = port},
        [&](hsms::Session& session, twin::core::Tick now) { return attend(session, now); });
    if (!active) start();
    ASSERT_TRUE(until([&] { return selected_ == 1 && said("selected"); }));
  }

  // Echoes what the peer asks, as the peer echoes what we ask.
  twin::core::Tick attend(hsms::Session& session, twin::core::Tick now) {
    while (auto event = session.next()) {
      selected_ += event->what == What::Selected ? 1 : 0;
      if (event->what == What::Lost) lost_ = event->why;
      if (event->what == What::Reply) replies_.push_back(event->message);
      if (event->what == What::Primary) {
        primaries_.push_back(event->message);
        if (event->message.wants_reply) {
          EXPECT_TRUE(session.reply(reply_to(event->message, event->message.body), now));
        }
      }
    }
    return twin::core::Never;
  }
  bool until(const std::function<bool()>& holds) {
    for (const auto end = real_now() + 20'000; real_now() < end;) {
      sockets_.turn(std::chrono::milliseconds(1));
      for (std::string& line : node_->heard(std::chrono::milliseconds(0))) {
        heard_.push_back(std::move(line));
      }
      if (holds()) return true;
    }
    return false;
  }
  [[nodiscard]] bool said(const std::string& line) const {
    return std::ranges::find(heard_, line) != heard_.end();
  }
  [[nodiscard]] std::vector<std::string> lines_with(const std::string& word) const {
    std::vector<std::string> found;
    for (const std::string& line : heard_) {
      if (line.starts_with(word + " ")) found.push_back(line);
    }
    return found;
  }
  hsms::Session& session() { return sockets_.session(ours_); }
  hsms::Sent send(Message message) {
    const auto sent = session().send(std::move(message), real_now());
    sockets_.wake(ours_);
    return sent;
  }

  hsms::Sockets sockets_{real_now};
  std::size_t ours_ = 0;
  std::unique_ptr<Node> node_;
  std::vector<std::string> heard_;
  std::vector<Message> replies_, primaries_;
  int selected_ = 0;
  hsms::Why lost_ = hsms::Why::None;
};

TEST_P(Secs4js, EchoesEveryItemThatWeSend) {
  const auto items = odd_items();
  ASSERT_GT(items.size(), 100U);
  // A question that a host may ask without a permit; any body will do.
  for (const auto& item : items) ASSERT_TRUE(send(primary(1, 3, Reply::Wanted, item)));
  ASSERT_TRUE(until([&] { return replies_.size() == items.size(); })) << replies_.size();
  for (std::size_t k = 0; k < items.size(); ++k)
    EXPECT_EQ(replies_[k].body, from_it(items[k])) << k;
  EXPECT_TRUE(until([&] { return lines_with("message").size() == items.size(); }));
}

TEST_P(Secs4js, IsAnsweredWithEveryItemThatItSends) {
  const auto items = odd_items();
  std::vector<std::string> expected;
  for (const auto& item : items) {
    node_->say("send 1 3 W " + hex(item));
    expected.push_back("reply 1 4 " + hex(from_it(item)));
  }
  ASSERT_TRUE(until([&] { return lines_with("reply").size() == items.size(); }));
  EXPECT_EQ(lines_with("reply"), expected);
  ASSERT_EQ(primaries_.size(), items.size());
  for (std::size_t k = 0; k < items.size(); ++k)
    EXPECT_EQ(primaries_[k].body, from_it(items[k])) << k;
}

TEST_P(Secs4js, ReadsOurSml) {
  std::vector<std::string> expected;
  for (const auto& item : odd_items()) {
    // Its SML knows neither bytes outside quotes nor the infinities.
    if (!item || sml(*item).find("inf") != std::string::npos || item->is_list()) continue;
    const auto text = item->as_text();
    if (text && (sml(*item).find("0x") != std::string::npos || text->empty())) continue;
    if (item->empty() || width_of(item->kind()) == 8) continue;  // a JavaScript number has 53 bits
    node_->say("sml " + sml(*item));
    expected.push_back("item " + hex(from_it(item)));
  }
  node_->say("sml " + sml(*example_report(7, 20).body));
  expected.push_back("item " + hex(example_report(7, 20).body));
  ASSERT_TRUE(until(
      [&] { return lines_with("item").size() + lines_with("failed").size() == expected.size(); }));
  const auto items = lines_with("item");
  ASSERT_EQ(items.size(), expected.size()) << lines_with("failed").at(0);
  for (std::size_t k = 0; k < items.size(); ++k) EXPECT_EQ(items[k], expected[k]) << k;
}

TEST_P(Secs4js, LinktestsAreAnsweredBothWays) {
  node_->say("linktest");
  ASSERT_TRUE(until([&] { return said("linktested"); }));
  EXPECT_EQ(session().counts().rejects_sent, 0U);
  EXPECT_EQ(session().state(), hsms::State::Selected);
}

TEST_P(Secs4js, SeparatesAndComesBack) {
  node_->say("separate");
  ASSERT_TRUE(until([&] { return selected_ == 2; }));
  EXPECT_TRUE(lost_ == hsms::Why::Separated || lost_ == hsms::Why::ClosedByPeer);
  session().close(real_now());
  sockets_.wake(ours_);
  ASSERT_TRUE(until([&] { return selected_ == 3; }));
  EXPECT_GE(std::ranges::count(heard_, std::string("disconnected")), 2);
}

TEST_P(Secs4js, AMessageWithoutReplyIsJustHeard) {
  ASSERT_TRUE(send(primary(1, 1, Reply::No)));
  node_->say("send 5 1 - 0103210184a5014d410161");
  ASSERT_TRUE(until([&] { return !primaries_.empty() && !lines_with("message").empty(); }));
  EXPECT_EQ(primaries_[0].body, list(binary(0x84), u1(77), ascii("a")));
  EXPECT_EQ(lines_with("message")[0], "message 1 1 - -");
}

INSTANTIATE_TEST_SUITE_P(BothRoles, Secs4js,
                         testing::Values(hsms::Role::Active, hsms::Role::Passive),
                         [](const auto& role) {
                           return role.param == hsms::Role::Active ? "WeAreTheHost"
                                                                   : "WeAreTheEquipment";
                         });

}  // namespace
}  // namespace tests::interop
