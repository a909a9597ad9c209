// What if: a fab as it is believed to be now lives on twice, as it is and with something otherwise. Both lives share
// their start, their theta and all luck that what is otherwise does not touch, so that their differences are its own.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "twin/math/statistics.hpp"
#include "twins/fab/decide/act.hpp"
#include "twins/fab/decide/advise.hpp"
#include "twins/fab/decide/bought.hpp"
#include "twins/fab/decide/down.hpp"
#include "twins/fab/decide/starts.hpp"

namespace twins::fab::decide {

struct WhatIf {
  std::vector<Act> acts = {};       // at once: hot lots, maintenances moved, ...
  std::vector<Down> downs = {};     // tools that are down
  std::vector<Mix> mixes = {};      // products that start at another pace
  std::vector<Bought> bought = {};  // tools more
  std::string rule = {};            // another policy from now on; empty: the standing one
  bool operator==(const WhatIf&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("acts", self.acts);
    a("downs", self.downs);
    a("mixes", self.mixes);
    a("bought", self.bought);
    a("rule", self.rule);
  }
};

struct WhatIfAsked {
  Tick now = 0;  // [tick] x.now or later, as in RolloutsAsked
  double horizon_hours = 168.0;
  std::string standing = "published";  // the rule that works now
  std::uint64_t seed = 1;
  std::uint64_t pairs = 60;
  unsigned threads = 1;
  Outlook outlook;
  std::uint32_t course_points =
      0;  // the way there is told at so many moments, equally apart; 0: not
};

// One text an entry, in the order of the fields: "LithoTrack_1#2 down from 1.0 h to 5.0 h".
std::vector<std::string> texts_of(const Layout& layout, const WhatIf& what_if, Tick now);

// Why it cannot be asked of the fab as x has it; nothing: it can.
std::optional<std::string> why_not(const Layout& layout, const State& x, const WhatIf& what_if,
                                   const WhatIfAsked& asked);

// Of one quantity: both means, and the interval of what is otherwise less what is as it is, pair by pair.
struct Changed {
  double as_it_is = 0.0, otherwise = 0.0;
  twin::math::Interval by;
  bool operator==(const Changed&) const = default;
};

struct QueueChanged {
  std::uint32_t group = None;
  Changed lots;  // that wait at the horizon
  bool operator==(const QueueChanged&) const = default;
};

struct CoursePoint {   // on the way to the horizon
  double hours = 0.0;  // [h] after `now`
  Changed wip, out;    // [lots] inside; [lots] that have left since `now`
  bool operator==(const CoursePoint&) const = default;
};

struct WhatIfResult {
  std::uint64_t pairs = 0;  // that were run
  // [h], [lots] as in Outcome
  Changed tardy_hours, weighted_tardy_hours, hot_tardy_hours, cycle_hours, out, wip, outside,
      violations;
  std::vector<CoursePoint> course;   // by time, the first at `now`; as many as asked for and one
  std::vector<QueueChanged> queues;  // the ten groups that change most, by their mean, most first
  bool operator==(const WhatIfResult&) const = default;
};

inline constexpr double WhatIfConfidence = 0.95;

// One question, member by member.
class TwoLives {
 public:
  // Throws twin::core::Error with why_not's sentence, or where the rule cannot be followed in this fab.
  TwoLives(std::shared_ptr<const Layout> layout, State x,
           std::vector<calibrate::Posterior> posterior, WhatIf what_if, WhatIfAsked asked);

  struct Ends {
    State start;  // at `now`, of both lives; without what is bought
    State as_it_is, otherwise;
    struct Mark {
      double wip = 0.0, finished = 0.0;  // [lots] inside; that have left since time zero
    };
    std::vector<Mark> marks_as_it_is, marks_otherwise;  // [moment of the course]
  };
  void live(std::uint64_t member, Ends& ends) const;

  [[nodiscard]] const WhatIfAsked& asked() const { return asked_; }
  [[nodiscard]] const Layout& as_it_is() const { return as_it_is_->layout(); }
  [[nodiscard]] const Layout& otherwise() const { return otherwise_->layout(); }

 private:
  enum class Life : std::uint8_t { AsItIs, Otherwise };
  void live_on(Life life, State& x, std::span<const double> theta, twin::core::Draw draw,
               std::vector<Ends::Mark>& marks) const;

  State x_;
  std::vector<calibrate::Posterior> posterior_;
  WhatIf what_if_;
  WhatIfAsked asked_;
  std::unique_ptr<AnyFab> as_it_is_, otherwise_;
  std::vector<Paced> paced_;
};

// Runs asked().pairs pairs, or fewer where `going`, which is told the runs so far, says so. Bit-identical for any
// number of threads.
WhatIfResult compare(const TwoLives& lives, const Going& going = {});
WhatIfResult compare(std::shared_ptr<const Layout> layout, State x,
                     std::vector<calibrate::Posterior> posterior, WhatIf what_if,
                     WhatIfAsked asked);

}  // namespace twins::fab::decide
