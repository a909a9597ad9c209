// A fab as a mirror knows it after some days, for the tests of decisions: the bundled example, or another one.
#pragma once
#include <memory>
#include <vector>

#include "twins/fab/ahead.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/mirror.hpp"

namespace twins::fab::decide {

inline std::shared_ptr<const Layout> example_fab(LayoutOptions options = {}) {
  return compile(import::read("data/example-fab"), options);
}

struct Scene {
  static constexpr auto Hour = static_cast<Tick>(HourMs), Day = static_cast<Tick>(DayMs);

  explicit Scene(Tick at = 5 * Day, std::shared_ptr<const Layout> of = example_fab())
      : layout(std::move(of)) {
    truth = fab->initial(theta, {5, 0});
    fab->advance(truth, theta, at, {5, 0});
    seen = Mirror(*fab).follow(truth);
  }
  // One member's State, its future drawn.
  [[nodiscard]] State member(std::uint32_t k = 0) const {
    return with_future(*fab, seen, theta, {9, k});
  }
  // The lot that has waited longest in a queue.
  [[nodiscard]] std::uint32_t waiting_lot() const {
    const Lot* longest = nullptr;
    for (const Lot& lot : seen.lots)
      if (lot.place == LotPlace::Queued && (longest == nullptr || lot.since < longest->since))
        longest = &lot;
    return longest == nullptr ? None : longest->id;
  }

  std::shared_ptr<const Layout> layout;
  std::unique_ptr<AnyFab> fab = make_fab(layout, "fifo");
  std::vector<double> theta = layout->nominal_theta();
  State truth, seen;  // seen: as the mirror has it
};

}  // namespace twins::fab::decide
