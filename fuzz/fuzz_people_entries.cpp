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

// One recommendation, which was rejected.
People rejected() {
  People people;
  const Moment moment{.now = example::Now, .state = {0x0123456789ABCDEF}, .target = {42}};
  Asked a{.id = "R-1", .actor = "twin", .content = example::advice()};
  people.apply(people.note(nullptr, a, moment));
  a = {.id = "R-1",
       .step = Step::Reject,
       .actor = "bob",
       .capacity = Capacity::Approver,
       .reason = Reason::NotNow};
  people.apply(people.note(people.find("R-1"), a, moment));
  return people;
}

std::string_view kind_of(char letter) {
  return letter == 'd' ? DecisionNote : letter == 'o' ? OutcomeNote : AccountNote;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read<Recommendation>(text);
  read<Rules>(text);
  read<OutcomeEntry>(text);
  static_cast<void>(Secret::read(text));
  // A line a note, the first letter its kind.
  // An outcome alone is never accepted: there is no case of that name, unless the record began with one.
  People people = text.starts_with('R') ? rejected() : People();
  std::string_view left = text;
  for (int k = 0; k < 20 && !left.empty(); ++k) {
    const std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    if (line.empty()) continue;
    twin::core::Note note{.at = example::Now,
                          .kind = std::string(kind_of(line[0])),
                          .text = std::string(line.substr(1))};
    const People before = people;
    try {
      // As the fold wants it: the number and the digest of a chain, nobody guesses.
      if (note.kind == OutcomeNote) note = people.note(from_json<OutcomeEntry>(note.text, "input"));
      people.apply(note);
      TWIN_ENSURE(people.trail().size() == before.trail().size() + 1);
    } catch (const twin::core::Error&) {
      TWIN_ENSURE(people == before);
    }
  }
  return 0;
}
