// If this failed, the tests of TLS would test nothing.
#include "apps/api/certificates.hpp"

#include <gtest/gtest.h>

#include "apps/api/wire.hpp"
#include "twin/contract/refusal.hpp"

namespace apps::api::example {
namespace {

TEST(ApiCertificates, AreTakenUnlessExpiredOrOpenToOthers) {
  Authority authority("certificates");
  const auto refused = [](const TlsFiles& files) {
    return twin::contract::refusal([&] { const Tls tls(files); });
  };
  const TlsFiles good = authority.issue("good"), other = authority.issue("other"),
                 old = authority.issue("old", Validity::Past);
  EXPECT_EQ(refused(good), "accepted");
  EXPECT_EQ(refused(old), "TLS: " + old.certificate + " (it has expired)");
  EXPECT_EQ(refused({.certificate = good.certificate, .key = other.key}),
            "TLS: " + other.key + " (key values mismatch)");
  EXPECT_EQ(refused({.certificate = good.key, .key = good.key}),
            "TLS: " + good.key + " (no start line)");
  EXPECT_EQ(refused({.certificate = good.certificate, .key = good.key, .client_ca = good.key}),
            "TLS: " + good.key + " (no certificate or crl found)");
  ASSERT_EQ(::chmod(good.key.c_str(), 0644), 0);
  EXPECT_EQ(refused(good), "TLS: " + good.key + " (others may read it; chmod o= it)");
}

}  // namespace
}  // namespace apps::api::example
