// SHA-256 (FIPS 180-4) for the chain of blocks: who changes an entry and every check sum after it
// still needs another daily head than the one that was printed.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace twin::record {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256();

  void absorb(std::span<const std::uint8_t> bytes);
  Digest digest();  // of what was absorbed since the last digest

 private:
  void* context_;  // of OpenSSL
};

[[nodiscard]] Digest sha256(std::span<const std::uint8_t> bytes);

// Bytes as lower-case hexadecimal digits, and back; nothing if they are not 64 such digits.
[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::optional<Digest> digest_of_hex(std::string_view digits);

}  // namespace twin::record
