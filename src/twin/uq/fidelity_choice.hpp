// Which of a model's fidelities to run, and how often, for the accuracy that is wanted and the work that may be
// done: the mean of n runs is off by bias^2 + deviation^2 / n in the mean square. All is reckoned exactly, and
// each number is taken as the shortest decimal that stands for it: a budget of 0.3 pays for three runs of 0.1.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace twin::uq {

struct DeclaredFidelity {
  std::string name = {};
  double cost = 1.0;        // of a run [work], as was recorded; never a time
  double bias = 0.0;        // size of its error against the truth, or the finest
  double bias_error = 0.0;  // standard error of that size; 0: the size is taken as it is
  double deviation = 0.0;   // of what a run gives, by chance; 0: the same each time
};

struct AccuracyDemand {
  double accuracy = 0.0;  // root mean square error; 0: as little as can be
  double budget = 0.0;    // [work] in all
  double deadline = std::numeric_limits<double>::infinity();  // [work] before the decision is due
};

struct FidelityChoice {
  std::optional<std::size_t> fidelity = {};  // none: not even one run of any can be done
  std::uint64_t runs = 0;
  bool reached = false;         // the accuracy is, as far as the declaration is right
  double bias = 0.0;            // expected, with its error: root of the sum of squares
  double standard_error = 0.0;  // by chance
  double error = 0.0;           // root mean square of both; infinite without a choice
  double cost = 0.0;            // [work]
  std::vector<std::string> why_not =
      {};  // [fidelity] why it was not taken; empty for the one that was
};

// The cheapest that reaches the accuracy within budget and deadline, with as few runs as do. Where none does, the
// one with the least error that can be had. Of equal ones the better in the other respect, then the lower number.
// core::Error for no fidelities, a cost that is not above 0 or that the work pays for more than 2^53 times, and
// what is negative or not finite; only the deadline may be infinite.
FidelityChoice choose_fidelity(std::span<const DeclaredFidelity> fidelities,
                               const AccuracyDemand& demand);

}  // namespace twin::uq
