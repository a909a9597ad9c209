// fabtwin-guard-kernel: the process that signs permits. `fabtwin-guard` becomes it, once limits, key,
// ledger and socket are open. Everything that it is made of is counted (tests/guard_size.test.cpp).
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "apps/guard/sandbox.hpp"
#include "apps/guard/serve.hpp"
#include "twin/core/error.hpp"

namespace {

using namespace apps::guard;  // NOLINT(google-build-using-namespace)
namespace guard = twin::guard;

int run(std::string_view authority_word) {
  ::prctl(PR_SET_DUMPABLE, 0);  // neither a core file nor a debugger shows the key
  guard::PublicKey authority{};
  guard::Seed seed{};
  std::string key = read_rest(KeyIn);
  if (!guard::read(authority_word, authority) ||
      !guard::read(std::string_view(key).substr(0, key.find('\n')), seed))
    throw twin::core::Error("AUTHORITY or KEY (must be 64 hexadecimal digits)");
  ::explicit_bzero(key.data(), key.size());
  guard::Limits limits = guard::read_limits(read_rest(LimitsIn), authority);
  guard::Ledger ledger = guard::read_ledger(read_rest(LedgerIn));
  watch_for_stop();
  guard::Guard guard(std::move(limits), seed, std::move(ledger));
  std::fputs("fabtwin-guard: ready\n", stderr);
  ::close(LimitsIn);
  ::close(KeyIn);
  confine();
  serve(guard, ListeningIn, LedgerIn);
  return 74;  // the ledger cannot be written: nothing more is permitted
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(count == 2 ? words[1] : "");
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fabtwin-guard: %s\n", e.what());
    return 78;
  }
}
