// Any text as what the guard reads at its start: limits (as if they were signed) and the ledger, and
// what a link reads as a permit. Read, or refused with core::Error.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/guard/example.hpp"
#include "twin/guard/rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace twin::guard;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Limits limits = read_limits(example::signed_limits(std::string(text)), example::Authority,
                                      example::quick_verify);
    expect_rules(limits);
    for (const ActionClass& c : limits.classes) TWIN_ENSURE(c.kind == "action" || c.persons >= 2);
    for (const Allowed& a : limits.allowed) TWIN_ENSURE(named(limits.classes, a.action) != nullptr);
  } catch (const twin::core::Error&) {
  }
  try {
    static_cast<void>(read_ledger(text));
  } catch (const twin::core::Error&) {
  }
  Gate gate(example::GuardSeed, example::Now, example::quick_verify);
  if (gate.take(text, example::Now, 0)) TWIN_ENSURE(!gate.take(text, example::Now, 0));
  return 0;
}
