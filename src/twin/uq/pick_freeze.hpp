// The design behind Sobol' indices: two sets of points, and for each group of inputs the first set with that group's
// values from the second. It is made and used up piece by piece.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/uq/points.hpp"
#include "twin/uq/sobol_sequence.hpp"

namespace twin::uq {

struct SobolIndices;

enum class Sampling : std::uint8_t {
  Sobol,  // scrambled sequences, one a replication
  Chance  // independent points
};

struct SobolStudy {
  std::size_t inputs = 0;
  std::vector<std::vector<std::size_t>> groups =
      {};                        // of inputs, may overlap; none: each input is one
  std::uint64_t points = 1'024;  // of each set in a replication
  std::uint32_t replications = 16;
  Sampling sampling = Sampling::Sobol;
  std::uint64_t seed = 1;
  double confidence = 0.95;
};

struct Spread {  // of results
  std::uint64_t count = 0;
  double mean = 0.0, squares = 0.0;  // squares: sum of (result - mean)^2
  void merge(const Spread& other);
  [[nodiscard]] double variance() const {  // unbiased; 0 below two results
    return count < 2 ? 0.0 : squares / static_cast<double>(count - 1);
  }
};

struct
    PickFreezeSums {  // of one piece, with a and b the results of both sets, c those of a group's mixed one
  Spread both;                       // of a and b
  std::uint64_t failed = 0;          // rows
  std::vector<double> cross, shift;  // [group] sums of (b - mean of both) (c - a), and of c - a
  std::vector<double> square;        // [group] sums of (a - c)^2
};

class PickFreeze {
 public:
  static constexpr std::size_t PieceRows = 512;

  // core::Error for no inputs, a group without inputs or of inputs that are not there, fewer than two points or
  // replications, more points than a sequence has, more dimensions than it has.
  explicit PickFreeze(SobolStudy study);

  [[nodiscard]] std::size_t pieces() const { return pieces_each_ * study_.replications; }

  template <BatchFunction F>
  [[nodiscard]] PickFreezeSums run(std::size_t piece, const F& f) const {
    Room room(*this, piece);
    f(room.points(), room.first());
    f(room.other(), room.second());
    for (const auto& group : study_.groups) {
      f(room.mixed(group), room.third());
      room.keep();
    }
    return sums(room);
  }

  [[nodiscard]] SobolIndices indices(std::span<const PickFreezeSums> sums) const;

 private:
  // The points of a piece and their results.
  class Room {
   public:
    Room(const PickFreeze& design, std::size_t piece);
    [[nodiscard]] Points points() const { return {a_, rows_}; }
    [[nodiscard]] Points other() const { return {b_, rows_}; }
    [[nodiscard]] Points mixed(std::span<const std::size_t> group);
    [[nodiscard]] std::span<double> first() { return std::span(y_).first(rows_); }
    [[nodiscard]] std::span<double> second() { return std::span(y_).subspan(rows_, rows_); }
    [[nodiscard]] std::span<double> third() { return std::span(y_).subspan(2 * rows_, rows_); }
    void keep();  // what the mixed points of one group more came to
    [[nodiscard]] std::size_t rows() const { return rows_; }
    std::vector<double> changes;  // [group][row] c - a

   private:
    std::size_t rows_;
    std::vector<double> u_, y_;
    std::vector<const double*> a_, b_, mixed_;  // [input]
  };

  [[nodiscard]] PickFreezeSums sums(Room& room) const;

  SobolStudy study_;
  std::size_t pieces_each_ = 0;           // of a replication
  std::vector<SobolSequence> sequences_;  // [replication]; none for points by chance
};

}  // namespace twin::uq
