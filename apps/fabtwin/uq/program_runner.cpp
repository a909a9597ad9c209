#include "apps/fabtwin/uq/program_runner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <iterator>
#include <string_view>
#include <thread>
#include <utility>

#include "twin/core/expect.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::uq::RunEnd;
using twin::uq::RunOutcome;
using ProgramClock = std::chrono::steady_clock;

constexpr std::size_t LineMax = 1U << 20;
constexpr std::size_t ComplaintMax = 400;  // bytes of its last words that are kept

// The numbers of a line; what is wrong with it where it has something else.
RunOutcome numbers_in(std::string_view line) {
  RunOutcome outcome;
  for (std::size_t at = 0;;) {
    at = line.find_first_not_of(" \t\r", at);
    if (at == line.npos) return outcome;
    const std::size_t stop = std::min(line.find_first_of(" \t\r", at), line.size());
    const std::string_view word = line.substr(at, stop - at);
    double value = 0.0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
    if (read.ec != std::errc{} || read.ptr != word.data() + word.size())
      return {.end = RunEnd::Died,
              .problem = fmt::format("answered '{}', which is no number",
                                     word.substr(0, std::min<std::size_t>(word.size(), 80)))};
    outcome.y.push_back(value);
    at = stop;
  }
}

void close_it(int& file) {
  if (file >= 0) ::close(std::exchange(file, -1));
}

// In the child, between fork and exec: nothing that allocates.
[[noreturn]] void become_program(char* const* words, int line, int complaints, int failed) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(line, STDIN_FILENO);
  ::dup2(line, STDOUT_FILENO);
  ::dup2(complaints, STDERR_FILENO);
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
  ::execvp(words[0], words);
  const int why = errno;
  static_cast<void>(::write(failed, &why, sizeof why));
  ::_exit(127);
}

}  // namespace

ProgramRunner::ProgramRunner(std::vector<std::string> words) : words_(std::move(words)) {
  TWIN_EXPECT(!words_.empty());
}

ProgramRunner::~ProgramRunner() { end(); }

std::string ProgramRunner::start() {
  std::vector<char*> words;
  for (std::string& word : words_) words.push_back(word.data());
  words.push_back(nullptr);
  int line[2], complaints[2], failed[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) != 0) return std::strerror(errno);
  if (::pipe2(complaints, O_CLOEXEC) != 0) {
    const int why = errno;
    ::close(line[0]), ::close(line[1]);
    return std::strerror(why);
  }
  if (::pipe2(failed, O_CLOEXEC) != 0) {
    const int why = errno;
    ::close(line[0]), ::close(line[1]), ::close(complaints[0]), ::close(complaints[1]);
    return std::strerror(why);
  }
  id_ = ::fork();
  if (id_ == 0) become_program(words.data(), line[1], complaints[1], failed[1]);
  const int why_no_fork = errno;
  ::close(line[1]), ::close(complaints[1]), ::close(failed[1]);
  line_ = line[0], complaints_ = complaints[0];
  heard_.clear(), complained_.clear();
  int why = 0;
  ssize_t got = 0;
  if (id_ > 0) {
    while ((got = ::read(failed[0], &why, sizeof why)) < 0 && errno == EINTR) {
    }
  }
  ::close(failed[0]);
  if (id_ > 0 && got == 0) {
    for (const int file : {line_, complaints_}) ::fcntl(file, F_SETFL, O_NONBLOCK);
    return {};
  }
  if (id_ > 0) {
    end();
  } else {
    why = why_no_fork;
    close_it(line_), close_it(complaints_);
  }
  return std::strerror(why);
}

std::string ProgramRunner::end() {
  if (id_ <= 0) return {};
  ::kill(-id_, SIGKILL);
  ::kill(id_, SIGKILL);  // before it is the head of its group
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  listen_to_complaints();
  id_ = -1;
  close_it(line_), close_it(complaints_);
  std::string how = WIFEXITED(status) ? fmt::format("ended with status {}", WEXITSTATUS(status))
                                      : fmt::format("was ended by signal {}", WTERMSIG(status));
  while (!complained_.empty() && complained_.back() == '\n') complained_.pop_back();
  if (!complained_.empty())
    how += ": " + complained_.substr(complained_.rfind('\n') + 1);  // its last line says most
  return how;
}

