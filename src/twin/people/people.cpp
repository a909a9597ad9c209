// See the header.
#include "twin/people/people.hpp"

#include <algorithm>
#include <utility>

namespace twin::people {

const Case* People::find(std::string_view id) const {
  const auto at = id_.find(id);
  return at == id_.end() ? nullptr : &cases_.at(at->second);
}

void People::apply(const core::Note& note) {
  if (note.kind == DecisionNote) {
    const auto entry = entry_of<DecisionEntry>(note);
    Trail trail = trail_;
    trail.follow(note, entry.number, entry.chain);
    const Case* before = find(entry.id);
    Case now = after(before, entry);
    const std::uint64_t number = before == nullptr ? entry.number : id_.find(entry.id)->second;
    cases_[number] = std::move(now);
    id_[entry.id] = number;
    trail_ = trail;
    forget();
  } else if (note.kind == AccountNote) {
    const auto entry = entry_of<AccountEntry>(note);
    Trail trail = trail_;
    trail.follow(note, entry.number, entry.chain);
    accounts_.apply(entry);
    trail_ = trail;
  }
}

core::Note People::note(const Case* one, const Asked& asked, const Moment& moment) const {
  return note_of(DecisionNote, entry_for(trail_, one, asked, moment));
}

core::Note People::note(AccountEntry entry) const {
  entry.number = trail_.size();
  entry.chain = trail_.head();
  return note_of(AccountNote, entry);
}

// A part of the fold, so that what is forgotten is a function of the entries too.
void People::forget() {
  const auto at =
      std::ranges::find_if(cases_, [](const auto& c) { return has_ended(c.second.stage); });
  if (cases_.size() <= CasesMax || at == cases_.end()) return;
  id_.erase(at->second.content.id);
  cases_.erase(at);
}

}  // namespace twin::people
