// If these failed, a tool would not understand our frames, nor we a tool's. The frames were captured
// on loopback between secsgem 0.3.0, secs4java8 and secs4js (reference page "equipment links").
#include "twin/link/hsms/frame.hpp"

#include <gtest/gtest.h>

#include <string>

#include "twin/link/secs/codec.hpp"

namespace twin::link::hsms {
namespace {

using namespace secs;  // NOLINT(google-build-using-namespace): items are built on every line
using Bytes = std::vector<std::uint8_t>;

Bytes hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t k = 0; k + 1 < text.size();) {
    if (text[k] == ' ') {
      ++k;
    } else if (text[k] == '"') {
      for (++k; text[k] != '"'; ++k) bytes.push_back(static_cast<std::uint8_t>(text[k]));
      ++k;
    } else {
      bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(k, 2), {}, 16)));
      k += 2;
    }
  }
  return bytes;
}

struct Captured {
  std::string frame;
  Message message;
};

// clang-format off
const std::vector<Captured>& captured() {
  static const std::vector<Captured> all = {
      {"00 00 00 0c 00 00 81 0d 00 00 b2 8d 53 65 01 00",
       {.stream = 1, .function = 13, .wants_reply = true, .system = 0xb28d5365, .body = list()}},
      {R"(00 00 00 1c 00 00 81 0d 00 00 08 be 25 09 01 02 41 07 "secsgem" 41 05 "0.3.0")",
       {.stream = 1, .function = 13, .wants_reply = true, .system = 0x08be2509,
        .body = list(ascii("secsgem"), ascii("0.3.0"))}},
      {R"(00 00 00 21 00 00 01 0e 00 00 b2 8d 53 65 01 02 21 01 00 01 02 41 07 "secsgem" 41 05 "0.3.0")",
       {.stream = 1, .function = 14, .system = 0xb28d5365,
        .body = list(binary(0), list(ascii("secsgem"), ascii("0.3.0")))}},
      {"00 00 00 20 00 00 82 21 00 00 fb cc 56 6f 01 02 a5 01 00 01 01 01 02 a5 01 64 01 02 a9 02 07 d1 a9 02 0b b9",
       {.stream = 2, .function = 33, .wants_reply = true, .system = 0xfbcc566f,
        .body = list(u1(0), list(list(u1(100), list(u2(2001), u2(3001)))))}},
      {"00 00 00 1c 00 00 82 23 00 00 fb cc 56 70 01 02 a5 01 00 01 01 01 02 a9 02 13 89 01 01 a5 01 64",
       {.stream = 2, .function = 35, .wants_reply = true, .system = 0xfbcc5670,
        .body = list(u1(0), list(list(u2(5001), list(u1(100)))))}},
      {"00 00 00 15 00 00 82 25 00 00 fb cc 56 71 01 02 25 01 01 01 01 a9 02 13 89",
       {.stream = 2, .function = 37, .wants_reply = true, .system = 0xfbcc5671,
        .body = list(boolean(true), list(u2(5001)))}},
      {R"(00 00 00 24 00 00 82 29 00 00 fb cc 56 72 01 02 41 04 "HOLD" 01 01 01 02 41 05 "LOTID" 41 05 "LOT42")",
       {.stream = 2, .function = 41, .wants_reply = true, .system = 0xfbcc5672,
        .body = list(ascii("HOLD"), list(list(ascii("LOTID"), ascii("LOT42"))))}},
      {"00 00 00 11 00 00 02 2a 00 00 fb cc 56 72 01 02 21 01 04 01 00",
       {.stream = 2, .function = 42, .system = 0xfbcc5672, .body = list(binary(4), list())}},
      {R"(00 00 00 2d 00 00 86 0b 00 00 0e a5 ab ac 01 03 a5 01 01 a9 02 13 89 01 01 01 02 a5 01 64 01 02)"
       R"( 41 05 "LOT42" 81 08 40 7c 48 00 00 00 00 00)",
       {.stream = 6, .function = 11, .wants_reply = true, .system = 0x0ea5abac,
        .body = list(u1(1), u2(5001), list(list(u1(100), list(ascii("LOT42"), f8(452.5)))))}},
      {"00 00 00 0d 00 00 06 0c 00 00 0e a5 ab ac 21 01 00",
       {.stream = 6, .function = 12, .system = 0x0ea5abac, .body = binary(0)}},
      {R"(00 00 00 2a 00 00 05 01 00 00 0e a5 ab af 01 03 21 01 84 a5 01 4d 41 16 "chuck over temperature")",
       {.stream = 5, .function = 1, .system = 0x0ea5abaf,
        .body = list(binary(0x84), u1(77), ascii("chuck over temperature"))}},
      {"00 00 00 16 00 00 09 05 00 00 fb cc 56 75 21 0a 00 00 87 13 00 00 fb cc 56 75",
       {.stream = 9, .function = 5, .system = 0xfbcc5675,
        .body = binary(0, 0, 0x87, 0x13, 0, 0, 0xfb, 0xcc, 0x56, 0x75)}},
  };
  return all;
}
// clang-format on

TEST(Frame, CapturedDataMessagesAreOursByteForByte) {
  for (const Captured& c : captured()) {
    const Bytes bytes = hex(c.frame);
    Bytes ours;
    append_frame(c.message, ours);
    EXPECT_EQ(ours, bytes) << c.frame;
    ASSERT_EQ(length_from(bytes), bytes.size() - LengthBytes) << c.frame;
    const auto header = header_from(std::span(bytes).subspan(LengthBytes));
    Message message = message_from(header);
    message.body = std::get<Item>(decode(std::span(bytes).subspan(LengthBytes + HeaderBytes)));
    EXPECT_EQ(message, c.message) << c.frame;
  }
}

TEST(Frame, CapturedControlMessagesAreOursByteForByte) {
  const auto frame = [](const Header& header) {
    Bytes bytes;
    append_frame(header, bytes);
    return bytes;
  };
  EXPECT_EQ(frame(control(Type::SelectReq, 0xb28d5364)),
            hex("00 00 00 0a ff ff 00 00 00 01 b2 8d 53 64"));
  EXPECT_EQ(frame(control(Type::SelectRsp, 0xb28d5364)),
            hex("00 00 00 0a ff ff 00 00 00 02 b2 8d 53 64"));
  EXPECT_EQ(frame(control(Type::SeparateReq, 0xfbcc5679)),
            hex("00 00 00 0a ff ff 00 00 00 09 fb cc 56 79"));
}

TEST(Frame, HeadersComeBackAsTheyWent) {
  const Header header{.session = 0x1234,
                      .byte2 = 0x81,
                      .byte3 = 0xFE,
                      .ptype = 3,
                      .stype = 11,
                      .system = 0xDEADBEEF};
  EXPECT_EQ(header_from(bytes_of(header)), header);
}

}  // namespace
}  // namespace twin::link::hsms
