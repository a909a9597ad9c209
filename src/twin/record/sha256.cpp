#include "twin/record/sha256.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "twin/core/expect.hpp"
#include "twin/core/no_memory.hpp"

namespace twin::record {
namespace {

EVP_MD_CTX* context_of(void* context) { return static_cast<EVP_MD_CTX*>(context); }

// The hash is always there and nothing here is called in a wrong order, so that OpenSSL says no for want of memory
// alone, wherever it allocates.
void done(int answer) {
  if (answer != 1) core::no_memory();
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  // Where its first initialisation finds no memory, OpenSSL (3.0) goes on into a lock that it does not have.
  if (context_ == nullptr || OSSL_LIB_CTX_get0_global_default() == nullptr ||
      EVP_DigestInit_ex(context_of(context_), EVP_sha256(), nullptr) != 1) {
    EVP_MD_CTX_free(context_of(context_));
    core::no_memory();
  }
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_of(context_)); }

void Sha256::absorb(std::span<const std::uint8_t> bytes) {
  done(EVP_DigestUpdate(context_of(context_), bytes.data(), bytes.size()));
}

Digest Sha256::digest() {
  Digest digest{};
  unsigned bytes = 0;
  done(EVP_DigestFinal_ex(context_of(context_), digest.data(), &bytes));
  TWIN_ENSURE(bytes == digest.size(), bytes);
  done(EVP_DigestInit_ex(context_of(context_), nullptr, nullptr));
  return digest;
}

Digest sha256(std::span<const std::uint8_t> bytes) {
  Sha256 hash;
  hash.absorb(bytes);
  return hash.digest();
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view Digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t b : bytes) {
    text += Digits[b >> 4];
    text += Digits[b & 15];
  }
  return text;
}

std::optional<Digest> digest_of_hex(std::string_view digits) {
  Digest digest{};
  if (digits.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[i];
    int value = -1;
    if (c >= '0' && c <= '9') value = c - '0';
    if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
    if (value < 0) return std::nullopt;
    digest[i / 2] = static_cast<std::uint8_t>((digest[i / 2] << 4) | value);
  }
  return digest;
}

}  // namespace twin::record
