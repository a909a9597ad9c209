// Signatures by Ed25519 (RFC 8032), from libsodium: of limits, approvals, what tools are seen to do, and permits.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace twin::guard {

using PublicKey = std::array<std::uint8_t, 32>;
using Seed = std::array<std::uint8_t, 32>;  // the secret
using Signature = std::array<std::uint8_t, 64>;

[[nodiscard]] Signature sign(const Seed& seed, std::string_view text);
[[nodiscard]] bool verify(const PublicKey& key, std::string_view text, const Signature& signature);

// SipHash-2-4 (Aumasson and Bernstein 2012) under a key that everybody knows: it finds accidents, not forgers.
[[nodiscard]] std::uint64_t check_sum(std::string_view text);

// Whoever tests ten million verdicts may bring a faster one.
using Verify = bool (*)(const PublicKey& key, std::string_view text, const Signature& signature);
using Sign = Signature (*)(const Seed& seed, std::string_view text);

}  // namespace twin::guard
