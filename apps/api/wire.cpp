// The only file of this folder that names OpenSSL.
#include "apps/api/wire.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "twin/core/error.hpp"

namespace apps::api {
namespace {

namespace asio = boost::asio;
using tcp_wire = asio::ip::tcp;

class Plain final : public Wire {
 public:
  explicit Plain(tcp_wire::socket socket) : socket_(std::move(socket)) {}
  void handshake(Done done) override { done({}, 0); }
  void read(asio::mutable_buffer to, Done done) override {
    socket_.async_read_some(asio::mutable_buffers_1(to), std::move(done));
  }
  void write(asio::const_buffer from, Done done) override {
    asio::async_write(socket_, asio::const_buffers_1(from), std::move(done));
  }
  void finish(Done done) override {
    Failure failure;
    socket_.shutdown(tcp_wire::socket::shutdown_send, failure);
    done(failure, 0);
  }
  void close() override {
    Failure ignored;
    socket_.close(ignored);
  }

 private:
  tcp_wire::socket socket_;
};

class Encrypted final : public Wire {
 public:
  Encrypted(tcp_wire::socket socket, asio::ssl::context& context)
      : stream_(std::move(socket), context) {}
  void handshake(Done done) override {
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [done = std::move(done)](Failure failure) { done(failure, 0); });
  }
  void read(asio::mutable_buffer to, Done done) override {
    stream_.async_read_some(asio::mutable_buffers_1(to), std::move(done));
  }
  void write(asio::const_buffer from, Done done) override {
    asio::async_write(stream_, asio::const_buffers_1(from), std::move(done));
  }
  void finish(Done done) override {
    stream_.async_shutdown([done = std::move(done)](Failure failure) { done(failure, 0); });
  }
  void close() override {
    Failure ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  asio::ssl::stream<tcp_wire::socket> stream_;
};

[[noreturn]] void refuse_file(const std::string& file, const std::string& why) {
  ERR_clear_error();
  throw twin::core::Error(fmt::format("TLS: {} ({})", file, why));
}

std::string reason() {
  const unsigned long code = ERR_get_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "it cannot be read" : text;
}

void check_key_file(const std::string& file) {
  struct stat status = {};
  if (::stat(file.c_str(), &status) != 0) refuse_file(file, "there is no such file");
  if ((status.st_mode & S_IRWXO) != 0) refuse_file(file, "others may read it; chmod o= it");
}

}  // namespace

std::unique_ptr<Wire> plain_wire(tcp_wire::socket socket) {
  return std::make_unique<Plain>(std::move(socket));
}

struct Tls::Context {
  asio::ssl::context ssl{asio::ssl::context::tls_server};
};

Tls::Tls(const TlsFiles& files) : context_(std::make_unique<Context>()) {
  SSL_CTX* ctx = context_->ssl.native_handle();
  ERR_clear_error();
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  SSL_CTX_set_security_level(ctx, 2);  // no key below 112 bits, no SHA-1
  SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(ctx, 0);
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);  // 34 KiB less for each idle stream
  if (SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1 ||
      SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384") != 1)
    refuse_file("OpenSSL", "it knows no cipher with forward secrecy");
  SSL_CTX_set_default_passwd_cb(ctx, [](char*, int, int, void*) { return 0; });  // asks nobody
  if (SSL_CTX_use_certificate_chain_file(ctx, files.certificate.c_str()) != 1)
    refuse_file(files.certificate, reason());
  const X509* own = SSL_CTX_get0_certificate(ctx);
  if (X509_cmp_current_time(X509_get0_notAfter(own)) <= 0)
    refuse_file(files.certificate, "it has expired");
  check_key_file(files.key);
  if (SSL_CTX_use_PrivateKey_file(ctx, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(ctx) != 1)
    refuse_file(files.key, reason());
  if (files.client_ca.empty()) return;
  if (SSL_CTX_load_verify_file(ctx, files.client_ca.c_str()) != 1)
    refuse_file(files.client_ca, reason());
  SSL_CTX_set_client_CA_list(ctx, SSL_load_client_CA_file(files.client_ca.c_str()));
  SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}
Tls::~Tls() = default;

std::unique_ptr<Wire> Tls::wire(tcp_wire::socket socket) {
  return std::make_unique<Encrypted>(std::move(socket), context_->ssl);
}

std::string crowd_of(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  const asio::ip::address_v6 six = address.to_v6();
  if (six.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, six).to_string();
  auto bytes = six.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return asio::ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace apps::api
