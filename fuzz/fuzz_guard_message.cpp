// Any text as a message to the guard: refused with a reason, or granted with a permit for exactly the
// bytes of the command that it holds in its one spelling.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "twin/core/expect.hpp"
#include "twin/guard/example.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace twin::guard;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto command = read_command(text)) TWIN_ENSURE(show(*command) == text);
  static const Limits Known = example::limits();
  Guard guard(Known, example::GuardSeed, {}, example::quick_verify, example::quick_sign);
  const Answer answer = guard.answer(text, example::Now);
  if (!answer.text.starts_with("granted\n")) return 0;
  const auto request = read_request(text);
  TWIN_ENSURE(request && !answer.entry.empty());
  const Command& command = request->command;
  TWIN_ENSURE(show(command) == request->command_text);
  Gate gate(example::GuardSeed, example::Now, example::quick_verify);
  const auto permit =
      gate.take(std::string_view(answer.text).substr(answer.text.find('\n') + 1), example::Now, 0);
  TWIN_ENSURE(permit && permit->allows(command.tool, command.bytes));
  TWIN_ENSURE(guard.answer(text, example::Now).text.starts_with("refused "));
  return 0;
}
