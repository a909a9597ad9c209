// A plain client for tests of the server: it sends whatever bytes a test wants, in TLS or in the clear, while
// the server turns in the same thread.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "apps/api/server.hpp"

namespace apps::api::example {

struct Speaks {  // how a client speaks TLS
  std::string ca = {};
  std::string certificate = {}, key = {};
  int least = TLS1_2_VERSION, most = TLS1_3_VERSION;
  std::string ciphers = {};  // of TLS 1.2
  SSL_SESSION* again = nullptr;
};

class Client {
 public:
  explicit Client(Server& server) : server_(server) { connect(SOCK_NONBLOCK); }
  Client(Server& server, const Speaks& speaks) : server_(server) {
    context_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(context_, 0);  // it may be as old as a test wants
    SSL_CTX_set_min_proto_version(context_, speaks.least);
    SSL_CTX_set_max_proto_version(context_, speaks.most);
    if (!speaks.ciphers.empty()) SSL_CTX_set_cipher_list(context_, speaks.ciphers.c_str());
    if (!speaks.ca.empty()) {
      SSL_CTX_load_verify_file(context_, speaks.ca.c_str());
      SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    }
    if (!speaks.certificate.empty()) {
      SSL_CTX_use_certificate_chain_file(context_, speaks.certificate.c_str());
      SSL_CTX_use_PrivateKey_file(context_, speaks.key.c_str(), SSL_FILETYPE_PEM);
    }
    connect(SOCK_NONBLOCK);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, fd_);
    if (speaks.again != nullptr) SSL_set_session(ssl_, speaks.again);
    for (int k = 0; k < 3'000 && !shaken_ && !closed_; ++k) {
      ERR_clear_error();
      const int done = SSL_connect(ssl_);
      shaken_ = done == 1;
      if (!shaken_) took(done);
      server_.wait(std::chrono::milliseconds(1));
    }
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] bool shaken() const { return shaken_; }  // the handshake is done
  [[nodiscard]] SSL* ssl() const { return ssl_; }
  void receive_little() const {  // so that the other side meets a client that does not read
    const int bytes = 4'096;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  }

  void send(std::string_view bytes) {
    for (int k = 0; k < 10'000 && !bytes.empty() && !closed_; ++k) {
      const auto sent = put(bytes);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      server_.wait(std::chrono::milliseconds(sent > 0 ? 0 : 1));
    }
  }

  // Takes what has come.
  void listen() {
    server_.wait(std::chrono::milliseconds(1));
    char bytes[16'384];
    for (auto got = get(bytes, sizeof bytes); got > 0; got = get(bytes, sizeof bytes))
      heard_.append(bytes, static_cast<std::size_t>(got));
  }

  // The next whole answer, head and body; what has come after 5 s where none does.
  std::string answer() {
    for (int k = 0; k < 5'000; ++k) {
      listen();
      const std::size_t head = heard_.find("\r\n\r\n");
      if (head != std::string::npos) {
        const std::size_t at = heard_.find("Content-Length: ");
        const std::size_t length = at < head ? std::stoul(heard_.substr(at + 16)) : 0;
        const std::size_t all = head + 4 + (bodiless_ ? 0 : length);
        if (heard_.size() >= all) {
          std::string one = heard_.substr(0, all);
          heard_.erase(0, all);
          return one;
        }
      }
      if (closed_) break;
    }
    return std::exchange(heard_, {});
  }
  std::string ask(std::string_view request) {
    bodiless_ = request.starts_with("HEAD");
    send(request);
    std::string heard = answer();
    bodiless_ = false;
    return heard;
  }
  // What a stream has said, once it holds the word, or after `most`.
  std::string until(std::string_view word,
                    std::chrono::milliseconds most = std::chrono::seconds(5)) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (heard_.find(word) == std::string::npos && !closed_ &&
           std::chrono::steady_clock::now() < end)
      listen();
    return heard_;
  }

  // Whether the server has closed the line, within 5 s.
  bool closed() {
    for (int k = 0; k < 5'000 && !closed_; ++k) listen();
    return closed_;
  }

 private:
  void connect(int flags) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | flags, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(server_.port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static_cast<void>(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address));
    server_.turn();
  }
  // Of a call of TLS that did not succeed: whether the line has ended.
  void took(int done) {
    const int why = SSL_get_error(ssl_, done);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) closed_ = true;
  }
  long put(std::string_view bytes) {
    if (ssl_ == nullptr) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINPROGRESS && errno != ENOTCONN) closed_ = true;
      return sent;
    }
    ERR_clear_error();
    const int sent = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    if (sent <= 0) took(sent);
    return sent;
  }
  long get(char* bytes, std::size_t most) {
    if (ssl_ == nullptr) {
      const auto got = ::recv(fd_, bytes, most, 0);
      if (got == 0 || (got < 0 && errno == ECONNRESET)) closed_ = true;
      return got;
    }
    if (!shaken_) return 0;
    ERR_clear_error();
    const int got = SSL_read(ssl_, bytes, static_cast<int>(most));
    if (got <= 0) took(got);
    return got;
  }

  Server& server_;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  int fd_ = -1;
  bool shaken_ = false, closed_ = false, bodiless_ = false;
  std::string heard_;
};

// "200", the body, and a request without a body.
inline std::string status_of(const std::string& answer) {
  return answer.size() > 12 ? answer.substr(9, 3) : "none";
}
inline std::string body_of(const std::string& answer) {
  const std::size_t head = answer.find("\r\n\r\n");
  return head == std::string::npos ? "" : answer.substr(head + 4);
}
inline std::string get(const std::string& target, const std::string& more = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: t\r\n" + more + "\r\n";
}

}  // namespace apps::api::example
