// Another mix of products: some streams start their lots faster or slower from now on. Their releases are made from
// outside, each at its time stretched from now on, so that the n-th lot is the same lot with the same luck at any pace;
// and with numbers of their own, so that the lots of all other streams keep theirs.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "twin/core/draw.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/interventions.hpp"

namespace twins::fab::decide {

struct Mix {
  std::uint32_t product = None;
  double starts_per_day = 0.0;  // [lots/day] of all its streams together; 0: none any more
  bool operator==(const Mix&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("product", self.product);
    a("starts_per_day", self.starts_per_day);
  }
};

// Numbers and serials of the lots that are started so: so many a stream, then from the first again.
inline constexpr std::uint32_t FirstStarted = 0xf8000000U, StartedNumbers = 1U << 18U;
inline constexpr std::size_t MostStreams = 500;
static_assert(FirstStarted > FirstAccepted && MostStreams * StartedNumbers < None - FirstStarted);

// The streams of a product that still release after `now`, and how many lots they start [lots/day].
struct ProductStarts {
  std::vector<std::uint32_t> streams;
  double per_day = 0.0;
};
ProductStarts starts_of(const Layout& layout, std::uint32_t product, Tick now);

struct Paced {  // a stream, its times from now on multiplied
  std::uint32_t stream = None;
  double stretch = 1.0;  // [-] infinite: it starts no lots any more
};

// Expects a product with streams in each, and no product twice.
std::vector<Paced> paced(const Layout& layout, std::span<const Mix> mixes, Tick now);

class Starts {
 public:
  // Takes the releases of these streams out of the agenda of x, a simulation's State. A stream that has not begun yet
  // begins when it was to. All must outlive this.
  Starts(const AnyFab& fab, State& x, std::span<const double> theta, twin::core::Draw draw,
         std::vector<Paced> streams);
  [[nodiscard]] Tick next() const;  // when at() is to be called next; Never: no more
  void at();                        // expects x.now == next()

 private:
  struct Clock {
    Paced of;
    Tick since = 0;  // [tick] from here on its times are stretched
    Tick unstretched = twin::core::Never, next = twin::core::Never;  // [tick] of the next release
    std::uint32_t lots = 0;                                          // started so far
  };
  [[nodiscard]] Tick stretched(const Clock& clock) const;
  void start(std::size_t n);

  const AnyFab& fab_;
  State& x_;
  std::span<const double> theta_;
  twin::core::Draw draw_;
  std::vector<Clock> clocks_;
};

}  // namespace twins::fab::decide
