// A plain client for tests of the HTTP server: it sends whatever bytes a test wants, whole or one by
// one, while the server turns in the same thread.
#pragma once
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "twin/link/http.hpp"

namespace twin::link {

class HttpClient {
 public:
  explicit HttpClient(HttpServer& server) : server_(server) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(server.port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static_cast<void>(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address));
    server_.turn();
  }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient() {
    if (fd_ >= 0) ::close(fd_);
  }

  void send(std::string_view bytes) {
    for (int k = 0; k < 10'000 && !bytes.empty(); ++k) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      if (sent < 0 && errno != EAGAIN && errno != EINPROGRESS && errno != ENOTCONN) return;
      server_.wait(std::chrono::milliseconds(sent > 0 ? 0 : 1));
    }
  }

  // Takes what has come.
  void listen() {
    server_.wait(std::chrono::milliseconds(1));
    char bytes[65'536];
    for (;;) {
      const auto got = ::recv(fd_, bytes, sizeof bytes, 0);
      if (got == 0) closed_ = true;
      if (got <= 0) return;
      heard_.append(bytes, static_cast<std::size_t>(got));
    }
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
    return answer();
  }
  std::string post(std::string_view path, std::string_view type, std::string_view body) {
    return ask(
        "POST " + std::string(path) + " HTTP/1.1\r\nHost: t\r\nContent-Type: " + std::string(type) +
        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
  }

  // Whether the server has closed the line, within 5 s.
  bool closed() {
    for (int k = 0; k < 5'000 && !closed_; ++k) listen();
    return closed_;
  }

 private:
  HttpServer& server_;
  int fd_ = -1;
  bool closed_ = false, bodiless_ = false;
  std::string heard_;
};

// "200" and the body.
inline std::string status_of(const std::string& answer) {
  return answer.size() > 12 ? answer.substr(9, 3) : "none";
}
inline std::string body_of(const std::string& answer) {
  const std::size_t head = answer.find("\r\n\r\n");
  return head == std::string::npos ? "" : answer.substr(head + 4);
}

}  // namespace twin::link
