// A program beside a test: started, killed, waited for; its words go to a file.
#pragma once
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace apps::fabtwin {

class Child {
 public:
  // words: the program's path, then its arguments. Standard output and error go to `words_to`.
  Child(std::vector<std::string> words, const std::filesystem::path& words_to) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    id_ = ::fork();
    if (id_ != 0) return;
    const int file = ::open(words_to.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file < 0 || ::dup2(file, STDOUT_FILENO) < 0 || ::dup2(file, STDERR_FILENO) < 0)
      ::_exit(125);
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

 private:
  pid_t id_ = -1;
};

}  // namespace apps::fabtwin
