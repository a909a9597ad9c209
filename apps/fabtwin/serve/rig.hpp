// A plant and a living twin beside it under one virtual clock, without sockets: the plant's messages
// go through its faulty wire to the twin's door, and come back acknowledged when they last. What
// tests and `fabtwin torture` are made of.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/fabtwin/serve/living.hpp"
#include "apps/plant/arrival.hpp"
#include "apps/plant/site.hpp"
#include "twins/fab/view.hpp"

namespace apps::fabtwin::serve {

struct RigOptions {
  plant::SiteOptions plant = {};
  Site site = {};          // time_zero_ms is taken from the plant
  Tick beat_ms = 10'000;   // the twin commits and folds so often
  bool forecasts = false;  // run what is due, at once
  bool advice = false;     // the same; proposals need forecasts too
  // At each beat, with the time [ms since 1970]: whoever looks at what is proposed.
  std::function<void(Living&, plant::Site&, Tick)> operate = {};
};

class Rig {
 public:
  // The disk must outlive the rig.
  Rig(twin::record::Disk& disk, std::shared_ptr<const twins::fab::Layout> layout,
      RigOptions options);

  void run_until(Tick until);  // [tick]
  // The fab stands still until all that it said is with the twin, at most until `at_most` [tick].
  [[nodiscard]] bool settle(Tick at_most);

  // From now on nothing comes from sources whose names begin with one of these: lines that are down.
  // What they say is spooled.
  void silence(std::vector<std::string> begins) { silent_ = std::move(begins); }

  // The twin's process is gone, and begins anew at once from what the disk has. The plant goes on.
  void kill();
  [[nodiscard]] bool alive() const { return living_ != nullptr; }

  [[nodiscard]] Living& living() { return *living_; }
  [[nodiscard]] plant::Site& plant() { return plant_; }
  [[nodiscard]] std::uint64_t taken(twin::link::Taken how) const {
    return taken_[static_cast<std::size_t>(how)];
  }
  [[nodiscard]] std::uint64_t unreadable() const { return unreadable_; }

  // The fab as the twin believes it, in the plant's numbers of lots.
  [[nodiscard]] twins::fab::View believed();
  // The first place where it differs from the truth; empty: none.
  [[nodiscard]] std::string difference();

 private:
  void deliver(const plant::Delivery& delivery);
  void beat();
  void open();

  twin::record::Disk& disk_;
  std::shared_ptr<const twins::fab::Layout> layout_;
  RigOptions options_;
  plant::Site plant_;
  plant::Arrivals arrivals_;
  std::unique_ptr<Living> living_;
  std::uint64_t life_ = 0;  // of the twin's process: what an earlier one owed is owed no more
  std::array<std::uint64_t, 4> taken_{};
  std::uint64_t unreadable_ = 0;
  std::vector<std::string> silent_ = {};
};

}  // namespace apps::fabtwin::serve
