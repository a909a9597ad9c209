// A deadline becomes a budget of work before the work, by the cost that was measured beforehand; what
// is computed is then a function of the budget, which stands in the record, and not of the clock. No
// clock is read here: costs are numbers, and who measured them is the caller's affair.
#pragma once
#include <cstdint>

#include "twin/core/record.hpp"

namespace twin::infer {

// Seconds of an analysis with forecast: fixed + members (a + iterations (b + c observations)).
struct CostModel {
  double fixed = 0.0;                   // [s]
  double per_member = 0.0;              // a, the forecast of one member [s]
  double per_member_iteration = 0.0;    // b [s]
  double per_member_observation = 0.0;  // c, in each iteration [s]
};

struct WorkBudget {
  std::uint32_t members = 0;
  std::uint32_t iterations = 1;
  std::uint32_t observations = 0;
  bool operator==(const WorkBudget&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("members", self.members);
    archive("iterations", self.iterations);
    archive("observations", self.observations);
  }
};

struct WorkPlan {
  WorkBudget wanted = {};
  WorkBudget least = {};  // what the answer is not worth having below
};

struct WorkDecision {
  WorkBudget budget;
  bool degraded = false;       // less than wanted
  bool late = false;           // even the least does not fit: it is what the budget holds
  double expected_cost = 0.0;  // of the budget [s]
};

double cost_of(const CostModel& cost, const WorkBudget& work);

// The most work that fits into `seconds`, given up in this order: iterations, then observations, then
// members, each as little as is needed, none below the least. Error for a cost that is negative or no
// number, seconds that are no number, or a least above what is wanted.
WorkDecision decide(const CostModel& cost, const WorkPlan& plan, double seconds);

// For the record: a note of kind "work-budget" whose text reads, for example,
// "members 40, iterations 1, observations 500, degraded". Written before the work, it reaches the
// estimator through Twin::absorb, so that a replay does the same work.
core::Note note_of(const WorkDecision& decision, core::Tick at);

inline constexpr const char* WorkBudgetKind = "work-budget";

// The budget of such a note. Error for a text that is none; expects the kind.
WorkBudget budget_of(const core::Note& note);

}  // namespace twin::infer
