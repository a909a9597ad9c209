// Randomness is a pure function of what, who and which occasion, so it needs no state, no order and
// no lock. Generator: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011).
#pragma once
#include <array>
#include <compare>
#include <cstdint>

namespace twin::core {

using Block = std::array<std::uint32_t, 4>;  // [word] 128 random bits

// The bijection of Salmon et al. (2011), ten rounds.
constexpr Block philox4x32_10(Block counter, std::array<std::uint32_t, 2> key) noexcept {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53U} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57U} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9U;  // golden ratio
    key[1] += 0xBB67AE85U;  // sqrt(3) - 1
  }
  return counter;
}

// The ten round keys of one seed, for many draws from it.
struct PhiloxKeys {
  std::array<std::array<std::uint32_t, 2>, 10> round{};

  constexpr explicit PhiloxKeys(std::uint64_t seed) noexcept {
    std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(seed),
                                     static_cast<std::uint32_t>(seed >> 32)};
    for (auto& k : round) {
      k = key;
      key[0] += 0x9E3779B9U;  // golden ratio
      key[1] += 0xBB67AE85U;  // sqrt(3) - 1
    }
  }
};

constexpr Block philox4x32_10(Block counter, const PhiloxKeys& keys) noexcept {
  for (const auto& key : keys.round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53U} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57U} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
  }
  return counter;
}

// A 32-bit word as a uniform in the open interval (0, 1): the middle of its cell, so neither end is
// reached.
constexpr double uniform_of(std::uint32_t word) noexcept { return (word + 0.5) * 0x1p-32; }

// Two words as a uniform in (0, 1) with 52 bits.
constexpr double uniform_of(std::uint32_t high, std::uint32_t low) noexcept {
  const std::uint64_t bits = (std::uint64_t{high} << 20) | (low >> 12);
  return (static_cast<double>(bits) + 0.5) * 0x1p-52;
}

struct Draw {
  std::uint64_t seed = 0;    // the run's seed
  std::uint32_t member = 0;  // global member (replication) number

  // 128 bits for one named occasion. what: the model's enumeration of random quantities; who: the
  // thing they belong to (a lot, a tool); occasion: which time (a visit, a failure).
  [[nodiscard]] constexpr Block block(std::uint32_t what, std::uint32_t who,
                                      std::uint32_t occasion) const noexcept {
    return philox4x32_10({member, what, who, occasion}, {static_cast<std::uint32_t>(seed),
                                                         static_cast<std::uint32_t>(seed >> 32)});
  }

  // A uniform in (0, 1), 52 bits.
  [[nodiscard]] constexpr double uniform(std::uint32_t what, std::uint32_t who,
                                         std::uint32_t occasion) const noexcept {
    const Block b = block(what, who, occasion);
    return uniform_of(b[0], b[1]);
  }

  auto operator<=>(const Draw&) const = default;
};

}  // namespace twin::core
