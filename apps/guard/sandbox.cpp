#include "apps/guard/sandbox.hpp"

#include <seccomp.h>
#include <sys/mman.h>

#include "twin/core/error.hpp"
#include "twin/guard/text.hpp"

namespace apps::guard {
void confine() {
  static constexpr std::string_view Calls =
      "accept4 poll ppoll recvfrom sendto write fdatasync close clock_gettime brk munmap mremap "
      "madvise futex rt_sigreturn rt_sigprocmask restart_syscall getpid gettid tgkill exit "
      "exit_group";
  if (!Confines) return;
  const scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_KILL_PROCESS);
  int failed = filter == nullptr ? 1 : 0;
  for (const std::string_view name : twin::guard::split(Calls, ' ')) {
    const int call = ::seccomp_syscall_resolve_name(std::string(name).c_str());
    failed |= ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
  }
  // Memory, but none that holds a file or can be executed.
  failed |= ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                               SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
  failed |= ::seccomp_load(filter);
  ::seccomp_release(filter);
  if (failed != 0) throw twin::core::Error("cannot load the system-call filter");
}

}  // namespace apps::guard
