// HTTP/1.1 over TLS in front of a desk: many connections and streams of events on its caller's thread, with a
// deadline for each phase and a limit on everything that a stranger can make us hold.
// Beast is named in server.cpp alone, OpenSSL in wire.cpp.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apps/api/desk.hpp"
#include "apps/api/message.hpp"
#include "apps/api/page.hpp"

namespace apps::api {

struct TlsFiles {                // PEM
  std::string certificate = {};  // and those between it and the root
  std::string key = {};          // which others may not read
  std::string client_ca = {};    // clients must have a certificate of it; empty: they need none
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  int port = 0;                      // 0: any that is free
  std::optional<TlsFiles> tls = {};  // none: on the loopback address alone
  std::size_t connections_max = 1'000;
  std::size_t connections_of_one = 64;  // of one address, or one network of IPv6
  std::uint32_t header_bytes_max = 8'192;
  std::uint64_t body_bytes_max = 262'144;
  std::size_t stream_bytes_max =
      262'144;  // that a stream's client has not taken yet; then it is dropped
  std::size_t events_kept = 4'096;
  std::chrono::milliseconds handshake_time{5'000};
  std::chrono::milliseconds header_time{5'000};  // from the first byte of a request
  std::chrono::milliseconds body_time{10'000};
  std::chrono::milliseconds idle_time{60'000};    // between requests
  std::chrono::milliseconds answer_time{30'000};  // until what was decided lasts
  std::chrono::milliseconds write_time{10'000};   // for the client to take 64 KiB
  std::chrono::milliseconds heartbeat{15'000};    // of a stream
};

struct ServerUse {
  std::function<Answer(const Request&)> ask = {};
  std::function<bool(const StreamPass&, Tick now)> goes_on = {};
  std::function<Tick()> clock = {};  // [ms since 1970]
  Pages pages = {};                  // what is shown to browsers; empty: nothing
  // What was refused before it was a request, and whose: at most ten a second.
  std::function<void(std::string_view what, std::string_view address)> log = {};
};

struct ServerCounts {
  std::uint64_t accepted = 0, turned_away = 0;  // connections
  std::uint64_t handshakes_failed = 0;
  std::uint64_t timed_out = 0;  // too slow, in whatever phase
  std::uint64_t malformed = 0;  // no HTTP, too large
  std::uint64_t requests = 0;
  std::uint64_t streams_dropped = 0;  // whose client took too little
};

class Server {
 public:
  // Listens at once. Throws core::Error where the address cannot be had, or TLS not be spoken.
  Server(ServerOptions options, ServerUse use);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void publish(const News& news);     // told when it lasts
  void lasts(std::uint64_t entries);  // of the trail, so many are on the disk
  void turn();                        // does all that can be done without waiting
  void wait(std::chrono::milliseconds most);

  [[nodiscard]] int port() const;
  [[nodiscard]] std::size_t connections() const;
  [[nodiscard]] std::size_t streams() const;
  [[nodiscard]] const ServerCounts& counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace apps::api
