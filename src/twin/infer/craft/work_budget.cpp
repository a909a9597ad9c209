#include "twin/infer/craft/work_budget.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer {
namespace {

void check_cost(const char* name, double value) {
  if (!(value >= 0.0) || !std::isfinite(value)) {
    throw core::Error(
        fmt::format("{} = {} of a cost model (must be finite and not negative) [s]", name, value));
  }
}

// The largest value in [least, wanted] of one number of the budget that fits; least if none does.
void fit_work_budget(const CostModel& cost, double seconds, std::uint32_t least,
                     std::uint32_t wanted, std::uint32_t& number, const WorkBudget& budget) {
  std::uint32_t low = least, high = wanted;
  number = high;
  if (cost_of(cost, budget) <= seconds) return;
  while (low < high) {
    const std::uint32_t middle = low + (high - low + 1) / 2;
    number = middle;
    if (cost_of(cost, budget) <= seconds) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  number = low;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

bool take(std::string_view& text, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

double cost_of(const CostModel& cost, const WorkBudget& work) {
  const double each = cost.per_member_iteration + cost.per_member_observation * work.observations;
  return cost.fixed + work.members * (cost.per_member + work.iterations * each);
}

WorkDecision decide(const CostModel& cost, const WorkPlan& plan, double seconds) {
  check_cost("fixed", cost.fixed);
  check_cost("per_member", cost.per_member);
  check_cost("per_member_iteration", cost.per_member_iteration);
  check_cost("per_member_observation", cost.per_member_observation);
  if (std::isnan(seconds)) throw core::Error("the time until the deadline is no number");
  const WorkBudget& w = plan.wanted;
  const WorkBudget& l = plan.least;
  if (l.members > w.members || l.iterations > w.iterations || l.observations > w.observations) {
    throw core::Error(fmt::format(
        "a least budget of {} members, {} iterations, {} observations for a wanted one of {}, {}, "
        "{} (must not be more)",
        l.members, l.iterations, l.observations, w.members, w.iterations, w.observations));
  }
  WorkDecision out;
  out.budget = w;
  fit_work_budget(cost, seconds, l.iterations, w.iterations, out.budget.iterations, out.budget);
  fit_work_budget(cost, seconds, l.observations, w.observations, out.budget.observations,
                  out.budget);
  fit_work_budget(cost, seconds, l.members, w.members, out.budget.members, out.budget);
  out.expected_cost = cost_of(cost, out.budget);
  out.degraded = out.budget != w;
  out.late = out.expected_cost > seconds;
  return out;
}

core::Note note_of(const WorkDecision& decision, core::Tick at) {
  const WorkBudget& b = decision.budget;
  return {.at = at,
          .kind = WorkBudgetKind,
          .text = fmt::format("members {}, iterations {}, observations {}, {}", b.members,
                              b.iterations, b.observations,
                              decision.late       ? "late"
                              : decision.degraded ? "degraded"
                                                  : "full")};
}

WorkBudget budget_of(const core::Note& note) {
  TWIN_EXPECT(note.kind == WorkBudgetKind, note.kind);
  std::string_view text = note.text;
  WorkBudget budget;
  const bool read = take(text, "members ") && take(text, budget.members) &&
                    take(text, ", iterations ") && take(text, budget.iterations) &&
                    take(text, ", observations ") && take(text, budget.observations) &&
                    (text == ", full" || text == ", degraded" || text == ", late");
  if (!read) {
    throw core::Error(
        fmt::format("\"{}\" is no work budget (must read \"members 40, iterations 1, "
                    "observations 500, full\")",
                    note.text));
  }
  return budget;
}

}  // namespace twin::infer
