// Any text as what the guard reads at its start: limits (as if they were signed) and the ledger, and
// what a link reads as a permit. Read, or refused with core::Error; a ledger that is read is written
// the same again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/guard/example.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace twin::guard;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Limits limits = read_limits(example::signed_limits(std::string(text)), example::Authority,
                                      example::quick_verify);
    for (const ActionClass& c : limits.classes) TWIN_ENSURE(c.kind == "action" || c.persons >= 2);
    for (const Allowed& a : limits.allowed) TWIN_ENSURE(named(limits.classes, a.action) != nullptr);
  } catch (const twin::core::Error&) {
  }
  std::uint64_t chain = 0;
  std::size_t whole = 0;
  try {
    static_cast<void>(read_ledger(text, chain, whole));
    TWIN_ENSURE(whole <= text.size());
  } catch (const twin::core::Error&) {
  }
  Gate gate(example::GuardSeed, example::Now, example::quick_verify);
  if (gate.take(text, example::Now, 0)) TWIN_ENSURE(!gate.take(text, example::Now, 0));
  return 0;
}
