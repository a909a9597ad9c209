// A duration's law as the last ones seen have it: it needs no formula, follows a fab whose queues come and go, and
// forgets the guess that it begins with.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace twins::fab::track {

// A continuous law between 0 and infinity: linear between the order statistics, one (n + 1)-th of the probability
// between two (Weibull 1939), below the least as far as the mean spacing, beyond the greatest with a tail whose scale
// is that of the seven greatest spacings.
class RecentLaw {
 public:
  static constexpr std::size_t Remembered = 128;

  // Beyond the greatest: Light, exponential; Heavy, by the square (Pareto): where longer ones than any may come.
  enum class Tail : std::uint8_t { Light, Heavy };

  RecentLaw() = default;
  // Begins with these in place of seen ones; none: everything ends at once. All finite and not negative.
  explicit RecentLaw(const std::vector<double>& guess, Tail tail = Tail::Light);

  void saw(
      double duration);  // finite, not negative; the oldest of more than `Remembered` is forgotten

  [[nodiscard]] double beyond(double duration) const;  // P(D > duration)

  // The duration below which lie u of the probability that is left beyond `from` (from 0 on, where that is 0) and up to
  // `to`, from <= to; `to` where nothing is left. u in (0, 1).
  [[nodiscard]] double between(double from, double to, double u) const;

  [[nodiscard]] std::size_t seen() const {
    return seen_;
  }                                   // since the beginning, the guess not counted
  [[nodiscard]] double mean() const;  // of what is remembered

 private:
  [[nodiscard]] double below(double duration) const;  // distribution function
  [[nodiscard]] double quantile(double share) const;
  void shape();

  std::vector<double> ring_, sorted_;  // the same numbers by age and by size
  std::size_t oldest_ = 0, seen_ = 0;
  Tail kind_ = Tail::Light;
  double least_ = 0.0;  // where the law begins
  double tail_ = 0.0;   // scale beyond the greatest
};

}  // namespace twins::fab::track
