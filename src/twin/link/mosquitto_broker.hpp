// A real Mosquitto for tests: on a free loopback port, with a configuration of our own, without
// persistence, so that a kill loses all that it held.
#pragma once
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace twin::link {

// A loopback port that nobody listened on a moment ago; 0: none could be had.
inline int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  const bool good =
      fd >= 0 && ::bind(fd, plain, length) == 0 && ::getsockname(fd, plain, &length) == 0;
  if (fd >= 0) ::close(fd);
  return good ? ntohs(address.sin_port) : 0;
}

inline bool answers(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool up = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return up;
}

class MosquittoBroker {
 public:
  static constexpr const char* Program = "/usr/sbin/mosquitto";

  [[nodiscard]] static bool present() { return ::access(Program, X_OK) == 0; }

  // `more` are further lines of its configuration.
  explicit MosquittoBroker(const std::string& more = "") : port_(free_port()) {
    folder_ = std::filesystem::temp_directory_path() /
              ("fabtwin-mosquitto-" + std::to_string(::getpid()) + "-" + std::to_string(port_));
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "conf") << "listener " << port_ << " 127.0.0.1\n"
                                    << "persistence false\nlog_type none\nallow_anonymous true\n"
                                    << "max_queued_messages 0\n"
                                    << more;
    start();
  }
  MosquittoBroker(const MosquittoBroker&) = delete;
  MosquittoBroker& operator=(const MosquittoBroker&) = delete;
  ~MosquittoBroker() {
    stop(SIGTERM);
    std::filesystem::remove_all(folder_);
  }

  void start() {
    const std::string conf = folder_ / "conf";
    char* const argv[] = {const_cast<char*>(Program), const_cast<char*>("-c"),
                          const_cast<char*>(conf.c_str()), nullptr};
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    if (::posix_spawn(&pid_, Program, &quiet, nullptr, argv, environ) != 0) pid_ = 0;
    posix_spawn_file_actions_destroy(&quiet);
    for (int k = 0; k < 500 && !answers(port_); ++k)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  void stop(int signal) {
    if (pid_ == 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  [[nodiscard]] int port() const { return port_; }

 private:
  int port_ = 0;
  pid_t pid_ = 0;
  std::filesystem::path folder_;
};

}  // namespace twin::link
