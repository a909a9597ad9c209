// fabtwin-guard: starts the process that signs permits. docs/guard.md says how to set it up.
#include <cstdio>
#include <exception>

#include "apps/guard/start.hpp"

int main(int count, char** words) {
  using namespace apps::guard;  // NOLINT(google-build-using-namespace)
  if (count != 7) {
    std::fputs(
        "usage: fabtwin-guard LIMITS AUTHORITY KEY LEDGER SOCKET USER\n"
        "LIMITS, KEY, LEDGER and SOCKET are files, AUTHORITY is the public key that signed the "
        "limits,\n"
        "USER is who root becomes.\n",
        stderr);
    return 2;
  }
  try {
    close_inherited();
    open_site({words[1], words[3], words[4], words[5], words[6]});
    become(words[6]);
    become_kernel(words[2]);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fabtwin-guard: %s\n", e.what());
    return 78;
  }
}
