// A program beside a test: started, killed, waited for; its words go to a file.
#pragma once
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "apps/fabtwin/files.hpp"

namespace apps::fabtwin {

class Child {
 public:
  // words: the program's path, then its arguments. Standard output and error are added to `words_to`.
  Child(const std::vector<std::string>& words, const std::filesystem::path& words_to)
      : Child(words, words_to, words_to) {}
  // Each to a file of its own.
  Child(std::vector<std::string> words, const std::filesystem::path& out,
        const std::filesystem::path& err) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    id_ = ::fork();
    if (id_ != 0) return;
    const auto redirect = [](const std::filesystem::path& to, int from) {
      const int file = ::open(to.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      if (file < 0 || ::dup2(file, from) < 0) ::_exit(125);
    };
    redirect(out, STDOUT_FILENO);
    redirect(err, STDERR_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(126);
  }
  ~Child() {
    if (id_ > 0) end(SIGKILL);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Sends the signal and waits; the exit status, 128 + N where signal N ended it.
  int end(int signal) {
    ::kill(id_, signal);
    return wait();
  }
  int wait() {
    int status = 0;
    ::waitpid(id_, &status, 0);
    id_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  [[nodiscard]] pid_t id() const { return id_; }          // -1: it has been waited for
  void signal(int number) const { ::kill(id_, number); }  // and goes on
  [[nodiscard]] bool running() const {                    // its status is left for wait()
    siginfo_t ended{};
    return id_ > 0 &&
           ::waitid(P_PID, static_cast<id_t>(id_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid == 0;
  }
  // Whether it deals with the signal itself by now, as /proc says: before, the signal would just end it.
  [[nodiscard]] bool catches(int number) const {
    std::ifstream status("/proc/" + std::to_string(id_) + "/status");
    for (std::string word; status >> word;) {
      std::uint64_t caught = 0;
      if (word == "SigCgt:" && status >> std::hex >> caught)
        return (caught >> (number - 1) & 1U) != 0;
    }
    return false;
  }

 private:
  pid_t id_ = -1;
};

// How a program ended, and its words.
struct Ended {
  int status = -1;
  std::string out, err;
};

// Runs this project's program, one at a time, for the tests of a folder.
class Programs {
 public:
  explicit Programs(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] Child start(std::vector<std::string> words) const {
    words.insert(words.begin(), FABTWIN_PROGRAM);
    for (const char* name : {"out", "err"}) std::filesystem::remove(folder_ / name);
    return {std::move(words), folder_ / "out", folder_ / "err"};
  }
  [[nodiscard]] Ended wait_for(Child& child) const { return ended(child.wait()); }
  [[nodiscard]] Ended end(Child& child, int signal) const { return ended(child.end(signal)); }
  [[nodiscard]] Ended run(std::vector<std::string> words) const {
    Child child = start(std::move(words));
    return wait_for(child);
  }

 private:
  [[nodiscard]] Ended ended(int status) const { return {status, said("out"), said("err")}; }
  // Nothing, where it was killed before it had opened the file.
  [[nodiscard]] std::string said(const char* name) const {
    return std::filesystem::exists(folder_ / name) ? read_text((folder_ / name).string())
                                                   : std::string();
  }
  std::filesystem::path folder_;
};

}  // namespace apps::fabtwin
