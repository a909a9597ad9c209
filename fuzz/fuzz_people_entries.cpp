// Any text as what people's readers take: a recommendation, rules, and the notes of a trail. Read, or refused with
// core::Error; what is read is written the same again, and a fold that refuses is as it was.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/people/example.hpp"
#include "twin/people/people.hpp"

namespace {

using namespace twin::people;  // NOLINT(google-build-using-namespace)

template <class T>
void read(std::string_view text) {
  try {
    const T x = from_json<T>(text, "input");
    const std::string again = to_json(x);
    TWIN_ENSURE(from_json<T>(again, "again") == x);
    TWIN_ENSURE(to_json(from_json<T>(again, "again")) == again);
  } catch (const twin::core::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read<Recommendation>(text);
  read<Rules>(text);
  static_cast<void>(Secret::read(text));
  // A line a note, the first letter its kind.
  People people;
  std::string_view left = text;
  for (int k = 0; k < 20 && !left.empty(); ++k) {
    const std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    if (line.empty()) continue;
    const bool decision = line[0] == 'd';
    twin::core::Note note{.at = example::Now,
                          .kind = std::string(decision ? DecisionNote : AccountNote),
                          .text = std::string(line.substr(1))};
    const People before = people;
    try {
      people.apply(note);
      TWIN_ENSURE(people.trail().size() == before.trail().size() + 1);
    } catch (const twin::core::Error&) {
      TWIN_ENSURE(people == before);
    }
  }
  return 0;
}
