#include "twin/guard/client.hpp"

#include <sodium.h>

namespace twin::guard {

std::string show(const Command& command) {
  Writing out{"fabtwin-guard command 1\n"};
  Command::fields(out, command);
  return out.text;
}

PublicKey public_key(const Seed& seed) {
  PublicKey key{};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(key.data(), secret.data(), seed.data());
  sodium_memzero(secret.data(), secret.size());
  return key;
}

}  // namespace twin::guard
