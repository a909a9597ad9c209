// SHA-256 (FIPS 180-4) of what people see and sign, so that anybody can make it again from the JSON text
// with a common program; and 64 bits for fingerprints of states.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace twin::people {

[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);  // lower case
// Whether the word is this many bytes in lower-case digits.
[[nodiscard]] bool read_hex(std::string_view word, std::span<std::uint8_t> to);

struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Digest&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("bytes", self.bytes);
  }

  static constexpr const char* Pattern = "^[0-9a-f]{64}$";
  [[nodiscard]] std::string show() const { return hex(bytes); }
  [[nodiscard]] static std::optional<Digest> read(std::string_view word);
};

[[nodiscard]] Digest sha256(std::string_view text);

// A fingerprint (core::fingerprint) or a seed: JSON numbers of many readers end at 2^53.
struct Bits64 {
  std::uint64_t bits = 0;
  auto operator<=>(const Bits64&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("bits", self.bits);
  }

  static constexpr const char* Pattern = "^[0-9a-f]{16}$";
  [[nodiscard]] std::string show() const;
  [[nodiscard]] static std::optional<Bits64> read(std::string_view word);
};

}  // namespace twin::people