void ProgramRunner::listen_to_complaints() {
  char bytes[4'096];
  for (ssize_t got = 0; complaints_ >= 0 && (got = ::read(complaints_, bytes, sizeof bytes)) > 0;) {
    complained_.append(bytes, static_cast<std::size_t>(got));
    if (complained_.size() > ComplaintMax) complained_.erase(0, complained_.size() - ComplaintMax);
  }
}

// It has closed its line, as a program does that ends: a moment later it has ended, by itself.
void ProgramRunner::let_end() const {
  for (int k = 0; k < 100; ++k) {
    siginfo_t ended{};
    const int asked = ::waitid(P_PID, static_cast<id_t>(id_), &ended, WEXITED | WNOHANG | WNOWAIT);
    if (asked != 0 || ended.si_pid != 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// Whether it has said something that nobody asked for, or has ended since.
bool ProgramRunner::is_out_of_step() {
  char byte = 0;
  return !heard_.empty() || ::recv(line_, &byte, 1, MSG_PEEK) >= 0;
}

RunOutcome ProgramRunner::run(std::span<const double> x, double deadline) {
  TWIN_EXPECT(!x.empty());
  if (id_ > 0 && is_out_of_step()) end();
  const bool is_old = id_ > 0;
  RunOutcome outcome = ask(x, deadline);
  // It ended after its last answer, as it may, while it was being asked: that is no matter of this run.
  const bool had_ended =
      is_old && outcome.end == RunEnd::Died && id_ <= 0 && heard_.empty() && at_its_end_;
  return had_ended ? ask(x, deadline) : outcome;
}

RunOutcome ProgramRunner::ask(std::span<const double> x, double deadline) {
  at_its_end_ = false;
  if (id_ <= 0) {
    if (const std::string why = start(); !why.empty())
      return {.end = RunEnd::Away,
              .problem = fmt::format("cannot start '{}' ({})", words_.front(), why)};
  }
  std::string asked;
  for (const double v : x) fmt::format_to(std::back_inserter(asked), "{} ", v);
  asked.back() = '\n';
  const auto begun = ProgramClock::now();
  std::size_t sent = 0;
  for (;;) {
    const double left =
        deadline - std::chrono::duration<double>(ProgramClock::now() - begun).count();
    if (deadline > 0.0 && left <= 0.0) {
      end();
      return {.end = RunEnd::Hung, .problem = fmt::format("took more than {:g} s", deadline)};
    }
    const auto wanted = static_cast<short>(sent < asked.size() ? POLLIN | POLLOUT : POLLIN);
    pollfd files[] = {{line_, wanted, 0}, {complaints_, POLLIN, 0}};
    // Its standard error may be closed while it goes on: then it is not listened to any more.
    const nfds_t count = complaints_ >= 0 ? 2 : 1;
    const int patience =
        deadline > 0.0 ? std::clamp(static_cast<int>(left * 1e3) + 1, 1, 1'000) : 1'000;
    if (::poll(files, count, patience) < 0 && errno != EINTR)
      return {.end = RunEnd::Away, .problem = std::strerror(errno)};
    if (count == 2 && files[1].revents != 0) {
      listen_to_complaints();
      if ((files[1].revents & POLLIN) == 0) close_it(complaints_);
    }
    if ((files[0].revents & POLLOUT) != 0 && sent < asked.size()) {
      const auto put = ::send(line_, asked.data() + sent, asked.size() - sent, MSG_NOSIGNAL);
      if (put > 0) sent += static_cast<std::size_t>(put);
    }
    if ((files[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
    char bytes[16'384];
    const auto got = ::recv(line_, bytes, sizeof bytes, 0);
    if (got > 0) heard_.append(bytes, static_cast<std::size_t>(got));
    const std::size_t stop = heard_.find('\n');
    if (stop != heard_.npos) {
      const RunOutcome outcome = numbers_in(std::string_view(heard_).substr(0, stop));
      heard_.erase(0, stop + 1);
      return outcome;
    }
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
      let_end();
      at_its_end_ = true;
      return {.end = RunEnd::Died, .problem = end()};
    }
    if (heard_.size() > LineMax) {
      end();
      return {.end = RunEnd::Died, .problem = "answered more than a line of 1 MiB"};
    }
  }
}

}  // namespace apps::fabtwin::uq
