// The chain of all that people did: each entry holds the number and the digest of the one before, so that
// none can be altered, left out or moved without the next one saying so. The newest digest, kept
// elsewhere, says the same of the end.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "twin/core/record.hpp"
#include "twin/people/digest.hpp"
#include "twin/people/table.hpp"

namespace twin::people {

inline constexpr std::string_view DecisionNote = "people.decision", AccountNote = "people.account",
                                  OutcomeNote = "people.outcome";

class Trail {
 public:
  [[nodiscard]] std::uint64_t size() const { return size_; }  // [entries]
  [[nodiscard]] const Digest& head() const { return head_; }  // of the last; zeros: none yet

  // Takes an entry that says of itself that it is `number` and stands behind `chain`. Throws core::Error where that
  // is not so, and is unchanged then.
  void follow(const core::Note& note, std::uint64_t number, const Digest& chain);

  bool operator==(const Trail&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("size", self.size_);
    archive("head", self.head_);
  }

 private:
  std::uint64_t size_ = 0;
  Digest head_;
};

// An entry with members number, chain and at as a note of the record, and back. Throws core::Error.
template <Tabled E>
[[nodiscard]] core::Note note_of(std::string_view kind, const E& entry) {
  return {.at = entry.at, .kind = std::string(kind), .text = to_json(entry)};
}
template <Tabled E>
[[nodiscard]] E entry_of(const core::Note& note) {
  const E entry = from_json<E>(note.text, note.kind);
  // Two spellings of one entry would have two digests.
  if (to_json(entry) != note.text || entry.at != note.at)
    refuse(note.kind, "is not as it was written");
  return entry;
}

}  // namespace twin::people
