// If these failed, a checkpoint would not bring back the twin that was saved.
#include "twin/core/archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "twin/core/sealed.hpp"

namespace twin::core {
namespace {

enum class Stage : std::uint8_t { Queued, Running };

struct Event {  // one block
  std::int64_t at = 0;
  std::uint32_t who = 0;
  std::uint16_t kind = 0;
  bool up = false, down = false;
  bool operator==(const Event&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("at", self.at);
    archive("who", self.who);
    archive("kind", self.kind);
    archive("up", self.up);
    archive("down", self.down);
  }
};

struct Lot {  // with padding and optional parts
  std::int64_t release = 0;
  bool hold = false;
  Stage stage = Stage::Queued;
  std::optional<double> due = {};
  std::variant<std::monostate, Event, std::string> last = Event{};
  bool operator==(const Lot&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("release", self.release);
    archive("hold", self.hold);
    archive("stage", self.stage);
    archive("due", self.due);
    archive("last", self.last);
  }
};

struct Fab {
  std::vector<Event> events;
  std::vector<Lot> lots;
  std::array<double, 3> totals{};
  std::string name;
  std::vector<double> waits;
  std::pair<std::int32_t, std::tuple<bool, float>> odd;
  std::vector<std::vector<std::uint16_t>> queues;
  bool operator==(const Fab&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("events", self.events);
    archive("lots", self.lots);
    archive("totals", self.totals);
    archive("name", self.name);
    archive("waits", self.waits);
    archive("odd", self.odd);
    archive("queues", self.queues);
  }
};

}  // namespace

// A type of somebody else's, listed from outside.
template <>
struct Fields<std::monostate> {
  template <class A>
  static void fields(A&, auto&) {}
};

namespace {

Fab example() {
  Fab fab;
  for (int i = 0; i < 5; ++i) {
    const auto n = static_cast<std::uint16_t>(i);
    fab.events.push_back({.at = i - 2, .who = 7U * n, .kind = n, .up = i % 2 == 0, .down = i == 3});
    Lot lot{.release = -i, .hold = i == 1, .stage = Stage::Running};
    if (i > 2) lot.due = 0.1 * i;
    if (i == 1) lot.last = std::monostate{};
    if (i == 4) lot.last = "on its way";
    fab.lots.push_back(lot);
  }
  fab.totals = {1.0, -0.0, std::numeric_limits<double>::infinity()};
  fab.name = std::string("HVLM\0x", 6);
  fab.waits = {1e-310, 2.0};
  fab.odd = {-4, {true, 0.5F}};
  fab.queues = {{}, {1, 2, 3}, {4}};
  return fab;
}

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int v : values) bytes.push_back(static_cast<std::byte>(v));
  return bytes;
}

template <class T>
std::string refusal(std::span<const std::byte> bytes) {
  try {
    static_cast<void>(load<T>(bytes));
  } catch (const Error& e) {
    return e.what();
  }
  return "read without complaint";
}

// A field that is not saved, or is read in another order.
TEST(Archive, BringsBackWhatWasSaved) {
  const Fab fab = example();
  const Fab back = load<Fab>(save(fab));
  EXPECT_EQ(back, fab);
  EXPECT_EQ(diff(back, fab), "");
  EXPECT_EQ(fingerprint(back), fingerprint(fab));
  EXPECT_EQ(load<Fab>(save(Fab{})), Fab{});
}

// Bytes in another order: checkpoints would not travel between machines.
TEST(Archive, WritesTheDocumentedBytes) {
  EXPECT_EQ(encode(std::uint32_t{0x04030201}), bytes_of({1, 2, 3, 4}));
  EXPECT_EQ(encode(std::vector<std::uint16_t>{0x0201}), bytes_of({1, 0, 0, 0, 0, 0, 0, 0, 1, 2}));
  EXPECT_EQ(encode(std::optional<bool>{true}), bytes_of({1, 1}));
  EXPECT_EQ(encode(Event{.at = 1, .who = 2, .kind = 3, .up = true}),
            bytes_of({1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 0}));
  EXPECT_EQ(encode(std::vector<Event>(3)).size(), 8U + 3U * 16U);  // a block, and the same bytes
  const auto events = example().events;
  const auto block = encode(events);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto one = encode(events[i]);
    EXPECT_TRUE(std::equal(one.begin(), one.end(), block.begin() + 8 + static_cast<long>(16 * i)));
  }
}

