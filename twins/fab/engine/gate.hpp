// The gate of a fab under release control: lots that are due wait outside in a row until the control admits them. It
// holds nothing that the State does not say (LotPlace::Outside), so it is made anew whenever a run goes on.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "twins/fab/rules/release_control.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

// The row of lots that wait outside, linked by Lot::next and prev: priority, then the scheduled release, then the
// serial number.
class Row {
 public:
  explicit Row(const State& x);

  [[nodiscard]] std::uint32_t head() const { return head_; }
  [[nodiscard]] std::uint32_t lots() const { return lots_; }
  void join(State& x, std::uint32_t slot);  // becomes Outside; expects that it is nowhere
  // Is Held then, until the caller says where it goes; expects that it is Outside.
  void leave(State& x, std::uint32_t slot);

 private:
  std::uint32_t head_ = None, tail_ = None, lots_ = 0;
};

// Slots of the lots that wait outside, first to enter first.
std::vector<std::uint32_t> waiting_outside(const State& x);

class Gate {
 public:
  // Both must outlive it.
  Gate(const ReleaseControl& control, const Layout& layout, const State& x);

  void add(State& x, std::uint32_t slot);
  void stir() { stirred_ = true; }  // something may have made room that is not seen

  // May there be room that was not there when next() last found none? Asked after every instant.
  [[nodiscard]] bool stirred(const State& x) const {
    if (row_.head() == None) return false;
    return stirred_ || x.wip != wip_ || (watches_bottleneck_ && passed(x) != passed_);
  }
  // The next lot to enter, taken out of the row; None: there is no room for any.
  [[nodiscard]] std::uint32_t next(State& x);

  // What is inside and bound for the bottleneck; expects a control that names one. [ms] a tool
  [[nodiscard]] double work_inside_ms(const State& x) const;

 private:
  [[nodiscard]] std::uint64_t passed(const State& x) const {
    const GroupTally& t = x.group_tally[control_.bottleneck];
    return t.lots + t.skipped;
  }
  [[nodiscard]] bool admits(const State& x, const Lot& lot, std::optional<double>& work) const;
  [[nodiscard]] std::uint32_t inside(const State& x, std::uint32_t product) const;
  [[nodiscard]] double work_sooner_ms(const State& x, double lead_ms) const;  // [ms] a tool
  [[nodiscard]] std::uint32_t product_of(const Lot& lot) const {
    return m_.classes[lot.lot_class].product;
  }

  const ReleaseControl& control_;
  const Layout& m_;
  Row row_;
  bool watches_bottleneck_ = false, stirred_ = true;
  std::uint32_t wip_ = 0;     // [lots] when next() last found none
  std::uint64_t passed_ = 0;  // visits of the bottleneck begun or left out by then
};

}  // namespace twins::fab
