// From forecasts and what came to a quantity's part of the report: all scores, each with what is not known of it, and
// the verdict that follows from the limits.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twin/score/vvuq/report.hpp"

namespace twin::score::vvuq {

struct Occasion {
  double at = 0.0;              // when it came [time unit of the report]
  std::vector<double> members;  // [member] of the forecast [unit]
  double came = 0.0;            // [unit]
  std::vector<std::vector<double>>
      references;  // [reference][member] [unit]; empty: it had none to give
  double u = 0.5;  // a draw in (0, 1) that breaks ties
};

struct QuantityInput {
  std::string name, unit;
  double horizon = 0.0;             // [time unit of the report]
  std::vector<Occasion> occasions;  // in the order of time
  std::uint64_t missing = 0;        // forecasts for which nothing came
  std::size_t overlap = 0;          // so many further occasions share part of their time with one
  std::vector<std::string> references;  // names
  // Index of the reference whose members differ by chance alone; none: those of the forecast do.
  std::optional<std::size_t> chance_alone;
};

// References are judged by the CRPS of the members they have, as a sample of their law (fair) from two members on; a
// single value by its distance.
//
// Occasions that follow each other closely are not independent: n of them count as n / (1 + 2 sum (1 - k / n) r_k) with
// the positive autocorrelations r_k of the standardised residual up to `overlap` (at least 1) (G. V. Bayley and J. M.
// Hammersley, JRSS supplement 8, 1946). Intervals are of 95 % and use that number.
//
// core::Error for an ensemble of fewer than two members or a value that is not finite.
QuantityReport judge(const QuantityInput& input, const Acceptance& acceptance);

// Met: the whole interval is within the limits, or the value where that is proof enough; missed: all of
// the interval is outside; else undecided.
Outcome outcome_of(const Criterion& criterion);

// Not enough evidence: too few effective occasions, or a criterion that is undecided while none is missed.
Verdict verdict_of(const std::vector<Criterion>& criteria, double effective,
                   double least_effective);

// How many independent values tell as much about their mean as these do.
double effective_number(const std::vector<double>& values, std::size_t lags);

// The largest interval of order statistics of N members that holds about 90 %: ranks k and N + 1 - k, k >= 1.
struct CentralInterval {
  std::size_t rank = 1;
  double level = 0.0;  // what it holds if the forecast is right: 1 - 2 k / (N + 1)
};
CentralInterval central_interval(std::size_t members);

}  // namespace twin::score::vvuq
