#include "twin/guard/sign.hpp"

#include <sodium.h>

namespace twin::guard {
namespace {

struct Pair {
  PublicKey key{};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  explicit Pair(const Seed& seed) {
    crypto_sign_seed_keypair(key.data(), secret.data(), seed.data());
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  ~Pair() { sodium_memzero(secret.data(), secret.size()); }
};

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

PublicKey public_key(const Seed& seed) { return Pair(seed).key; }

Signature sign(const Seed& seed, std::string_view text) {
  Signature made{};
  crypto_sign_detached(made.data(), nullptr, bytes_of(text), text.size(), Pair(seed).secret.data());
  return made;
}

bool verify(const PublicKey& key, std::string_view text, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), bytes_of(text), text.size(), key.data()) ==
         0;
}

}  // namespace twin::guard
