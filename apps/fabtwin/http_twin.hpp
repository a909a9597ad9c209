// `fabtwin serve` of a small fab as a process that hears by HTTP alone, for tests that let something fail beneath it:
// what it acknowledged, and whether it knows all of that afterwards.
#pragma once
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "apps/fabtwin/child.hpp"
#include "apps/fabtwin/files.hpp"
#include "twin/event/iso_time.hpp"
#include "twin/link/mosquitto_broker.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {

class HttpTwin {
 public:
  using milliseconds = std::chrono::milliseconds;

  // store: with its index and historian beside the record.
  explicit HttpTwin(const std::string& name, bool store = false) : folder_(name), store_(store) {}

  [[nodiscard]] std::string at(const std::string& name) const { return folder_ / name; }

  // under: the words that come before the program's own, such as those of strace.
  [[nodiscard]] std::unique_ptr<Child> start(const std::vector<std::string>& under = {}) {
    port_ = twin::link::free_port();
    std::string zero(twin::event::IsoTimeLength, ' ');
    (void)twin::event::IsoTime(0).write(now_ms() - 3'600'000, zero.data());
    std::ofstream(at("site.toml"))
        << "[site]\nname = \"t\"\ndata = \""
        << (std::filesystem::current_path() / "data/minifab").string() << "\"\ntime_zero = \""
        << zero << "\"\n[http]\nlisten = \"127.0.0.1:" << port_ << "\"\n"
        << (store_ ? "" : "[store]\npath = \"off\"\n");
    std::vector<std::string> words = {"/usr/bin/env", "ASAN_OPTIONS=detect_leaks=0"};
    words.insert(words.end(), under.begin(), under.end());
    words.insert(words.end(), {FABTWIN_PROGRAM, "serve", at("site.toml"), "--seconds", "120"});
    auto child = std::make_unique<Child>(words, at("out"));
    for (int k = 0; k < 2'000 && child->running() && !twin::link::answers(port_); ++k)
      std::this_thread::sleep_for(milliseconds(5));
    return child;
  }

  // Says message `seq`; whether it was acknowledged within `wait`, as new or as known.
  bool say(int seq, milliseconds wait = milliseconds(5'000)) { return say_all(seq, 1, wait); }
  // The same of `count` of them, in one request.
  bool say_all(int seq, int count, milliseconds wait = milliseconds(5'000)) {
    std::string body;
    for (int k = seq; k < seq + count; ++k) {
      body += R"({"src":"mes","epoch":1,"t":)" + std::to_string(now_ms()) + R"(,"seq":)" +
              std::to_string(k) + R"(,"kind":"held","lot":"L)" + std::to_string(k % 50) + "\"}\n";
    }
    const std::string answer = asked(
        "POST /ingest HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"
        "Content-Type: application/x-ndjson\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body,
        wait);
    if (!answer.starts_with("HTTP/1.1 200")) return false;
    known_ = answer.find("\"duplicate\":" + std::to_string(count)) != std::string::npos;
    fresh_ = answer.find("\"accepted\":" + std::to_string(count)) != std::string::npos;
    for (int k = seq; k < seq + count; ++k) acknowledged_.insert(k);
    return true;
  }
  // Of what was said last: all had been there already; all was new.
  [[nodiscard]] bool known() const { return known_; }
  [[nodiscard]] bool fresh() const { return fresh_; }
  [[nodiscard]] const std::set<int>& acknowledged() const { return acknowledged_; }

  [[nodiscard]] std::string health() const {
    return asked("GET /health HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
                 milliseconds(5'000));
  }
  [[nodiscard]] std::string words() const { return read_text(at("out")); }

  // A twin beneath which nothing fails any more: whether it knows all that was acknowledged, takes what is new, ends
  // when it is asked to, and leaves a record that is whole. Empty: yes; else what is wrong.
  [[nodiscard]] std::string lost() {
    const std::set<int> before = acknowledged_;
    const auto twin = start();
    for (auto first = before.begin(); first != before.end();) {  // run by run
      int count = 1;
      auto next = std::next(first);
      while (next != before.end() && *next == *first + count && count < 1'000) ++count, ++next;
      if (!say_all(*first, count)) return "nothing is acknowledged\n" + words();
      if (!known_)
        return "of " + std::to_string(count) + " messages from " + std::to_string(*first) +
               " on some are lost";
      first = next;
    }
    if (!say(1'000'000) || !fresh_) return "nothing new is taken\n" + words();
    if (const int status = twin->end(SIGTERM); status != 130)
      return "it ends with status " + std::to_string(status) + "\n" + words();
    if (Child({FABTWIN_PROGRAM, "verify", at("record")}, at("verified")).wait() != 0)
      return read_text(at("verified"));
    return {};
  }
  void begin_anew() {
    for (const char* name :
         {"record", "record.sqlite", "record.sqlite-wal", "record.sqlite-shm", "out"})
      std::filesystem::remove_all(at(name));
    acknowledged_.clear();
  }

 private:
  static std::int64_t now_ms() {
    return std::chrono::duration_cast<milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  // What the server says to one request within `wait`; empty: nothing.
  [[nodiscard]] std::string asked(const std::string& request, milliseconds wait) const {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port_));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string heard;
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
      std::size_t sent = 0;
      while (sent < request.size()) {
        const auto more = ::send(fd, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (more <= 0) break;
        sent += static_cast<std::size_t>(more);
      }
      pollfd line{.fd = fd, .events = POLLIN, .revents = 0};
      char bytes[4'096];
      while (::poll(&line, 1, static_cast<int>(wait.count())) == 1) {
        const auto got = ::recv(fd, bytes, sizeof bytes, 0);
        if (got <= 0) break;
        heard.append(bytes, static_cast<std::size_t>(got));
      }
    }
    ::close(fd);
    return heard;
  }

  twin::record::ScratchFolder folder_;
  bool store_;
  std::set<int> acknowledged_;
  bool known_ = false, fresh_ = false;
  int port_ = 0;
};

}  // namespace apps::fabtwin
