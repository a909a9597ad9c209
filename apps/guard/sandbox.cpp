#include "apps/guard/sandbox.hpp"

#include <grp.h>
#include <pwd.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "twin/core/error.hpp"

namespace apps::guard {
namespace {

void require(bool done, const std::string& what) {
  if (!done) throw twin::core::Error(what + " (" + std::strerror(errno) + ")");
}

}  // namespace

void close_inherited() {
  require(::close_range(3, ~0U, 0) == 0, "cannot close inherited descriptors");
}

void become(const std::string& user) {
  if (::geteuid() != 0) return;
  errno = 0;
  const passwd* entry = ::getpwnam(user.c_str());
  if (entry == nullptr || entry->pw_uid == 0)
    throw twin::core::Error("user " + user + " (there is none, or it is root) adduser --system " +
                            user + "?");
  require(::setgroups(0, nullptr) == 0 &&
              ::setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) == 0 &&
              ::setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) == 0,
          "cannot become user " + user);
  require(::setresuid(0, 0, 0) != 0, "root was not given up");
}

void confine() {
  const rlimit none{0, 0};
  require(::setrlimit(RLIMIT_CORE, &none) == 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0 &&
              ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0,
          "cannot give up privileges");
  if (!Confines) return;
  const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_KILL_PROCESS);
  require(filter != nullptr, "cannot make a system-call filter");
  int failed = 0;
  for (const int call : {SCMP_SYS(accept4),
                         SCMP_SYS(poll),
                         SCMP_SYS(ppoll),
                         SCMP_SYS(recvfrom),
                         SCMP_SYS(sendto),
                         SCMP_SYS(write),
                         SCMP_SYS(fdatasync),
                         SCMP_SYS(close),
                         SCMP_SYS(clock_gettime),
                         SCMP_SYS(brk),
                         SCMP_SYS(munmap),
                         SCMP_SYS(mremap),
                         SCMP_SYS(madvise),
                         SCMP_SYS(futex),
                         SCMP_SYS(rt_sigreturn),
                         SCMP_SYS(rt_sigprocmask),
                         SCMP_SYS(restart_syscall),
                         SCMP_SYS(getpid),
                         SCMP_SYS(gettid),
                         SCMP_SYS(tgkill),
                         SCMP_SYS(exit),
                         SCMP_SYS(exit_group)}) {
    failed |= ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
  }
  // Memory, but none that holds a file or can be executed.
  failed |= ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                               SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
  failed |= ::seccomp_load(filter);
  ::seccomp_release(filter);
  require(failed == 0, "cannot load the system-call filter");
}

}  // namespace apps::guard
