// See the header.
#include "twin/people/trail.hpp"

#include <fmt/format.h>

namespace twin::people {

void Trail::follow(const core::Note& note, std::uint64_t number, const Digest& chain) {
  if (number != size_)
    refuse(note.kind, fmt::format("entry {} stands where {} should", number, size_));
  if (chain != head_)
    refuse(note.kind, fmt::format("entry {} does not stand behind the one before it", number));
  head_ = sha256(fmt::format("{}\n{}\n{}\n{}", head_.show(), note.at, note.kind, note.text));
  ++size_;
}

}  // namespace twin::people
