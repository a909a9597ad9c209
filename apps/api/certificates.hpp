// Authorities and certificates for tests, made anew each time: some right, some of the wrong authority, some
// expired.
#pragma once
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "apps/api/server.hpp"
#include "twin/core/expect.hpp"

namespace apps::api::example {

struct FreeOpenSsl {
  void operator()(EVP_PKEY* x) const { EVP_PKEY_free(x); }
  void operator()(X509* x) const { X509_free(x); }
  void operator()(std::FILE* x) const { static_cast<void>(std::fclose(x)); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeOpenSsl>;
using Certificate = std::unique_ptr<X509, FreeOpenSsl>;

enum class Validity { Current, Past };

// An authority with its files in a folder of its own, which goes with it.
class Authority {
 public:
  explicit Authority(const std::string& name)
      : folder_(std::filesystem::temp_directory_path() /
                ("fabtwin-" + name + "-" + std::to_string(::getpid()))),
        name_(name),
        key_(EVP_EC_gen("P-256")) {
    std::filesystem::create_directories(folder_);
    self_ = made(name, key_.get(), Validity::Current);
    write("ca", nullptr, self_.get());
  }
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] std::string ca() const { return path("ca.pem"); }
  // A certificate for 127.0.0.1, as files NAME.pem and NAME.key.
  TlsFiles issue(const std::string& name, Validity validity = Validity::Current) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = made(name, key.get(), validity);
    write(name, key.get(), certificate.get());
    return {.certificate = path(name + ".pem"), .key = path(name + ".key")};
  }

 private:
  [[nodiscard]] std::string path(const std::string& file) const {
    return (folder_ / file).string();
  }

  static void name_it(X509_NAME* to, const std::string& name) {
    TWIN_ENSURE(X509_NAME_add_entry_by_txt(to, "CN", MBSTRING_ASC,
                                           reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                                           -1, 0) == 1);
  }
  Certificate made(const std::string& name, EVP_PKEY* key, Validity validity) {
    Certificate x(X509_new());
    const bool own = self_ == nullptr;
    constexpr long Day = 86'400;
    X509_set_version(x.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(x.get()), -2 * Day);
    X509_gmtime_adj(X509_getm_notAfter(x.get()), validity == Validity::Current ? Day : -Day);
    name_it(X509_get_subject_name(x.get()), name);
    name_it(X509_get_issuer_name(x.get()), name_);
    X509_set_pubkey(x.get(), key);
    extend(x.get(), NID_basic_constraints, own ? "critical,CA:TRUE" : "CA:FALSE");
    if (!own) extend(x.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
    TWIN_ENSURE(X509_sign(x.get(), key_.get(), EVP_sha256()) > 0);
    return x;
  }
  static void extend(X509* x, int what, const char* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
    TWIN_ENSURE(extension != nullptr && X509_add_ext(x, extension, -1) == 1);
    X509_EXTENSION_free(extension);
  }
  void write(const std::string& name, EVP_PKEY* key, X509* certificate) const {
    using File = std::unique_ptr<std::FILE, FreeOpenSsl>;
    const File pem(std::fopen(path(name + ".pem").c_str(), "w"));
    TWIN_ENSURE(pem && PEM_write_X509(pem.get(), certificate) == 1);
    if (key == nullptr) return;
    const File secret(std::fopen(path(name + ".key").c_str(), "w"));
    TWIN_ENSURE(secret && PEM_write_PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr,
                                               nullptr) == 1);
    TWIN_ENSURE(::chmod(path(name + ".key").c_str(), 0600) == 0);
  }

  std::filesystem::path folder_;
  std::string name_;
  Key key_;
  Certificate self_;
  long serial_ = 0;
};

}  // namespace apps::api::example
