// fabtwin-guard: the process that signs permits. docs/guard.md says how to set it up.
#include <unistd.h>

#include <cstdio>

#include "apps/guard/conduit.hpp"
#include "apps/guard/sandbox.hpp"
#include "twin/core/error.hpp"

namespace {

using namespace apps::guard;  // NOLINT(google-build-using-namespace)
namespace guard = twin::guard;

int run(const std::vector<std::string>& words) {
  if (words.size() != 7) {
    std::fputs(
        "usage: fabtwin-guard LIMITS AUTHORITY KEY LEDGER SOCKET USER\n"
        "LIMITS, KEY, LEDGER and SOCKET are files, AUTHORITY is the public key that signed the "
        "limits,\n"
        "USER is who root becomes.\n",
        stderr);
    return 2;
  }
  close_inherited();
  guard::PublicKey authority{};
  if (!guard::read(words[2], authority))
    throw twin::core::Error("AUTHORITY (must be 64 hexadecimal digits)");
  guard::Limits limits = guard::read_limits(read_all(words[1], 077), authority);
  const guard::Seed seed = read_seed(words[3]);
  LedgerFile file = open_ledger(words[4]);
  watch_for_stop();
  const Descriptor listening = listen_at(words[5]);
  become(words[6]);
  guard::Guard guard(std::move(limits), seed, std::move(file.ledger), file.chain);
  std::fputs("fabtwin-guard: ready\n", stderr);
  ::close(STDIN_FILENO);
  ::close(STDOUT_FILENO);
  confine();
  serve(guard, listening, file.file);
  return 74;  // the ledger cannot be written: nothing more is permitted
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(std::vector<std::string>(words, words + count));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fabtwin-guard: %s\n", e.what());
    return 78;
  }
}
