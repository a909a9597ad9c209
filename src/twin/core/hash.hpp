// One 64-bit hash for fingerprints and check sums: fast enough for whole states, the same on every
// machine, and checked against published values. Algorithm: XXH64 (Y. Collet, "xxHash fast digest
// algorithm", specification 0.1.1).
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace twin::core {

class Hash64 {
 public:
  explicit constexpr Hash64(std::uint64_t seed = 0) noexcept
      : lane_{seed + P1 + P2, seed + P2, seed, seed - P1}, seed_(seed) {}

  void absorb(const void* from, std::size_t bytes) noexcept {
    const auto* p = static_cast<const std::byte*>(from);
    total_ += bytes;
    if (held_ + bytes < Stripe) {
      if (bytes != 0) std::memcpy(block_.data() + held_, p, bytes);
      held_ += bytes;
      return;
    }
    if (held_ != 0) {
      const std::size_t missing = Stripe - held_;
      std::memcpy(block_.data() + held_, p, missing);
      consume(block_.data());
      p += missing;
      bytes -= missing;
    }
    for (; bytes >= Stripe; p += Stripe, bytes -= Stripe) consume(p);
    if (bytes != 0) std::memcpy(block_.data(), p, bytes);
    held_ = bytes;
  }

  [[nodiscard]] std::uint64_t digest() const noexcept {
    std::uint64_t h = seed_ + P5;
    if (total_ >= Stripe) {
      h = std::rotl(lane_[0], 1) + std::rotl(lane_[1], 7) + std::rotl(lane_[2], 12) +
          std::rotl(lane_[3], 18);
      for (const std::uint64_t lane : lane_) h = (h ^ mixed(0, lane)) * P1 + P4;
    }
    h += total_;
    const std::byte* p = block_.data();
    std::size_t left = held_;
    for (; left >= 8; p += 8, left -= 8)
      h = std::rotl(h ^ mixed(0, word<std::uint64_t>(p)), 27) * P1 + P4;
    if (left >= 4) {
      h = std::rotl(h ^ (word<std::uint32_t>(p) * P1), 23) * P2 + P3;
      p += 4;
      left -= 4;
    }
    for (; left > 0; ++p, --left)
      h = std::rotl(h ^ (std::to_integer<std::uint64_t>(*p) * P5), 11) * P1;
    h = (h ^ (h >> 33)) * P2;
    h = (h ^ (h >> 29)) * P3;
    return h ^ (h >> 32);
  }

 private:
  static_assert(std::endian::native == std::endian::little,
                "the words below are read as they lie in memory");
  static constexpr std::size_t Stripe = 32;  // [bytes]
  static constexpr std::uint64_t P1 = 0x9E3779B185EBCA87U, P2 = 0xC2B2AE3D27D4EB4FU,
                                 P3 = 0x165667B19E3779F9U, P4 = 0x85EBCA77C2B2AE63U,
                                 P5 = 0x27D4EB2F165667C5U;

  template <class W>
  static std::uint64_t word(const std::byte* p) noexcept {
    W w;
    std::memcpy(&w, p, sizeof w);
    return w;
  }
  static constexpr std::uint64_t mixed(std::uint64_t lane, std::uint64_t w) noexcept {
    return std::rotl(lane + w * P2, 31) * P1;
  }
  void consume(const std::byte* p) noexcept {
    for (std::size_t i = 0; i < 4; ++i) lane_[i] = mixed(lane_[i], word<std::uint64_t>(p + 8 * i));
  }

  std::array<std::uint64_t, 4> lane_;
  std::array<std::byte, Stripe> block_{};  // what does not yet fill a stripe
  std::size_t held_ = 0;                   // [bytes] of it
  std::uint64_t total_ = 0;                // [bytes] absorbed so far
  std::uint64_t seed_;
};

inline std::uint64_t hash64(const void* from, std::size_t bytes, std::uint64_t seed = 0) noexcept {
  Hash64 h(seed);
  h.absorb(from, bytes);
  return h.digest();
}

}  // namespace twin::core
