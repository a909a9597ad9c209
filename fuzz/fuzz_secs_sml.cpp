// SML: any text is messages or a core::Error; what was read is printed, and read again as the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/link/secs/codec.hpp"
#include "twin/link/secs/sml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace twin::link::secs;
  try {
    const auto messages =
        messages_from_sml(std::string_view(reinterpret_cast<const char*>(data), size));
    std::string text;
    for (const Message& message : messages) {
      text += sml(message, Layout::Indented) + "\n";
      if (!message.body) continue;
      const auto result = decode(encoded(*message.body), {.depth = 40});
      if (!(std::get<Item>(result) == *message.body)) std::abort();
    }
    if (!(messages_from_sml(text) == messages)) std::abort();
  } catch (const twin::core::Error& error) {
    if (error.place().line == 0 || error.place().column.empty()) std::abort();
  }
  return 0;
}
