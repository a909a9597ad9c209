// What is believed about theta now, from the events of a mirror in their order: calibration, with the jobs of tools
// that are not what their group is left out of the group's law and their slowness put back where it counts.
#pragma once
#include <vector>

#include "twin/event/event.hpp"
#include "twins/fab/calibrate/evidence.hpp"
#include "twins/fab/calibrate/posterior.hpp"
#include "twins/fab/forecast/tool_watch.hpp"

namespace twins::fab::forecast {

// The layout must outlive it.
class Learner {
 public:
  Learner(const Layout& layout, Tick from, const ToolWatchOptions& options = {});

  // Once theta was asked for, the laws by which the tools are watched are never older than LawsAge: a group that drifts
  // takes its law with it, whenever the next forecast is made.
  void saw(const twin::event::Event& event);
  static constexpr Tick LawsAge =
      2 * Tick{86'400'000};  // of drifts up to tolerance / age = 1.5 % a day

  // theta as all events up to `until` tell it. The tools are watched by it from then on. A group with changed tools has
  // its process times multiplied by the mean factor of a job: what the group can do is right, which of its tools does
  // it is not, for theta has one number a group.
  std::vector<calibrate::Posterior> posterior(Tick until);
  // The same, but the tools are watched by what was learnt before.
  [[nodiscard]] std::vector<calibrate::Posterior> believed(Tick until) const;

  [[nodiscard]] const ToolWatch& tools() const { return watch_; }

  // All that changes: what a snapshot holds of it. The layout stays outside.
  struct Memory {
    calibrate::Witness::Memory seen;
    ToolWatch tools;
    Tick learnt = -1;
    bool operator==(const Memory&) const = default;

    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("seen", self.seen);
      a("tools", self.tools);
      a("learnt", self.learnt);
    }
  };
  [[nodiscard]] Memory memory() const { return {witness_.memory(), watch_, learnt_}; }
  // As if it had seen what that one had. twin::core::Error where that was of another fab.
  void restore(Memory memory);

 private:
  [[nodiscard]] std::vector<calibrate::Posterior> with_tools(
      std::vector<calibrate::Posterior> all) const;

  const Layout& m_;
  calibrate::Witness witness_;
  ToolWatch watch_;
  Tick learnt_ = -1;  // when the tools' laws were; -1: not yet
};

}  // namespace twins::fab::forecast
