// How the historian answers. Every row and every chunk is checked before anything of it is told.
#include <algorithm>
#include <bit>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/hash.hpp"
#include "twin/record/historian.hpp"
#include "twin/record/historian_tables.hpp"

namespace twin::record {
namespace {

using namespace historian_tables;
using core::Tick;

bool earlier_historian_read(const Point& a, const Point& b) { return a.at < b.at; }

// Where pixels of begin..end meet.
class Edges {
 public:
  Edges(Tick begin, Tick end, std::size_t pixels)
      : begin_(static_cast<std::uint64_t>(begin)), pixels_(pixels) {
    const std::uint64_t span = static_cast<std::uint64_t>(end) - begin_;
    whole_ = span / pixels;
    rest_ = span % pixels;
  }
  [[nodiscard]] Tick edge(std::size_t k) const {
    return static_cast<Tick>(begin_ + whole_ * k + rest_ * k / pixels_);
  }
  // The pixel of a time within begin..end.
  [[nodiscard]] std::size_t pixel(Tick at) const {
    std::size_t low = 0, high = pixels_;
    while (high - low > 1) {
      const std::size_t middle = low + (high - low) / 2;
      (edge(middle) <= at ? low : high) = middle;
    }
    return low;
  }

 private:
  std::uint64_t begin_, whole_ = 0, rest_ = 0;
  std::size_t pixels_;
};

}  // namespace

void Historian::damaged(SignalNumber number, Tick begins, const std::string& why) const {
  throw core::Error(store_.name() + " is damaged (signal '" + signals_[number].name +
                    "', chunk that begins at " + std::to_string(begins) + ": " + why +
                    ") make it again from the journal?");
}

std::uint64_t Historian::row_check(SignalNumber number, const Chunk& chunk) const {
  const auto bits = [](double x) {  // all NaN are one: a store does not keep their bits
    return std::isnan(x) ? ~std::uint64_t{0} : std::bit_cast<std::uint64_t>(x + 0.0);
  };
  const std::uint64_t words[] = {number,
                                 static_cast<std::uint64_t>(chunk.begins),
                                 static_cast<std::uint64_t>(chunk.part),
                                 static_cast<std::uint64_t>(chunk.ends),
                                 chunk.summary.points,
                                 chunk.summary.missing,
                                 bits(chunk.summary.least),
                                 bits(chunk.summary.most),
                                 bits(chunk.summary.total),
                                 chunk.last_bits,
                                 chunk.points_hash};
  return core::hash64(words, sizeof words);
}

Historian::Chunk Historian::chunk_of(SignalNumber number, std::span<const Cell> cells) const {
  const auto integer = [&](std::size_t k) { return std::get<std::int64_t>(cells[k]); };
  const auto word = [&](std::size_t k) { return static_cast<std::uint64_t>(integer(k)); };
  const Chunk chunk{.begins = integer(1),
                    .ends = integer(3),
                    .part = integer(2),
                    .summary = {.points = word(4),
                                .missing = word(5),
                                .least = std::get<double>(cells[6]),
                                .most = std::get<double>(cells[7]),
                                .total = std::get<double>(cells[8])},
                    .last_bits = word(9),
                    .points_hash = word(10)};
  if (row_check(number, chunk) != word(11)) {
    damaged(number, chunk.begins, "its statistics fail their check");
  }
  return chunk;
}

std::optional<Historian::Chunk> Historian::chunk_at_or_before(SignalNumber number, Tick at) {
  std::optional<Chunk> chunk;
  store_.scan(Chunks, {.equal = {number}, .to = at}, {.order = Order::Falling, .limit = 1},
              [&](std::span<const Cell> row) {
                chunk = chunk_of(number, row);
                return Go::Stop;
              });
  return chunk;
}

// Chunks that may hold points of begin <= time < end, by rising time.
void Historian::each_chunk(SignalNumber number, Tick begin, Tick end,
                           const std::function<Go(const Chunk&)>& visit) {
  Tick from = begin;
  if (begin != std::numeric_limits<Tick>::min()) {
    if (const auto before = chunk_at_or_before(number, begin - 1)) from = before->begins;
  }
  store_.scan(Chunks, {.equal = {number}, .from = from, .to = end}, {},
              [&](std::span<const Cell> row) { return visit(chunk_of(number, row)); });
}

void Historian::read_points(SignalNumber number, const Chunk& chunk, std::vector<Point>& out) {
  const char* why = "its points are missing";
  store_.scan(ChunkPoints, {.equal = {number, chunk.begins, chunk.part}}, {},
              [&](std::span<const Cell> row) {
                const Blob coded = std::get<Blob>(row[3]);
                const bool whole = core::hash64(coded.data(), coded.size()) == chunk.points_hash &&
                                   decode_points(coded, chunk.summary.points, out);
                why = whole ? nullptr : "its points fail their check";
                return Go::Stop;
              });
  if (why != nullptr) damaged(number, chunk.begins, why);
}

void Historian::each(SignalNumber signal, Tick begin, Tick end,
                     const std::function<void(std::span<const Point>)>& visit) {
  TWIN_EXPECT(signal < signals_.size(), signal, signals_.size());
  if (begin >= end) return;
  std::vector<Point> held;
  for (const Point& p : signals_[signal].held) {
    if (p.at >= begin && p.at < end) held.push_back(p);
  }
  std::stable_sort(held.begin(), held.end(), earlier_historian_read);
  auto next_held = held.begin();
  std::vector<Point> stored, merged;
  each_chunk(signal, begin, end, [&](const Chunk& chunk) {
    if (chunk.ends < begin || chunk.begins >= end) return Go::On;
    stored.clear();
    read_points(signal, chunk, stored);
    const auto first =
        std::lower_bound(stored.begin(), stored.end(), Point{.at = begin}, earlier_historian_read);
    const auto last =
        std::lower_bound(first, stored.end(), Point{.at = end}, earlier_historian_read);
    // A held point goes behind all stored ones of its time, which may be in the next chunk too.
    const auto until =
        std::lower_bound(next_held, held.end(), Point{.at = chunk.ends}, earlier_historian_read);
    merged.clear();
    std::merge(first, last, next_held, until, std::back_inserter(merged), earlier_historian_read);
    next_held = until;
    if (!merged.empty()) visit(merged);
    return Go::On;
  });
  if (next_held != held.end()) visit(std::span<const Point>(next_held, held.end()));
}

std::vector<Point> Historian::points(SignalNumber signal, Tick begin, Tick end) {
  std::vector<Point> all;
  each(signal, begin, end,
       [&](std::span<const Point> piece) { all.insert(all.end(), piece.begin(), piece.end()); });
  return all;
}

std::vector<Summary> Historian::zoom(SignalNumber signal, Tick begin, Tick end,
                                     std::size_t pixels) {
  TWIN_EXPECT(signal < signals_.size(), signal, signals_.size());
  TWIN_EXPECT(pixels >= 1 && pixels <= 1U << 20, pixels);
  std::vector<Summary> picture(pixels);
  if (begin >= end) return picture;
  const Edges edges(begin, end, pixels);
  const auto draw = [&](const Point& p) {
    if (p.at >= begin && p.at < end) absorb(picture[edges.pixel(p.at)], p.value);
  };
  std::vector<Point> stored;
  each_chunk(signal, begin, end, [&](const Chunk& chunk) {
    if (chunk.ends < begin || chunk.begins >= end) return Go::On;
    if (chunk.begins >= begin && chunk.ends < end) {
      const std::size_t pixel = edges.pixel(chunk.begins);
      if (chunk.ends < edges.edge(pixel + 1)) {
        absorb(picture[pixel], chunk.summary);
        return Go::On;
      }
    }
    stored.clear();
    read_points(signal, chunk, stored);
    for (const Point& p : stored) draw(p);
    return Go::On;
  });
  for (const Point& p : signals_[signal].held) draw(p);
  return picture;
}

std::optional<Point> Historian::last(SignalNumber signal) {
  TWIN_EXPECT(signal < signals_.size(), signal, signals_.size());
  std::optional<Point> last;
  if (const auto& chunk = last_chunk(signal)) {
    last = Point{.at = chunk->ends, .value = std::bit_cast<double>(chunk->last_bits)};
  }
  for (const Point& p : signals_[signal].held) {
    if (!last || p.at >= last->at) last = p;
  }
  return last;
}

}  // namespace twin::record
