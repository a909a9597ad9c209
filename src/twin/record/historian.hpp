// The historian: what every signal was, and when. Points wait in memory, then lie coded in chunks of
// some hundred, one row each, whose statistics answer zoomed-out questions alone. It is made from
// the journal, and says up to where, so a crash costs nothing but the reading of the last minutes.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/record/gorilla.hpp"
#include "twin/record/store.hpp"

namespace twin::record {

using SignalNumber = std::uint32_t;  // the historian's own numbering, from 0

struct SignalClass {
  std::string name = {};
  core::Tick keep = core::Never;  // points older than this are given up by retain() [ms]
};

// Of the values of some points that are numbers; of none of them: +inf, -inf, 0.
struct Summary {
  std::uint64_t points = 0;   // all, those without a number too
  std::uint64_t missing = 0;  // those whose value is a NaN
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
  double total = 0.0;  // NaN where both infinities were met
  bool operator==(const Summary&) const = default;
};

void absorb(Summary& into, double value);
void absorb(Summary& into, const Summary& other);

struct HistorianOptions {
  std::vector<SignalClass> classes = {{.name = "all"}};
  std::size_t points_per_chunk = 512;  // a full chunk has from this to twice as many
  std::size_t points_held_max = std::size_t{1} << 20;  // written when so many wait [16 bytes each]
};

class Historian {
 public:
  using Options = HistorianOptions;

  // Takes up what the store holds. The store must outlive it, and nobody else may write there. No
  // classes, or a signal of a class that the options lack, is the user's mistake.
  Historian(Store& store, Options options);
  Historian(const Historian&) = delete;
  Historian& operator=(const Historian&) = delete;

  // Journal entries before this one are in the store: those from here on must be added (again).
  [[nodiscard]] std::uint64_t position() const noexcept { return stored_position_; }
  // Those before this one are in the store or held: what passed() said last.
  [[nodiscard]] std::uint64_t next() const noexcept { return passed_position_; }

  // The signal's number; the next free one where the name is new. Error where the name is no UTF-8.
  SignalNumber signal(std::string_view name, std::uint32_t signal_class = 0);
  [[nodiscard]] std::optional<SignalNumber> find(std::string_view name) const;
  [[nodiscard]] std::size_t signals() const noexcept { return signals_.size(); }
  [[nodiscard]] std::string_view name(SignalNumber signal) const {
    return signals_.at(signal).name;
  }

  // Holds a point in memory; times may come in any order, equal ones keep theirs.
  void add(SignalNumber signal, Point point);

  // All points of the entries before `position` have been added. Writes, once enough points wait.
  // Error where the store refuses: all points are still held, and the next call tries again.
  void passed(std::uint64_t position);

  void flush();  // writes what waits, with the position last passed; Error as above

  // The points with begin <= time < end by rising time, equal ones as they were added, in pieces.
  // Error where a chunk is damaged; the pieces before it were given.
  void each(SignalNumber signal, core::Tick begin, core::Tick end,
            const std::function<void(std::span<const Point>)>& visit);
  std::vector<Point> points(SignalNumber signal, core::Tick begin, core::Tick end);

  // begin..end in so many equal pixels, each with its points' summary: exact, but only chunks that
  // lie across an edge are decoded. [pixel]
  std::vector<Summary> zoom(SignalNumber signal, core::Tick begin, core::Tick end,
                            std::size_t pixels);

  std::optional<Point> last(SignalNumber signal);

  // Gives up the chunks whose points are all older than their signal's class keeps them. Answers
  // how many.
  std::uint64_t retain(core::Tick now);

  // Forgets all: the store is as new, to be made again from the journal.
  void clear();

 private:
  struct Chunk {
    core::Tick begins = 0, ends = 0;  // times of its first and last point
    std::int64_t part = 0;            // counts chunks that begin at the same time
    Summary summary = {};
    std::uint64_t last_bits = 0;    // of its last value
    std::uint64_t points_hash = 0;  // of its coded points
  };
  struct Signal {
    std::string name = {};
    std::uint32_t signal_class = 0;
    std::vector<Point> held = {};    // not yet written, in the order they came
    std::optional<Chunk> last = {};  // in the store
    bool last_known = false;         // whether it was looked up
    bool stored = false;             // the signal itself
  };

  void write(SignalNumber number);
  void write_pieces(SignalNumber number, std::span<const Point> points, const Chunk* first);
  void erase(SignalNumber number, std::span<const Chunk> chunks);
  const std::optional<Chunk>& last_chunk(SignalNumber number);
  std::optional<Chunk> chunk_at_or_before(SignalNumber number, core::Tick at);
  void each_chunk(SignalNumber number, core::Tick begin, core::Tick end,
                  const std::function<Go(const Chunk&)>& visit);
  void read_points(SignalNumber number, const Chunk& chunk, std::vector<Point>& out);
  Chunk chunk_of(SignalNumber number, std::span<const Cell> cells) const;
  std::uint64_t row_check(SignalNumber number, const Chunk& chunk) const;
  [[noreturn]] void damaged(SignalNumber number, core::Tick begins, const std::string& why) const;

  Store& store_;
  Options options_;
  std::vector<Signal> signals_;  // [signal]
  std::unordered_map<std::string, SignalNumber> by_name_;
  std::size_t held_ = 0;               // [points] of all signals
  std::uint64_t passed_position_ = 0;  // all points before it are held or stored
  std::uint64_t stored_position_ = 0;
  std::vector<std::uint8_t> coded_;  // of the chunk being written
};

}  // namespace twin::record
