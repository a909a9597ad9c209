// The index of a journal: in which entries a lot, a tool or a source stands, where gaps, quarantined
// messages, forecasts and their scores lie, and which entries an hour holds. It is told of every
// entry in order, says up to where, and is made again from the journal at will, with the same rows.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/record/store.hpp"

namespace twin::record {

// Numbers below 32 are for the tables of names (event::Table), which this module does not know; from
// 32 on for what else somebody looks for. They stand in stores.
struct IndexKey {
  std::uint32_t list = 0;
  std::uint32_t id = 0;
  auto operator<=>(const IndexKey&) const = default;
};

struct Posting {
  std::uint64_t entry = 0;  // index in the journal
  core::Tick at = 0;        // the entry's time [ms]
  std::uint8_t kind = 0;    // which alternative of core::Entry
  bool operator==(const Posting&) const = default;
};

struct EntrySpan {  // entries first <= index < end
  std::uint64_t first = 0, end = 0;
  bool operator==(const EntrySpan&) const = default;
};
struct TimeSpan {  // times least <= at <= most; of no entries: least > most
  core::Tick least = std::numeric_limits<core::Tick>::max();
  core::Tick most = std::numeric_limits<core::Tick>::min();
  bool operator==(const TimeSpan&) const = default;
};

struct IndexOptions {
  std::size_t postings_held_max = std::size_t{1}
                                  << 19;  // written when so many wait [24 bytes each]
};

class Index {
 public:
  // Takes up what the store holds. The store must outlive it, and nobody else may write there.
  explicit Index(Store& store, IndexOptions options = {});
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  // Entries before this one are in the store: from here on the journal must be read (again).
  [[nodiscard]] std::uint64_t position() const noexcept { return stored_; }
  [[nodiscard]] std::uint64_t next() const noexcept { return next_; }  // the entry to be added

  // The next entry (posting.entry == next()), and what it speaks of; a key that stands twice counts
  // once. Writes, once enough waits; Error where the store refuses: the entry is taken, all is
  // still held, and the next call tries again.
  void add(const Posting& posting, std::span<const IndexKey> keys);

  void flush();  // Error as above

  // The key's entries within the span, in order. Error where a row is damaged.
  void each(IndexKey key, EntrySpan span, const std::function<Go(const Posting&)>& visit);
  std::vector<Posting> entries(IndexKey key);

  std::uint64_t count(IndexKey key);                   // entries in which the key stands
  std::vector<std::uint32_t> ids(std::uint32_t list);  // that have entries, by rising number

  // Where entries with begin <= at < end are: all lie in these spans, which hold others too, since
  // they are kept by blocks of EntriesPerBlock.
  std::vector<EntrySpan> entries_between(core::Tick begin, core::Tick end);
  TimeSpan times_of(EntrySpan span);  // of whole blocks that meet the span

  void clear();  // forgets all: the store is as new

  static constexpr std::uint64_t EntriesPerBlock = 1'024;
  static constexpr std::size_t PostingsPerRow = 128;

 private:
  struct Row {  // of a key
    std::uint64_t first = 0;
    std::vector<Posting> postings = {};
  };

  Row read_row(IndexKey key, std::span<const Cell> cells) const;
  void write_key(IndexKey key, std::span<const Posting> held);
  void write_times();
  void each_block(std::uint64_t from, const std::function<Go(EntrySpan, TimeSpan)>& visit);
  [[noreturn]] void damaged(const std::string& what) const;

  Store& store_;
  IndexOptions options_;
  std::uint64_t stored_ = 0, next_ = 0;
  std::map<IndexKey, std::vector<Posting>> held_;  // not yet written
  std::size_t held_count_ = 0;                     // [postings]
  std::map<std::uint64_t, TimeSpan> blocks_;       // [block] as far as not yet written
  std::vector<IndexKey> keys_;                     // of the entry under way
  std::vector<std::uint8_t> coded_;
};

}  // namespace twin::record