// A fingerprint that says equal of states that differ, or depends on padding or capacity.
TEST(Archive, FingerprintSeesEveryFieldAndNothingElse) {
  const Fab fab = example();
  const auto bytes = encode(fab);
  EXPECT_EQ(fingerprint(fab), hash64(bytes.data(), bytes.size()));
  Fab other = fab;
  other.waits.reserve(1000);
  EXPECT_EQ(fingerprint(other), fingerprint(fab));
  other.lots[3].hold = true;
  EXPECT_NE(fingerprint(other), fingerprint(fab));
  other = fab;
  other.totals[1] = 0.0;  // was -0.0: equal, but not the same bits
  EXPECT_EQ(other, fab);
  EXPECT_NE(fingerprint(other), fingerprint(fab));
}

// A cut file read as if it were whole.
TEST(Archive, RefusesEveryTruncation) {
  const auto whole = save(example());
  for (std::size_t n = 0; n < whole.size(); ++n) {
    EXPECT_THAT(refusal<Fab>(std::span(whole).first(n)), testing::HasSubstr("truncated")) << n;
  }
}

// A flipped bit that goes unseen.
TEST(Archive, RefusesEveryFlippedBit) {
  auto bytes = save(example());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] ^= std::byte{0x10};
    EXPECT_THROW(load<Fab>(bytes), Error) << i;
    bytes[i] ^= std::byte{0x10};
  }
}

// A user who is told only "bad file".
TEST(Archive, SaysWhatIsWrong) {
  const auto whole = save(example());
  auto bytes = whole;
  bytes[0] = std::byte{'F'};
  EXPECT_THAT(refusal<Fab>(bytes), testing::HasSubstr("no file of fabtwin"));
  bytes = whole;
  bytes[8] = std::byte{9};
  EXPECT_THAT(refusal<Fab>(bytes), testing::HasSubstr("format version 9"));
  bytes = whole;
  bytes.push_back(std::byte{0});
  EXPECT_THAT(refusal<Fab>(bytes), testing::HasSubstr("1 bytes too many"));
  bytes = whole;
  bytes[bytes.size() - 1] ^= std::byte{1};
  EXPECT_THAT(refusal<Fab>(bytes), testing::HasSubstr("check sum"));
  EXPECT_THAT(refusal<Lot>(whole), testing::HasSubstr("fields are others"));
}

// A damaged length that makes us allocate the machine's memory, even with a right check sum.
TEST(Archive, NeverAllocatesMoreThanTheBytesAllow) {
  const auto layout = layout_of<std::vector<Lot>>();
  auto body = encode(std::uint64_t{1} << 60);
  body.resize(body.size() + 100);
  EXPECT_THAT(refusal<std::vector<Lot>>(sealed(body, layout)),
              testing::HasSubstr("length 1152921504606846976, but 100 bytes are left"));
  body = encode(std::uint64_t{100} / min_bytes<Lot>() + 1);
  body.resize(body.size() + 100);
  EXPECT_THAT(refusal<std::vector<Lot>>(sealed(body, layout)), testing::HasSubstr("length"));
  EXPECT_THAT(refusal<std::string>(sealed(encode(~std::uint64_t{0}), layout_of<std::string>())),
              testing::HasSubstr("length"));
}

// A bool of 7 or a variant's alternative 9: undefined behaviour much later.
TEST(Archive, RefusesValuesThatAreNone) {
  EXPECT_THAT(refusal<bool>(sealed(bytes_of({7}), layout_of<bool>())),
              testing::HasSubstr("a bool that is 7"));
  auto body = encode(std::vector<Event>(2));
  body[8 + 16 + 15] = std::byte{2};
  EXPECT_THAT(refusal<std::vector<Event>>(sealed(body, layout_of<std::vector<Event>>())),
              testing::HasSubstr("a bool that is 2"));
  using Either = std::variant<std::uint8_t, float>;
  EXPECT_THAT(refusal<Either>(sealed(bytes_of({2, 0, 0, 0, 0}), layout_of<Either>())),
              testing::HasSubstr("alternative 2 of 2"));
  EXPECT_THAT(refusal<bool>(sealed(bytes_of({1, 1}), layout_of<bool>())),
              testing::HasSubstr("1 bytes too many"));
}

struct Sorted {
  std::vector<int> x;
  bool operator==(const Sorted&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("x", self.x);
  }
  void loaded() const {
    if (!std::is_sorted(x.begin(), x.end())) throw Error("x is not sorted");
  }
};

// A type whose own rules are not asked when it is read.
TEST(Archive, AsksATypeAboutWhatWasRead) {
  const Sorted sound{{1, 2}};
  EXPECT_EQ(load<Sorted>(save(sound)), sound);
  EXPECT_THAT(refusal<Sorted>(save(Sorted{{2, 1}})), testing::HasSubstr("not sorted"));
}

}  // namespace
}  // namespace twin::core
