// The one thing that whoever takes in events needs of a journal: to hand over an entry and to learn
// when it lasts. A Journal is one; MemoryRecorder is one without a disk.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/core/record.hpp"
#include "twin/record/sequences.hpp"

namespace twin::record {

// What became of an entry that was handed over.
struct Receipt {
  enum class Outcome : std::uint8_t {
    Appended,   // it has an index now, and lasts as soon as durable() > index
    Duplicate,  // the source's number was there already: nothing was added
    Refused,    // it cannot be taken now (disk full or broken, too much waits): the source keeps it
  };
  Outcome outcome = Outcome::Refused;
  // Appended: the entry's index. Duplicate: the first copy stands at or before this index. Either
  // may be acknowledged once durable() > index, not before. Refused: of no meaning.
  std::uint64_t index = 0;
  bool operator==(const Receipt&) const = default;
};

class Recorder {
 public:
  Recorder() = default;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  virtual ~Recorder() = default;

  // Takes the entry, not yet durably. Throws core::Error for an entry that no journal can hold.
  virtual Receipt append(const core::Entry& entry) = 0;
  [[nodiscard]] virtual std::uint64_t size() const = 0;     // [entries] appended
  [[nodiscard]] virtual std::uint64_t durable() const = 0;  // [entries] that last; never shrinks
};

// A journal in memory for tests: what was appended is durable when commit() says so, or at once.
class MemoryRecorder : public Recorder {
 public:
  enum class Durability : std::uint8_t { AtOnce, OnCommit };
  explicit MemoryRecorder(Durability durability = Durability::AtOnce) : durability_(durability) {}

  Receipt append(const core::Entry& entry) override;
  void commit() { durable_ = entries_.size(); }
  [[nodiscard]] std::uint64_t size() const override { return entries_.size(); }
  [[nodiscard]] std::uint64_t durable() const override { return durable_; }
  [[nodiscard]] const std::vector<core::Entry>& entries() const { return entries_; }

 private:
  Durability durability_;
  std::vector<core::Entry> entries_;
  Sequences seen_;
  std::uint64_t durable_ = 0;  // [entries]
};

}  // namespace twin::record
