// If these failed, whoever took over the guard's process could open files, sockets or programs.
#include "apps/guard/sandbox.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <functional>
#include <vector>

namespace apps::guard {
namespace {

// How a child ended that did this: its exit status, or 1000 and the signal.
int ended(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

int confined(const std::function<int()>& work) {
  return ended([&] {
    confine();
    return work();
  });
}

TEST(GuardSandbox, LeavesWhatAnsweringTakes) {
  EXPECT_EQ(confined([] {
              std::vector<int> much(1'000'000, 1);
              timespec t{};
              return ::clock_gettime(CLOCK_REALTIME, &t) == 0 && much.back() == 1 ? 7 : 8;
            }),
            7);
}

TEST(GuardSandbox, EndsWhoeverWantsMore) {
  if (!Confines) GTEST_SKIP() << "this build's runtime needs calls that the sandbox forbids";
  const int killed = 1000 + SIGSYS;
  EXPECT_EQ(confined([] { return ::open("/etc/hostname", O_RDONLY); }), killed);
  EXPECT_EQ(confined([] { return ::socket(AF_INET, SOCK_STREAM, 0); }), killed);
  EXPECT_EQ(confined([] { return ::socket(AF_UNIX, SOCK_STREAM, 0); }), killed);
  EXPECT_EQ(confined([] { return ::execl("/bin/true", "true", nullptr); }), killed);
  EXPECT_EQ(confined([] { return static_cast<int>(::fork()); }), killed);
  EXPECT_EQ(confined([] { return ::kill(::getppid(), 0); }), killed);
  EXPECT_EQ(confined([] { return ::unlink("/nothing"); }), killed);
  EXPECT_EQ(confined([] { return ::mprotect(nullptr, 4096, PROT_READ | PROT_EXEC); }), killed);
  EXPECT_EQ(confined([] {
              const void* page =
                  ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              return page == MAP_FAILED ? 1 : 0;
            }),
            killed);
  EXPECT_EQ(confined([] { return static_cast<int>(::syscall(SYS_ptrace, 0, 0, 0, 0)); }), killed);
}

}  // namespace
}  // namespace apps::guard
