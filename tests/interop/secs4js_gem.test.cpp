// If these failed, our GEM would be understood by nobody but ourselves: host and equipment over a
// loopback line with secs4js 0.4.7 (npm, MIT), which carries GEM's messages and knows none of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "tests/interop/node.hpp"
#include "twin/link/gem/equipment_test.hpp"
#include "twin/link/gem/host.hpp"
#include "twin/link/gem/over_hsms.hpp"
#include "twin/link/hsms/sockets.hpp"
#include "twin/link/secs/codec.hpp"

namespace tests::interop {
namespace {

using namespace twin::link;       // NOLINT(google-build-using-namespace)
using namespace twin::link::gem;  // NOLINT(google-build-using-namespace)
using secs::ascii;
using secs::binary;
using secs::Item;
using secs::list;
using secs::u1;
using secs::u2;
using secs::u4;

Tick real_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string hex(const std::optional<Item>& item) {
  if (!item) return "-";
  std::string text;
  for (const std::uint8_t byte : secs::encoded(*item)) {
    text += "0123456789abcdef"[byte >> 4U];
    text += "0123456789abcdef"[byte & 0xFU];
  }
  return text;
}

Item one(Item item) { return Item(std::vector<Item>{std::move(item)}); }

class Secs4jsGem : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = install_packages("secs4js"); !reason.empty()) {
      GTEST_SKIP() << reason;
    }
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
  [[nodiscard]] std::size_t count(const std::string& word) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(heard_, [&](const auto& l) { return l.starts_with(word); }));
  }

  hsms::Sockets sockets_{real_now};
  std::unique_ptr<Node> node_;
  std::vector<std::string> heard_;
};

TEST_F(Secs4jsGem, OurEquipmentServesItAsHost) {
  const EquipmentModel model(tool::read_description(Etcher, "etcher.toml"));
  Equipment equipment(model, {.start = Start::HostOffline, .reports = Reports::Bare});
  hsms::Options options;
  options.role = hsms::Role::Passive;
  options.side = hsms::Side::Equipment;
  const std::uint16_t port = free_port();
  const std::size_t ours =
      sockets_.add(options, {.port = port}, [&](hsms::Session& session, Tick now) {
        exchange(equipment, session, now);
        while (auto asked = equipment.happened()) {
          if (asked->what == Happening::What::Command) {
            equipment.answer(asked->request, {.code = Hcack::Later});
          }
        }
        exchange(equipment, session, now);
        return equipment.deadline();
      });
  node_ = std::make_unique<Node>("secs4js", "peer.mjs",
                                 std::vector<std::string>{"active", "host", std::to_string(port)});
  ASSERT_TRUE(until([&] { return said("selected"); }));
  // It echoes our S1F13, whose body is then no COMMACK; its own establishes communication.
  const auto asks = [&](int stream, int function, const std::optional<Item>& body,
                        const std::optional<Item>& answer) {
    heard_.clear();
    node_->say("send " + std::to_string(stream) + " " + std::to_string(function) + " W " +
               hex(body));
    const std::string expected =
        "reply " + std::to_string(stream) + " " + std::to_string(function + 1) + " ";
    EXPECT_TRUE(until([&] { return count("reply ") + count("failed ") > 0; }));
    EXPECT_TRUE(said(expected + hex(answer)))
        << "S" << stream << "F" << function << ": " << (heard_.empty() ? "" : heard_.back());
  };
  const Item identity = list(ascii("E-9"), ascii("3.1"));
  asks(1, 13, list(), list(binary(0), identity));
  asks(1, 17, {}, binary(0));
  asks(1, 17, {}, binary(2));
  asks(1, 1, {}, identity);
  asks(1, 3, list(u1(4), u1(99)), list(secs::f8(0), list()));
  asks(1, 11, list(u1(4)), one(list(u1(4), ascii("Pressure"), ascii("Pa"))));
  asks(1, 21, list(u1(20)), one(list(u1(20), ascii("Lot"), ascii(""))));
  asks(2, 13, list(u1(100)), one(u2(10)));
  asks(2, 15, one(list(u1(100), u2(999))), binary(3));
  asks(2, 29, list(u1(100)),
       one(list(u1(100), ascii("EstablishTimeout"), u2(1), u2(240), u2(10), ascii("s"))));
  asks(2, 33, list(u4(0), one(list(u4(500), list(u1(20))))), binary(0));
  asks(2, 35, list(u4(0), one(list(u2(1000), list(u4(500))))), binary(0));
  asks(2, 37, list(secs::boolean(true), list(u2(1000))), binary(0));
  asks(2, 23, list(u4(1), ascii("000010"), u4(9), u4(1), list(u1(4))), binary(0));
  asks(2, 41, list(ascii("START"), list()), list(binary(4), list()));
  asks(2, 43, one(list(u1(6), list(u1(11)))), list(binary(0), list()));
  asks(5, 3, list(binary(0x80), u4(7)), binary(0));
  asks(5, 5, list(u4(8)), one(list(binary(1), u4(8), ascii("door"))));
  asks(5, 7, {}, one(list(binary(4), u4(7), ascii("chuck over temperature"))));
  asks(6, 23, u1(0), binary(2));
  asks(7, 3, list(ascii("ETCH"), binary(1, 2)), binary(0));
  asks(7, 5, ascii("ETCH"), list(ascii("ETCH"), binary(1, 2)));
  asks(7, 19, {}, one(ascii("ETCH")));
  asks(7, 17, list(ascii("ETCH")), binary(0));
  asks(10, 3, list(binary(0), ascii("hello")), binary(0));
  heard_.clear();
  equipment.set(6, ascii("LOT42"), real_now());
  ASSERT_TRUE(equipment.raise(0, real_now()));
  sockets_.wake(ours);
  EXPECT_TRUE(until([&] { return equipment.waiting() == 0; }));  // its echo acknowledges
  EXPECT_EQ(count("message 6 11 W "), 1U);
  asks(1, 15, {}, binary(0));
}

