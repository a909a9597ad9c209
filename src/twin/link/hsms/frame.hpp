// HSMS frames (SEMI E37): four length bytes, a header of ten, and the text of a data message.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/link/secs/message.hpp"

namespace twin::link::hsms {

enum class Type : std::uint8_t {  // SType
  Message = 0,                    // a data message
  SelectReq = 1,
  SelectRsp = 2,
  DeselectReq = 3,
  DeselectRsp = 4,
  LinktestReq = 5,
  LinktestRsp = 6,
  RejectReq = 7,
  SeparateReq = 9,
};

enum class SelectStatus : std::uint8_t { Ok = 0, AlreadyActive = 1, NotReady = 2, Exhausted = 3 };

enum class RejectReason : std::uint8_t {
  TypeNotSupported = 1,
  PTypeNotSupported = 2,
  TransactionNotOpen = 3,
  NotSelected = 4,
};

inline constexpr std::size_t HeaderBytes = 10;
inline constexpr std::size_t LengthBytes = 4;
inline constexpr std::uint16_t ControlSession = 0xFFFF;  // the session id of control messages

struct Header {
  std::uint16_t session = 0;  // device id of a data message
  std::uint8_t byte2 = 0;     // data: W bit and stream; Reject: the type rejected
  std::uint8_t byte3 = 0;     // data: function; control: status or reason
  std::uint8_t ptype = 0;     // 0: SECS-II
  std::uint8_t stype = 0;     // a Type, or a number that is none
  std::uint32_t system = 0;
  bool operator==(const Header&) const = default;
};

[[nodiscard]] Header control(Type type, std::uint32_t system, std::uint8_t byte2 = 0,
                             std::uint8_t byte3 = 0);
[[nodiscard]] Header header_of(const secs::Message& message) noexcept;

[[nodiscard]] std::array<std::uint8_t, HeaderBytes> bytes_of(const Header& header) noexcept;
// Expects HeaderBytes at least.
[[nodiscard]] Header header_from(std::span<const std::uint8_t> bytes) noexcept;
// The message without its body.
[[nodiscard]] secs::Message message_from(const Header& header) noexcept;

// The frame's length field: header and text. Expects LengthBytes at least.
[[nodiscard]] std::uint32_t length_from(std::span<const std::uint8_t> bytes) noexcept;

// A whole frame, length bytes and all, appended.
void append_frame(const Header& header, std::vector<std::uint8_t>& to);
void append_frame(const secs::Message& message, std::vector<std::uint8_t>& to);

}  // namespace twin::link::hsms
