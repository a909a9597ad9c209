// A line to a client, in the clear or in TLS, as the same few calls. OpenSSL is named in wire.cpp alone.
#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "apps/api/server.hpp"

namespace apps::api {

using Failure = boost::system::error_code;

class Wire {
 public:
  using Done = std::function<void(Failure, std::size_t)>;

  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;

  virtual void handshake(Done done) = 0;
  virtual void read(boost::asio::mutable_buffer to, Done done) = 0;   // some
  virtual void write(boost::asio::const_buffer from, Done done) = 0;  // all
  virtual void finish(Done done) = 0;  // says that no more will come from us
  virtual void close() = 0;            // ends whatever is under way
};

[[nodiscard]] std::unique_ptr<Wire> plain_wire(boost::asio::ip::tcp::socket socket);

// TLS 1.3, or 1.2 with forward secrecy; no resumption, no renegotiation, no compression (RFC 9325).
class Tls {
 public:
  explicit Tls(const TlsFiles& files);  // throws core::Error that names the file
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;
  [[nodiscard]] std::unique_ptr<Wire> wire(boost::asio::ip::tcp::socket socket);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// Who is counted together: an address of IPv4, a /64 of IPv6.
[[nodiscard]] std::string crowd_of(const boost::asio::ip::address& address);

}  // namespace apps::api