TEST_F(Secs4jsGem, OurHostStartsWithItAsEquipment) {
  // The peer answers every primary with its own body: no code of it is 0, most are no code at all.
  // Whatever it answers, the sequence ends, and its reports are taken.
  const EquipmentModel model(tool::read_description(Etcher, "etcher.toml"));
  Host host(model, {.tool = "T", .configuration = hsms::Configuration::BySiteFile});
  hsms::Options options;
  options.tool = "T";
  options.pace = hsms::Pace::Together;
  options.configuration = hsms::Configuration::BySiteFile;
  const std::uint16_t port = free_port();
  node_ = std::make_unique<Node>(
      "secs4js", "peer.mjs",
      std::vector<std::string>{"passive", "equipment", std::to_string(port)});
  ASSERT_TRUE(until([&] { return said("listening"); }));
  std::vector<secs::Message> reports;
  std::map<News::What, int> news;
  sockets_.add(options, {.port = port}, [&](hsms::Session& session, Tick now) {
    exchange(host, session, now);
    while (auto n = host.next()) {
      ++news[n->what];
      if (n->what != News::What::Report) continue;
      reports.push_back(n->message);
      host.taken(n->ticket, Taken::Accepted, now);
    }
    exchange(host, session, now);
    return host.deadline();
  });
  ASSERT_TRUE(until([&] { return said("selected"); }));
  node_->say("send 1 13 W " + hex(list(ascii("peer"), ascii("1"))));
  ASSERT_TRUE(until([&] { return said("reply 1 14 " + hex(list(binary(0), list()))); }));
  node_->say("send 1 1 W -");  // it goes on-line
  ASSERT_TRUE(until([&] { return count("reply 1 2 ") == 1; }));
  // S1F17 is echoed without a code: denied.
  EXPECT_TRUE(until([&] { return host.phase() == Phase::Offline; }));
  EXPECT_GE(news[News::What::Denied], 1);
  node_->say("send 6 11 W " + hex(list(u4(1), u2(1000), list())));
  node_->say("send 5 1 W " + hex(list(binary(0x84), u4(7), ascii("hot"))));
  EXPECT_TRUE(until(
      [&] { return said("reply 6 12 " + hex(binary(0))) && said("reply 5 2 " + hex(binary(0))); }));
  EXPECT_EQ(reports.size(), 2U);
  node_->say("send 99 1 W -");
  EXPECT_TRUE(until([&] { return count("reply 99 0 ") + count("failed ") > 0; }));  // SxF0
}

}  // namespace
}  // namespace tests::interop
