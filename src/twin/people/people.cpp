// See the header.
#include "twin/people/people.hpp"

#include <algorithm>
#include <utility>

namespace twin::people {

const Case* People::find(std::string_view id) const {
  const auto at = id_.find(id);
  return at == id_.end() ? nullptr : &cases_.at(at->second);
}

const Sequel* People::sequel(std::string_view id) const {
  const auto at = id_.find(id);
  return at == id_.end() ? nullptr : &sequels_.at(at->second);
}

void People::apply(const core::Note& note) {
  if (note.kind == DecisionNote) decide(note);
  if (note.kind == AccountNote) account(note);
  if (note.kind == OutcomeNote) learn(note);
}

void People::decide(const core::Note& note) {
  const auto entry = entry_of<DecisionEntry>(note);
  Trail trail = trail_;
  trail.follow(note, entry.number, entry.chain);
  const Case* before = find(entry.id);
  Case now = after(before, entry);
  const std::uint64_t number = before == nullptr ? entry.number : id_.find(entry.id)->second;
  Sequel& sequel = sequels_[number];
  if (before == nullptr) sequel.proposed = entry.at;
  if (entry.step == Step::Reject) sequel.rejected = entry.reason;
  learning_.decided({.entry = entry, .before = before, .now = now, .proposed = sequel.proposed});
  cases_[number] = std::move(now);
  id_[entry.id] = number;
  trail_ = trail;
  forget();
}

void People::account(const core::Note& note) {
  const auto entry = entry_of<AccountEntry>(note);
  Trail trail = trail_;
  trail.follow(note, entry.number, entry.chain);
  accounts_.apply(entry);
  trail_ = trail;
}

void People::learn(const core::Note& note) {
  const auto entry = entry_of<OutcomeEntry>(note);
  Trail trail = trail_;
  trail.follow(note, entry.number, entry.chain);
  const Case* one = find(entry.id);
  if (const std::string why = refusal(one, sequel(entry.id), entry); !why.empty())
    refuse(note.kind, why);
  Sequel& sequel = sequels_.at(id_.find(entry.id)->second);
  sequel.outcome = entry;
  learning_.came(*one, sequel);
  trail_ = trail;
}

core::Note People::note(const Case* one, const Asked& asked, const Moment& moment) const {
  return note_of(DecisionNote, entry_for(trail_, one, asked, moment));
}

core::Note People::note(AccountEntry entry) const {
  entry.number = trail_.size();
  entry.chain = trail_.head();
  return note_of(AccountNote, entry);
}

core::Note People::note(OutcomeEntry entry) const {
  entry.number = trail_.size();
  entry.chain = trail_.head();
  return note_of(OutcomeNote, entry);
}

void People::loaded() {
  id_.clear();
  for (const auto& [number, one] : cases_) {
    if (!id_.emplace(one.content.id, number).second)
      refuse("saved people", "'" + one.content.id + "' stands there twice");
  }
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (!std::ranges::equal(cases_, sequels_, same))
    refuse("saved people", "cases and what came of them are not of the same proposals");
}

// A part of the fold, so that what is forgotten is a function of the entries too.
void People::forget() {
  const auto at =
      std::ranges::find_if(cases_, [](const auto& c) { return has_ended(c.second.stage); });
  if (cases_.size() <= CasesMax || at == cases_.end()) return;
  id_.erase(at->second.content.id);
  sequels_.erase(at->first);
  cases_.erase(at);
}

}  // namespace twin::people
