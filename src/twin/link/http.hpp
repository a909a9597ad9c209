// A small HTTP/1.1 server (RFC 9110, 9112): many connections on its caller's thread, routes given as
// functions that may answer later, and limits on everything a stranger can make us hold. A thin wrap
// of Boost.Beast, which is only named in http.cpp.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace twin::link {

struct HttpRequest {  // valid within the call of its route
  std::string_view method = {};
  std::string_view path = {};          // "/metrics"
  std::string_view query = {};         // behind '?', as it came
  std::string_view content_type = {};  // without parameters, lower case
  std::string_view body = {};
};

struct HttpAnswer {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body = {};
  unsigned retry_after_s = 0;  // says when to come again; 0: does not
};
// {"error":"..."} with a status.
HttpAnswer http_error(unsigned status, std::string_view why);

// Answers once; later calls, and those after the client has left, do nothing. In the server's
// thread.
using HttpReply = std::function<void(HttpAnswer)>;
using HttpRoute = std::function<void(const HttpRequest&, HttpReply)>;

struct HttpOptions {
  std::string address = "127.0.0.1";
  int port = 0;                         // 0: any that is free
  std::size_t connections_max = 1'000;  // more are told 503 and closed
  std::uint32_t header_bytes_max = 16'384;
  std::uint64_t body_bytes_max = 4U << 20;
  std::chrono::milliseconds request_time{10'000};  // from its first byte to its last
  std::chrono::milliseconds idle_time{60'000};     // between requests of a connection
  std::chrono::milliseconds answer_time{30'000};   // a route that takes longer: 503
  std::chrono::milliseconds write_time{10'000};    // for the client to take its answer
};

class HttpServer {
 public:
  // Listens at once. Throws core::Error where the address cannot be had.
  explicit HttpServer(HttpOptions options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // What an exact path answers to a method; GET also answers HEAD.
  void route(const std::string& method, const std::string& path, HttpRoute route);

  [[nodiscard]] int port() const;
  [[nodiscard]] std::size_t connections() const;
  void turn();                                // does all that can be done without waiting
  void wait(std::chrono::milliseconds most);  // waits for something to do, at most so long

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace twin::link
