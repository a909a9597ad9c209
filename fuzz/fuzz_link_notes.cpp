// Any text as the notes of a record from which a door learns what it has to remember: the first byte
// of a line is the kind of the note. Whatever they say, the memory that comes of it can be saved,
// given back, and worked with.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twin/core/archive.hpp"
#include "twin/core/expect.hpp"
#include "twin/link/door_example.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace twin::link;  // NOLINT(google-build-using-namespace)
  static constexpr std::array Kinds = {"names", "quarantine", "release",  "alarm",
                                       "clock", "gap",        "forecast", ""};
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Site site;
  site.take(site.move(1));
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    const std::string_view note = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (note.empty()) continue;
    const auto kind = Kinds[static_cast<unsigned char>(note[0]) % Kinds.size()];
    site.door.learn(
        twin::core::Note{.at = Start, .kind = kind, .text = std::string(note.substr(1))});
  }
  const DoorMemory memory = site.door.memory();
  const auto again = twin::core::load<DoorMemory>(twin::core::save(memory));
  TWIN_ENSURE(again == memory);
  site.door.restore(again);
  site.take(site.move(5));
  site.door.pass(Start + 100'000);
  static_cast<void>(site.door.sources(Start));
  static_cast<void>(site.door.gaps());
  return 0;
}
