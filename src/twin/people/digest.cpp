// See the header.
#include "twin/people/digest.hpp"

#include <sodium.h>

#include <cstddef>

namespace twin::people {

std::string hex(std::span<const std::uint8_t> bytes) {
  static constexpr std::string_view Digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += Digits[byte / 16U];
    text += Digits[byte % 16U];
  }
  return text;
}

bool read_hex(std::string_view word, std::span<std::uint8_t> to) {
  if (word.size() != 2 * to.size()) return false;
  for (std::size_t k = 0; k < word.size(); ++k) {
    const char c = word[k];
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return false;
    const auto value = static_cast<std::uint8_t>(digit ? c - '0' : c - 'a' + 10);
    std::uint8_t& byte = to[k / 2];
    byte = static_cast<std::uint8_t>(k % 2 == 0 ? value * 16 : byte + value);
  }
  return true;
}

std::optional<Digest> Digest::read(std::string_view word) {
  Digest digest;
  return read_hex(word, digest.bytes) ? std::optional(digest) : std::nullopt;
}

Digest sha256(std::string_view text) {
  Digest digest;
  static_assert(sizeof digest.bytes == crypto_hash_sha256_BYTES);
  crypto_hash_sha256(digest.bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size());
  return digest;
}

std::string Bits64::show() const {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t k = 0; k < 8; ++k) bytes[k] = static_cast<std::uint8_t>(bits >> (8 * (7 - k)));
  return hex(bytes);
}

std::optional<Bits64> Bits64::read(std::string_view word) {
  std::array<std::uint8_t, 8> bytes{};
  if (!read_hex(word, bytes)) return std::nullopt;
  Bits64 x;
  for (const std::uint8_t byte : bytes) x.bits = x.bits << 8 | byte;
  return x;
}

}  // namespace twin::people
