// How entries become rows: every key has rows of PostingsPerRow entries, all full but its last, so
// that the rows do not depend on when they were written.
#include "twin/record/index.hpp"

#include <algorithm>
#include <optional>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/hash.hpp"
#include "twin/record/coding.hpp"
#include "twin/record/index_tables.hpp"

namespace twin::record {
namespace {

using namespace index_tables;
using core::Tick;

// Differences to the posting before, kinds as they are.
void encode(std::span<const Posting> postings, std::vector<std::uint8_t>& out) {
  std::uint64_t entry = 0, at = 0;
  for (const Posting& p : postings) {
    append_varint(out, p.entry - entry);
    append_varint(out, zigzag(static_cast<std::uint64_t>(p.at) - at));
    out.push_back(p.kind);
    entry = p.entry;
    at = static_cast<std::uint64_t>(p.at);
  }
}

bool decode(Blob coded, std::size_t count, std::vector<Posting>& out) {
  if (count > coded.size() / 3) return false;
  const std::uint8_t* in = coded.data();
  const std::uint8_t* const end = in + coded.size();
  std::uint64_t entry = 0, at = 0;
  for (std::size_t k = 0; k < count; ++k) {
    std::uint64_t step = 0, change = 0;
    in = get_varint(in, end, step);
    if (in != nullptr) in = get_varint(in, end, change);
    if (in == nullptr || in == end) return false;
    entry += step;
    at += unzigzag(change);
    out.push_back({.entry = entry, .at = static_cast<Tick>(at), .kind = *in++});
  }
  return in == end;
}

std::int64_t integer(std::uint64_t n) { return static_cast<std::int64_t>(n); }

std::uint64_t check_of_index(std::initializer_list<std::uint64_t> words, Blob coded = {}) {
  core::Hash64 hash;
  for (const std::uint64_t word : words) hash.absorb(&word, sizeof word);
  hash.absorb(coded.data(), coded.size());
  return hash.digest();
}

void widen(TimeSpan& span, const TimeSpan& by) {
  span.least = std::min(span.least, by.least);
  span.most = std::max(span.most, by.most);
}

}  // namespace

Index::Index(Store& store, IndexOptions options) : store_(store), options_(options) {
  for (const TableShape* table : {&Postings, &Blocks, &index_tables::Progress})
    store_.define(*table);
  store_.scan(index_tables::Progress, {}, {}, [&](std::span<const Cell> row) {
    stored_ = static_cast<std::uint64_t>(std::get<std::int64_t>(row[1]));
    return Go::Stop;
  });
  next_ = stored_;
}

void Index::damaged(const std::string& what) const {
  throw core::Error(store_.name() + " is damaged (" + what +
                    " fails its check) make it again from the journal?");
}

void Index::add(const Posting& posting, std::span<const IndexKey> keys) {
  TWIN_EXPECT(posting.entry == next_, posting.entry, next_);
  keys_.assign(keys.begin(), keys.end());
  std::sort(keys_.begin(), keys_.end());
  keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
  for (const IndexKey& key : keys_) held_[key].push_back(posting);
  held_count_ += keys_.size();
  widen(blocks_[next_ / EntriesPerBlock], {.least = posting.at, .most = posting.at});
  ++next_;
  if (held_count_ >= options_.postings_held_max) flush();
}

void Index::flush() {
  if (next_ == stored_) return;
  Transaction transaction(store_);
  for (const auto& [key, postings] : held_) write_key(key, postings);
  write_times();
  store_.put(index_tables::Progress, std::initializer_list<Cell>{std::int64_t{0}, integer(next_)});
  transaction.commit();
  stored_ = next_;
  held_.clear();
  held_count_ = 0;
  blocks_.clear();
}

void Index::write_key(IndexKey key, std::span<const Posting> held) {
  Row row;
  store_.scan(Postings, {.equal = {key.list, key.id}}, {.order = Order::Falling, .limit = 1},
              [&](std::span<const Cell> cells) {
                row = read_row(key, cells);
                return Go::Stop;
              });
  if (row.postings.size() >= PostingsPerRow) row.postings.clear();
  while (!held.empty()) {
    const std::size_t more = std::min(held.size(), PostingsPerRow - row.postings.size());
    row.postings.insert(row.postings.end(), held.begin(),
                        held.begin() + static_cast<std::ptrdiff_t>(more));
    held = held.subspan(more);
    coded_.clear();
    encode(row.postings, coded_);
    const std::uint64_t first = row.postings.front().entry, count = row.postings.size();
    store_.put(Postings, std::initializer_list<Cell>{
                             std::int64_t{key.list}, std::int64_t{key.id}, integer(first),
                             integer(count), Blob(coded_),
                             integer(check_of_index({key.list, key.id, first, count}, coded_))});
    row.postings.clear();
  }
}

Index::Row Index::read_row(IndexKey key, std::span<const Cell> cells) const {
  const auto first = static_cast<std::uint64_t>(std::get<std::int64_t>(cells[2]));
  const auto count = static_cast<std::uint64_t>(std::get<std::int64_t>(cells[3]));
  const Blob coded = std::get<Blob>(cells[4]);
  const auto check = static_cast<std::uint64_t>(std::get<std::int64_t>(cells[5]));
  Row row{.first = first};
  if (check != check_of_index({key.list, key.id, first, count}, coded) ||
      !decode(coded, count, row.postings)) {
    damaged("index of list " + std::to_string(key.list) + ", number " + std::to_string(key.id) +
            ": the row from entry " + std::to_string(first));
  }
  return row;
}

// The first block under way may be in the store already, in part.
void Index::write_times() {
  for (auto& held : blocks_) {
    const std::uint64_t block = held.first;
    TimeSpan& span = held.second;
    each_block(block * EntriesPerBlock, [&](EntrySpan entries, TimeSpan stored) {
      if (entries.first == block * EntriesPerBlock) widen(span, stored);
      return Go::Stop;
    });
    const std::uint64_t count = std::min(next_ - block * EntriesPerBlock, EntriesPerBlock);
    store_.put(Blocks,
               std::initializer_list<Cell>{
                   integer(block), integer(count), span.least, span.most,
                   integer(check_of_index({block, count, static_cast<std::uint64_t>(span.least),
                                           static_cast<std::uint64_t>(span.most)}))});
  }
}

void Index::each_block(std::uint64_t from, const std::function<Go(EntrySpan, TimeSpan)>& visit) {
  store_.scan(Blocks, {.from = integer(from / EntriesPerBlock)}, {},
              [&](std::span<const Cell> cells) {
                const auto block = static_cast<std::uint64_t>(std::get<std::int64_t>(cells[0]));
                const auto count = static_cast<std::uint64_t>(std::get<std::int64_t>(cells[1]));
                const TimeSpan times{.least = std::get<std::int64_t>(cells[2]),
                                     .most = std::get<std::int64_t>(cells[3])};
                if (static_cast<std::uint64_t>(std::get<std::int64_t>(cells[4])) !=
                    check_of_index({block, count, static_cast<std::uint64_t>(times.least),
                                    static_cast<std::uint64_t>(times.most)})) {
                  damaged("index of times: the block from entry " +
                          std::to_string(block * EntriesPerBlock));
                }
                const std::uint64_t first = block * EntriesPerBlock;
                return visit({.first = first, .end = first + count}, times);
              });
}

void Index::each(IndexKey key, EntrySpan span, const std::function<Go(const Posting&)>& visit) {
  const auto within = [&](const Posting& p) {
    if (p.entry < span.first) return Go::On;
    return p.entry < span.end ? visit(p) : Go::Stop;
  };
  std::int64_t from = 0;  // the first entry of the last row that begins at span.first or before
  store_.scan(Postings, {.equal = {key.list, key.id}, .to = integer(span.first)},
              {.order = Order::Falling, .limit = 1}, [&](std::span<const Cell> cells) {
                from = std::get<std::int64_t>(cells[2]);
                return Go::Stop;
              });
  bool stopped = false;
  store_.scan(Postings, {.equal = {key.list, key.id}, .from = from}, {},
              [&](std::span<const Cell> cells) {
                for (const Posting& p : read_row(key, cells).postings) {
                  if (within(p) == Go::Stop) {
                    stopped = true;
                    return Go::Stop;
                  }
                }
                return Go::On;
              });
  const auto held = held_.find(key);
  if (stopped || held == held_.end()) return;
  for (const Posting& p : held->second) {
    if (within(p) == Go::Stop) return;
  }
}

std::vector<Posting> Index::entries(IndexKey key) {
  std::vector<Posting> all;
  each(key, {.first = 0, .end = next_}, [&](const Posting& p) {
    all.push_back(p);
    return Go::On;
  });
  return all;
}

std::uint64_t Index::count(IndexKey key) {
  std::uint64_t count = 0;
  store_.scan(Postings, {.equal = {key.list, key.id}}, {}, [&](std::span<const Cell> cells) {
    count += read_row(key, cells).postings.size();
    return Go::On;
  });
  const auto held = held_.find(key);
  return count + (held == held_.end() ? 0 : held->second.size());
}

std::vector<std::uint32_t> Index::ids(std::uint32_t list) {
  std::vector<std::uint32_t> ids;
  for (std::optional<std::int64_t> from = 0; from;) {  // from each number to the next there is
    std::optional<std::int64_t> found;
    store_.scan(Postings, {.equal = {list}, .from = *from}, {.limit = 1},
                [&](std::span<const Cell> cells) {
                  found = std::get<std::int64_t>(cells[1]);
                  return Go::Stop;
                });
    if (found) ids.push_back(static_cast<std::uint32_t>(*found));
    from = found ? std::optional(*found + 1) : std::nullopt;
  }
  for (auto at = held_.lower_bound({list, 0}); at != held_.end() && at->first.list == list; ++at) {
    ids.push_back(at->first.id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<EntrySpan> Index::entries_between(Tick begin, Tick end) {
  std::vector<EntrySpan> spans;
  const auto meet = [&](EntrySpan entries, TimeSpan times) {
    if (begin < end && times.least < end && times.most >= begin) {
      if (!spans.empty() && spans.back().end >= entries.first) {
        spans.back().end = std::max(spans.back().end, entries.end);
      } else {
        spans.push_back(entries);
      }
    }
    return Go::On;
  };
  each_block(0, meet);
  for (const auto& [block, times] : blocks_) {
    const std::uint64_t first = std::max(block * EntriesPerBlock, stored_);
    meet({.first = first, .end = std::min((block + 1) * EntriesPerBlock, next_)}, times);
  }
  return spans;
}

TimeSpan Index::times_of(EntrySpan span) {
  TimeSpan times;
  each_block(span.first, [&](EntrySpan entries, TimeSpan block) {
    if (entries.first >= span.end) return Go::Stop;
    if (entries.end > span.first) widen(times, block);
    return Go::On;
  });
  for (const auto& [block, held] : blocks_) {
    const std::uint64_t first = std::max(block * EntriesPerBlock, stored_);
    if (first < span.end && std::min((block + 1) * EntriesPerBlock, next_) > span.first) {
      widen(times, held);
    }
  }
  return times;
}

void Index::clear() {
  Transaction transaction(store_);
  for (const TableShape* table : {&Postings, &Blocks, &index_tables::Progress})
    store_.erase(*table, {});
  transaction.commit();
  held_.clear();
  blocks_.clear();
  held_count_ = 0;
  stored_ = next_ = 0;
}

}  // namespace twin::record
