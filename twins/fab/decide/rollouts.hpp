// Rollouts: what a fab comes to within some days under each alternative of a menu, member by member. All alternatives
// of one member share its start, its theta and its luck, so that their differences are what the alternatives make.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "twin/decide/selection.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/calibrate/posterior.hpp"
#include "twins/fab/decide/act.hpp"
#include "twins/fab/decide/outlook.hpp"

namespace twins::fab::decide {

struct Alternative {
  std::string name;  // for people; unique within the menu
  std::string
      rule;  // the dispatching rule from now on, as make_fab takes it; empty: the standing one
  std::vector<Act> acts;  // at once
  bool operator==(const Alternative&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("name", self.name);
    a("rule", self.rule);
    a("acts", self.acts);
  }
};

// Of one run. Means are over all lots that were due during it: those that left count as they were, those still inside
// by their outlook, those that release control still keeps outside by that too, after what they are still to wait. All
// times of a lot begin with its scheduled release: what is kept outside is not gained.
struct Outcome {
  double tardy_hours = 0.0;           // [h] mean tardiness
  double weighted_tardy_hours = 0.0;  // [h] mean of weight times tardiness
  double hot_tardy_hours = 0.0;       // [h] mean over lots above the lowest priority; 0: none
  double cycle_hours = 0.0;           // [h] mean cycle time
  double out = 0.0;                   // [lots] that left within the horizon
  double wip = 0.0;                   // [lots] inside at the horizon
  double outside = 0.0;               // [lots] due and not let in at the horizon
  double violations = 0.0;            // queue-time windows that closed too late within the horizon
  // Of windows that were not too late at the start: those that closed within the horizon or are too late at its end;
  // and of them the latter and those that closed too late.
  double windows = 0.0, late_windows = 0.0;
  bool operator==(const Outcome&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("tardy_hours", self.tardy_hours);
    a("weighted_tardy_hours", self.weighted_tardy_hours);
    a("hot_tardy_hours", self.hot_tardy_hours);
    a("cycle_hours", self.cycle_hours);
    a("out", self.out);
    a("wip", self.wip);
    a("outside", self.outside);
    a("violations", self.violations);
    a("windows", self.windows);
    a("late_windows", self.late_windows);
  }
};

// Of a run from `before` to `after`, which is a later State of the same fab.
Outcome outcome_of(const Layout& layout, const Outlook& outlook, const State& before,
                   const State& after);

struct RolloutsAsked {
  Tick now =
      0;  // [tick] acts are done then; x.now or later (stale data: members run through the gap)
  double horizon_hours = 72.0;
  std::string standing = "published";  // the rule that works now
  std::uint64_t seed = 1;              // another one for each decision, or they share their luck
  Outlook outlook;
  std::vector<Act> anyway = {};  // done at `now` whatever is chosen, before what is chosen
};

// One thing that is otherwise: what would be advised then?
struct Change {
  std::vector<Act> anyway = {};
  Tick later_due = 0;  // [tick] added to the due dates of all lots in the fab
};

class Rollouts {
 public:
  // x: a mirror's State (forecast::ahead's). menu: the first is what all are compared with. Throws twin::core::Error
  // where an alternative cannot be done to x, with its name; a rule that needs queue lines that the layout has not
  // (LayoutOptions::setup_lines) is one of those.
  Rollouts(std::shared_ptr<const Layout> layout, State x,
           std::vector<calibrate::Posterior> posterior, std::vector<Alternative> menu,
           RolloutsAsked asked);

  [[nodiscard]] const std::vector<Alternative>& menu() const { return menu_; }
  [[nodiscard]] const RolloutsAsked& asked() const { return asked_; }

  // Runs what is wanted and not there yet. Bit-identical for any number of threads.
  void run(std::span<const twin::decide::Runs> wanted, unsigned threads);
  // [replication] of those run without a gap from 0 on.
  [[nodiscard]] std::span<const Outcome> outcomes(std::size_t alternative) const {
    return outcomes_[alternative];
  }
  [[nodiscard]] std::uint64_t spent() const { return spent_; }  // [runs]

  // The same question for some of the menu, with other luck or with the data set's own theta.
  [[nodiscard]] Rollouts again(std::span<const std::size_t> alternatives, std::uint64_t seed,
                               bool nominal) const;

  // The same question for some of the menu, with the same luck, over another time.
  [[nodiscard]] Rollouts over(std::span<const std::size_t> alternatives,
                              double horizon_hours) const;

  // The same question for some of the menu, with the same luck, in a fab that is otherwise. What cannot be done to
  // the fab is a twin::core::Error, as above.
  [[nodiscard]] Rollouts changed(std::span<const std::size_t> alternatives, Change change) const;

  [[nodiscard]] const Layout& layout() const { return *layout_; }
  [[nodiscard]] const State& start() const { return x_; }  // as the mirror has it

  // Runs one again and says which invariants of the State do not hold at its end (invariants.hpp).
  [[nodiscard]] std::vector<std::string> broken(std::size_t alternative,
                                                std::uint32_t member) const;

 private:
  struct Start {
    twin::core::Draw draw;
    std::vector<double> theta;
    State x;
  };
  [[nodiscard]] Start start_of(std::uint64_t member) const;
  [[nodiscard]] std::vector<Alternative> some(std::span<const std::size_t> alternatives) const;
  void one(std::size_t alternative, const Start& start, State& room) const;

  std::shared_ptr<const Layout> layout_;
  State x_;
  std::vector<calibrate::Posterior> posterior_;
  std::vector<Alternative> menu_;
  RolloutsAsked asked_;
  std::vector<std::unique_ptr<AnyFab>> fabs_;   // one for each rule
  std::vector<std::size_t> fab_of_;             // [alternative]
  std::vector<std::vector<Outcome>> outcomes_;  // [alternative][replication]
  std::uint64_t spent_ = 0;
};

}  // namespace twins::fab::decide
