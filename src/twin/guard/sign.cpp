#include "twin/guard/sign.hpp"

#include <sodium.h>

namespace twin::guard {
namespace {

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

Signature sign(const Seed& seed, std::string_view text) {
  PublicKey key{};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(key.data(), secret.data(), seed.data());
  Signature made{};
  crypto_sign_detached(made.data(), nullptr, bytes_of(text), text.size(), secret.data());
  sodium_memzero(secret.data(), secret.size());
  return made;
}

bool verify(const PublicKey& key, std::string_view text, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), bytes_of(text), text.size(), key.data()) ==
         0;
}

std::uint64_t check_sum(std::string_view text) {
  static constexpr std::array<std::uint8_t, crypto_shorthash_KEYBYTES> Key{};
  std::uint64_t sum = 0;
  crypto_shorthash(reinterpret_cast<std::uint8_t*>(&sum), bytes_of(text), text.size(), Key.data());
  return sum;
}

}  // namespace twin::guard
