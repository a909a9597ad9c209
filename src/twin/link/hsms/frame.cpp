#include "twin/link/hsms/frame.hpp"

#include "twin/link/secs/codec.hpp"

namespace twin::link::hsms {
namespace {

std::uint8_t byte_of(std::uint64_t value, unsigned place) noexcept {
  return static_cast<std::uint8_t>((value >> (8U * place)) & 0xFFU);
}

void append_length(std::size_t length, std::vector<std::uint8_t>& to) {
  for (unsigned place = LengthBytes; place > 0; --place) to.push_back(byte_of(length, place - 1));
}

}  // namespace

Header control(Type type, std::uint32_t system, std::uint8_t byte2, std::uint8_t byte3) {
  return {.session = ControlSession,
          .byte2 = byte2,
          .byte3 = byte3,
          .stype = static_cast<std::uint8_t>(type),
          .system = system};
}

Header header_of(const secs::Message& message) noexcept {
  return {.session = message.device,
          .byte2 = static_cast<std::uint8_t>(message.stream | (message.wants_reply ? 0x80U : 0U)),
          .byte3 = message.function,
          .system = message.system};
}

std::array<std::uint8_t, HeaderBytes> bytes_of(const Header& header) noexcept {
  return {byte_of(header.session, 1),
          byte_of(header.session, 0),
          header.byte2,
          header.byte3,
          header.ptype,
          header.stype,
          byte_of(header.system, 3),
          byte_of(header.system, 2),
          byte_of(header.system, 1),
          byte_of(header.system, 0)};
}

Header header_from(std::span<const std::uint8_t> bytes) noexcept {
  return {.session = static_cast<std::uint16_t>((bytes[0] << 8U) | bytes[1]),
          .byte2 = bytes[2],
          .byte3 = bytes[3],
          .ptype = bytes[4],
          .stype = bytes[5],
          .system = length_from(bytes.subspan(6))};
}

secs::Message message_from(const Header& header) noexcept {
  return {.stream = static_cast<std::uint8_t>(header.byte2 & 0x7FU),
          .function = header.byte3,
          .wants_reply = (header.byte2 & 0x80U) != 0,
          .device = header.session,
          .system = header.system};
}

std::uint32_t length_from(std::span<const std::uint8_t> bytes) noexcept {
  std::uint32_t value = 0;
  for (std::size_t k = 0; k < LengthBytes; ++k) value = (value << 8U) | bytes[k];
  return value;
}

void append_frame(const Header& header, std::vector<std::uint8_t>& to) {
  append_length(HeaderBytes, to);
  const auto bytes = bytes_of(header);
  to.insert(to.end(), bytes.begin(), bytes.end());
}

void append_frame(const secs::Message& message, std::vector<std::uint8_t>& to) {
  append_length(HeaderBytes + (message.body ? secs::encoded_size(*message.body) : 0), to);
  const auto bytes = bytes_of(header_of(message));
  to.insert(to.end(), bytes.begin(), bytes.end());
  if (message.body) secs::encode(*message.body, to);
}

}  // namespace twin::link::hsms
