#include "twin/record/recorder.hpp"

namespace twin::record {

Receipt MemoryRecorder::append(const core::Entry& entry) {
  using Outcome = Receipt::Outcome;
  if (const auto id = identity_of(entry); id && !seen_.insert(id->key, id->number))
    return {.outcome = Outcome::Duplicate, .index = entries_.size() - 1};
  entries_.push_back(entry);
  if (durability_ == Durability::AtOnce) commit();
  return {.outcome = Outcome::Appended, .index = entries_.size() - 1};
}

}  // namespace twin::record
