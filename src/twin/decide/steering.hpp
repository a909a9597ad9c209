// Sensor steering: which lots or tools to measure next under a budget, asked of an ensemble. A candidate is
// what each member says that a measurement would show; what one wants to know is what each member answers.
// Greedy on information is within 63.2 % of the best choice (uq/greedy.hpp); variance and decisions are
// not submodular and have no such bound, and that is said with the plan.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/uq/greedy.hpp"

namespace twin::decide {

struct Steering {
  std::vector<std::vector<double>> seen;  // [candidate][member] without noise
  std::vector<double> noise;              // variance of each candidate's error, > 0 [candidate]
  std::vector<double> cost;               // of each, > 0 [candidate]; empty: 1 each
  std::vector<std::vector<double>>
      asked;                   // [question][member]: KPIs, theta, or one decision's difference
  std::vector<double> weight;  // of each question's variance, > 0 [question]; empty: 1 each
};

enum class Aim : std::uint8_t {
  Information,  // EIG about all that is uncertain; D-optimal for the state that candidates see
  InformationOnAsked,  // EIG about the questions together; D-optimal for them
  Variance,            // A-optimal: weighted variance of the questions that goes
  Decision  // what deciding afterwards is worth: the one question is cost of a less cost of b [its unit]
};

struct SteeringPlan {
  std::vector<std::size_t>
      order;                  // candidates, as picked; what was fixed beforehand is not among them
  std::vector<double> gains;  // of each when picked: nats, variance, or the question's unit
  double value = 0.0;         // their sum
  double cost = 0.0;          // of them
  double bound = 0.0;  // at least this share of the best choice's value; 0: no bound is known
  double variance_before = 0.0,
         variance_after = 0.0;  // weighted, of the questions; before: fixed were taken
};

// As many as the budget pays for. fixed: candidates that are measured anyway (risk limits: see
// wafers_at_risk.hpp), not charged to the budget. core::Error for what is not finite or not as many, and
// for aims without their questions: Decision has exactly one, the others but Information at least one.
// An ensemble of N members shows a squared correlation of about 1 / (N - 1) where there is none, so gains
// below that share of the variance say nothing: take members enough.
SteeringPlan steer(const Steering& steering, Aim aim, double budget,
                   std::span<const std::size_t> fixed = {});

// What it is worth to learn more before the smaller of two costs is chosen, when their difference is
// believed N(mean, .) and learning moves that mean by N(0, moved^2): E max(0, -D') - max(0, -mean) =
// moved phi(mean / moved) - |mean| Phi(-|mean| / moved) (S. S. Gupta and K. J. Miescke, J. Statistical
// Planning and Inference 54, 1996; the knowledge gradient). 0 for moved = 0.
double worth_of_learning(double mean, double moved);

}  // namespace twin::decide
