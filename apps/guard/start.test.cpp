// If these failed, the guard's process would begin as root, with descriptors that are not its own, or with
// a ledger that ends in half a line.
#include "apps/guard/start.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "apps/guard/conduit.hpp"
#include "twin/core/error.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::guard {
namespace {

// The exit status of a child that did this.
int ended_start(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(GuardStart, GivesRootUpForGood) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  EXPECT_EQ(ended_start([] {
              become("nobody");
              return ::getuid() != 0 && ::geteuid() != 0 && ::setuid(0) != 0 &&
                             ::getgroups(0, nullptr) == 0
                         ? 7
                         : 8;
            }),
            7);
  EXPECT_THROW(become("no-such-user"), twin::core::Error);
  EXPECT_THROW(become("root"), twin::core::Error);
}

TEST(GuardStart, InheritsNothing) {
  EXPECT_EQ(ended_start([] {
              const int inherited = ::open("/dev/null", O_RDONLY);
              close_inherited();
              return inherited > 2 && ::fcntl(inherited, F_GETFD) == -1 && ::fcntl(2, F_GETFD) != -1
                         ? 7
                         : 8;
            }),
            7);
}

TEST(GuardStart, LeavesTheGuardFourDescriptorsAndWholeLines) {
  const twin::record::ScratchFolder folder("guard_start");
  for (const auto& [name, text] :
       {std::pair{"limits", "the limits"}, {"key", "the key"}, {"ledger", "one line\nhalf a li"}}) {
    std::ofstream(folder / name) << text;
    std::filesystem::permissions(folder / name, std::filesystem::perms(0600));
  }
  EXPECT_EQ(
      ended_start([&] {
        close_inherited();
        open_site({folder / "limits", folder / "key", folder / "ledger", folder / "socket", ""});
        return read_rest(LimitsIn) == "the limits" && read_rest(KeyIn) == "the key" &&
                       read_rest(LedgerIn) == "one line\n" &&
                       std::filesystem::is_socket(folder / "socket") &&
                       ::fcntl(ListeningIn, F_GETFD) == 0 && ::fcntl(5, F_GETFD) == -1
                   ? 7
                   : 8;
      }),
      7);
  EXPECT_EQ(std::filesystem::file_size(folder / "ledger"), 9U);
}

}  // namespace
}  // namespace apps::guard
