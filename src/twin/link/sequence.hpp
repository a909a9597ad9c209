// Which numbers of a counter have been met, as few ranges: what was met before is a duplicate, what
// lies between two ranges is missing. Exact for ever, however the numbers come.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace twin::link {

struct SeqRange {  // of numbers that follow one another, both included
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  bool operator==(const SeqRange&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("first", self.first);
    archive("last", self.last);
  }
};

class Sequence {
 public:
  // Holes longer than this are no loss but a jump: a counter set anew, or a corrupt number. They
  // count as nothing missing.
  static constexpr std::uint64_t HoleMax = 1'000'000;

  enum class Met : std::uint8_t {
    Duplicate,
    Next,    // follows the number met before it, or is the first
    Hole,    // one or more numbers before it are missing now: `hole` says which
    Filled,  // was missing
    Jump,    // further than HoleMax from any number met before
  };
  struct Meeting {
    Met met = Met::Next;
    SeqRange hole = {};
  };
  Meeting meet(std::uint64_t number);

  [[nodiscard]] bool contains(std::uint64_t number) const;
  // Whether no number close above it was met: it is the newest there.
  [[nodiscard]] bool leads(std::uint64_t number) const;
  [[nodiscard]] std::uint64_t missing() const { return missing_; }
  [[nodiscard]] const std::vector<SeqRange>& ranges() const { return ranges_; }  // rising, apart
  // The holes that count as missing, the lowest first, at most `most` of them.
  [[nodiscard]] std::vector<SeqRange> holes(std::size_t most) const;

  bool operator==(const Sequence&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("ranges", self.ranges_);
    archive("missing", self.missing_);
  }

 private:
  std::vector<SeqRange> ranges_;
  std::uint64_t missing_ = 0;  // numbers in holes that are no jumps
};

}  // namespace twin::link
