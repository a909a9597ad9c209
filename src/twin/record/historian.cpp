// How points become chunks. The chunks of a signal never overlap but at a common time: what comes
// late is merged into the chunk where it belongs, so that every question finds its rows by key.
#include "twin/record/historian.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/hash.hpp"
#include "twin/record/historian_tables.hpp"

namespace twin::record {
namespace {

using namespace historian_tables;
using core::Tick;

bool earlier(const Point& a, const Point& b) { return a.at < b.at; }

}  // namespace

void absorb(Summary& into, double value) {
  ++into.points;
  if (std::isnan(value)) {
    ++into.missing;
    return;
  }
  into.least = std::min(into.least, value);
  into.most = std::max(into.most, value);
  into.total += value;
}

void absorb(Summary& into, const Summary& other) {
  into.points += other.points;
  into.missing += other.missing;
  into.least = std::min(into.least, other.least);
  into.most = std::max(into.most, other.most);
  into.total += other.total;
}

Historian::Historian(Store& store, Options options) : store_(store), options_(std::move(options)) {
  TWIN_EXPECT(options_.points_per_chunk >= 1 && options_.points_per_chunk <= 1U << 16,
              options_.points_per_chunk);
  if (options_.classes.empty()) {
    throw core::Error("the historian has no class of signals (it needs at least one)");
  }
  for (const TableShape* table : {&Signals, &Chunks, &ChunkPoints, &historian_tables::Progress}) {
    store_.define(*table);
  }
  store_.scan(historian_tables::Progress, {}, {}, [&](std::span<const Cell> row) {
    stored_position_ = static_cast<std::uint64_t>(std::get<std::int64_t>(row[1]));
    return Go::Stop;
  });
  passed_position_ = stored_position_;
  store_.scan(Signals, {}, {}, [&](std::span<const Cell> row) {
    Signal signal{.name = std::string(std::get<std::string_view>(row[1])), .stored = true};
    const std::int64_t kept = std::get<std::int64_t>(row[2]);
    if (std::get<std::int64_t>(row[0]) != static_cast<std::int64_t>(signals_.size())) {
      throw core::Error(store_.name() + " is damaged (signal " + std::to_string(signals_.size()) +
                        " is missing) make it again from the journal?");
    }
    if (kept < 0 || static_cast<std::size_t>(kept) >= options_.classes.size()) {
      throw core::Error(store_.name() + " holds signal '" + signal.name + "' of class " +
                        std::to_string(kept) + " (there are " +
                        std::to_string(options_.classes.size()) + ") was a class removed?");
    }
    signal.signal_class = static_cast<std::uint32_t>(kept);
    by_name_.emplace(signal.name, static_cast<SignalNumber>(signals_.size()));
    signals_.push_back(std::move(signal));
    return Go::On;
  });
}

SignalNumber Historian::signal(std::string_view name, std::uint32_t signal_class) {
  TWIN_EXPECT(signal_class < options_.classes.size(), signal_class, options_.classes.size());
  const auto number = static_cast<SignalNumber>(signals_.size());
  const auto [at, fresh] = by_name_.try_emplace(std::string(name), number);
  if (!fresh) return at->second;
  if (!is_storable_text(name)) {
    by_name_.erase(at);
    throw core::Error("a signal cannot have this name (not UTF-8, or with a zero byte)");
  }
  signals_.push_back({.name = std::string(name), .signal_class = signal_class});
  return number;
}

std::optional<SignalNumber> Historian::find(std::string_view name) const {
  const auto at = by_name_.find(std::string(name));
  return at == by_name_.end() ? std::nullopt : std::optional(at->second);
}

void Historian::add(SignalNumber signal, Point point) {
  TWIN_EXPECT(signal < signals_.size(), signal, signals_.size());
  signals_[signal].held.push_back(point);
  ++held_;
}

void Historian::passed(std::uint64_t position) {
  TWIN_EXPECT(position >= passed_position_, position, passed_position_);
  passed_position_ = position;
  if (held_ >= options_.points_held_max) flush();
}

void Historian::flush() {
  if (held_ == 0 && passed_position_ == stored_position_) return;
  Transaction transaction(store_);
  try {
    for (SignalNumber k = 0; k < signals_.size(); ++k) write(k);
    store_.put(historian_tables::Progress,
               std::initializer_list<Cell>{0, static_cast<std::int64_t>(passed_position_)});
    transaction.commit();
  } catch (...) {
    for (Signal& signal : signals_) signal.last_known = false;  // it may not have been kept
    throw;
  }
  stored_position_ = passed_position_;
  held_ = 0;
  for (Signal& signal : signals_) {
    signal.stored = true;
    signal.held.clear();
  }
}

void Historian::write(SignalNumber number) {
  Signal& signal = signals_[number];
  if (!signal.stored) {
    store_.put(Signals,
               std::initializer_list<Cell>{std::int64_t{number}, std::string_view(signal.name),
                                           std::int64_t{signal.signal_class}});
  }
  if (signal.held.empty()) return;
  if (!std::is_sorted(signal.held.begin(), signal.held.end(), earlier)) {
    std::stable_sort(signal.held.begin(), signal.held.end(), earlier);
  }
  std::span<const Point> left = signal.held;
  while (!left.empty()) {
    const std::optional<Chunk>& last = last_chunk(number);
    if (!last ||
        (left.front().at >= last->ends && last->summary.points >= options_.points_per_chunk)) {
      Chunk next{.begins = left.front().at};
      if (last && last->begins == next.begins) next.part = last->part + 1;
      write_pieces(number, left, &next);
      return;
    }
    // Into the chunk where the first of them belongs, and those that begin where it ends.
    std::vector<Chunk> into;
    std::optional<Tick> next_begins;
    if (const auto target = chunk_at_or_before(number, left.front().at)) into.push_back(*target);
    const Tick from = into.empty() ? std::numeric_limits<Tick>::min() : into[0].begins;
    each_chunk(number, from, core::Never, [&](const Chunk& chunk) {
      if (!into.empty() &&
          std::pair(chunk.begins, chunk.part) <= std::pair(into[0].begins, into[0].part)) {
        return Go::On;
      }
      if (!into.empty() && chunk.begins > into.back().ends) {
        next_begins = chunk.begins;
        return Go::Stop;
      }
      into.push_back(chunk);
      return Go::On;
    });
    const auto mine =
        static_cast<std::size_t>((next_begins ? std::lower_bound(left.begin(), left.end(),
                                                                 Point{.at = *next_begins}, earlier)
                                              : left.end()) -
                                 left.begin());
    std::vector<Point> stored, merged;
    for (const Chunk& chunk : into) read_points(number, chunk, stored);
    merged.reserve(stored.size() + mine);
    std::merge(stored.begin(), stored.end(), left.begin(),
               left.begin() + static_cast<std::ptrdiff_t>(mine), std::back_inserter(merged),
               earlier);
    erase(number, into);
    const Chunk first{.begins = merged.front().at,
                      .part = merged.front().at == into[0].begins ? into[0].part : 0};
    const bool was_last = !next_begins;
    const std::optional<Chunk> kept = signal.last;
    write_pieces(number, merged, &first);
    if (!was_last) signal.last = kept;
    left = left.subspan(mine);
  }
}

// Chunks of even size; the first has the key of `first`. The last of them becomes signal.last.
void Historian::write_pieces(SignalNumber number, std::span<const Point> points,
                             const Chunk* first) {
  const std::size_t pieces = std::max<std::size_t>(1, points.size() / options_.points_per_chunk);
  Chunk chunk = *first;
  for (std::size_t k = 0; k < pieces; ++k) {
    const std::size_t begin = points.size() * k / pieces;
    const auto piece = points.subspan(begin, points.size() * (k + 1) / pieces - begin);
    if (k > 0) {
      chunk.part = piece.front().at == chunk.begins ? chunk.part + 1 : 0;
      chunk.begins = piece.front().at;
    }
    chunk.ends = piece.back().at;
    chunk.summary = {};
    for (const Point& p : piece) absorb(chunk.summary, p.value);
    chunk.summary.least += 0.0;  // no negative zero: a store may not keep its sign
    chunk.summary.most += 0.0;
    chunk.summary.total += 0.0;
    chunk.last_bits = std::bit_cast<std::uint64_t>(piece.back().value);
    coded_.clear();
    encode_points(piece, coded_);
    chunk.points_hash = core::hash64(coded_.data(), coded_.size());
    const auto integer = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
    store_.put(Chunks, std::initializer_list<Cell>{
                           std::int64_t{number}, chunk.begins, chunk.part, chunk.ends,
                           integer(chunk.summary.points), integer(chunk.summary.missing),
                           chunk.summary.least, chunk.summary.most, chunk.summary.total,
                           integer(chunk.last_bits), integer(chunk.points_hash),
                           integer(row_check(number, chunk))});
    store_.put(ChunkPoints, std::initializer_list<Cell>{std::int64_t{number}, chunk.begins,
                                                        chunk.part, Blob(coded_)});
  }
  signals_[number].last = chunk;
  signals_[number].last_known = true;
}

void Historian::erase(SignalNumber number, std::span<const Chunk> chunks) {
  for (const Chunk& chunk : chunks) {
    const KeyRange key{.equal = {number, chunk.begins, chunk.part}};
    store_.erase(Chunks, key);
    store_.erase(ChunkPoints, key);
  }
}

std::uint64_t Historian::retain(Tick now) {
  std::uint64_t given_up = 0;
  Transaction transaction(store_);
  for (SignalNumber k = 0; k < signals_.size(); ++k) {
    const Tick keep = options_.classes[signals_[k].signal_class].keep;
    TWIN_EXPECT(keep >= 0, keep);
    if (keep == core::Never || now < std::numeric_limits<Tick>::min() + 1 + keep) continue;
    const Tick cutoff = now - keep;
    const auto edge = chunk_at_or_before(k, cutoff - 1);
    if (!edge) continue;
    Tick to = cutoff - 1;
    if (edge->ends >= cutoff) {
      if (edge->begins == std::numeric_limits<Tick>::min()) continue;
      to = edge->begins - 1;
    }
    signals_[k].last_known = false;
    given_up += store_.erase(Chunks, {.equal = {k}, .to = to});
    store_.erase(ChunkPoints, {.equal = {k}, .to = to});
  }
  transaction.commit();
  return given_up;
}

void Historian::clear() {
  Transaction transaction(store_);
  for (const TableShape* table : {&Signals, &Chunks, &ChunkPoints, &historian_tables::Progress}) {
    store_.erase(*table, {});
  }
  transaction.commit();
  signals_.clear();
  by_name_.clear();
  held_ = 0;
  passed_position_ = stored_position_ = 0;
}

const std::optional<Historian::Chunk>& Historian::last_chunk(SignalNumber number) {
  Signal& signal = signals_[number];
  if (!signal.last_known) {
    signal.last = chunk_at_or_before(number, core::Never);
    signal.last_known = true;
  }
  return signal.last;
}

}  // namespace twin::record
