// A client of a twin's API: one request at a time over one kept connection, with TLS where the address says https.
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "apps/fabtwin/exit.hpp"

namespace apps::fabtwin {

struct ApiAddress {
  bool tls = false;
  std::string host, port;
};
// "https://twin:8443" or "http://127.0.0.1:8080", without a path. Failure (usage) for anything else; http to another
// machine is refused, since the token would be read on the way.
[[nodiscard]] ApiAddress api_address(const std::string& url);

// Nobody could be asked: the address is not known, or nobody answers there.
struct Unreachable : Failure {
  explicit Unreachable(const std::string& message) : Failure(Exit::Failed, message) {}
};

struct ApiAnswer {
  unsigned status = 0;
  std::string body;
};

class ApiClient {
 public:
  struct Options {
    std::filesystem::path ca = {};                     // PEM; empty: the system's
    std::filesystem::path certificate = {}, key = {};  // our own, where the twin wants one
    std::chrono::milliseconds patience{20'000};        // for each request
  };
  ApiClient(ApiAddress address, Options options);
  ~ApiClient();
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;

  // Sent with all requests from now on; empty: none.
  void token(std::string token);
  // Connects where it is not. A body is JSON; empty: none. Failure where nobody answers, or not in time.
  ApiAnswer ask(std::string_view method, std::string_view target, std::string_view body = {});

 private:
  struct Line;
  std::unique_ptr<Line> line_;
};

// A token from a file with it alone, whitespace around it left out. Failure where there is none.
[[nodiscard]] std::string token_in(const std::filesystem::path& file);
// Written so that its owner alone can read it.
void keep_token(const std::filesystem::path& file, const std::string& token);

}  // namespace apps::fabtwin
