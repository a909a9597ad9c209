// The fab's VVUQ report: what its rolling forecasts were worth, verdicts by limits, monitors, data, domain, and
// what the model does not know.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "twin/score/vvuq/report.hpp"
#include "twins/fab/validate/rolling.hpp"

namespace twins::fab::validate {

struct Limits {
  twin::score::vvuq::Acceptance all;
  std::map<std::string, twin::score::vvuq::Acceptance>
      of;  // [name of a quantity, or of its beginning]
  [[nodiscard]] const twin::score::vvuq::Acceptance& for_quantity(const std::string& name) const;
};

struct About {
  twin::score::vvuq::Identity identity;
  std::vector<twin::score::vvuq::ParameterReport> parameters;
  std::string own_truth;  // what reality was, where it was simulated; empty: a log from outside
};

// Part of the events that told of a move and were refused, of those that tell of moves. A log that does not begin with
// the fab, or is of another one, has many.
double refused_share(const Rolled& rolled);

twin::score::vvuq::VvuqReport report_of(const Layout& layout, const Rolled& rolled,
                                        const Limits& limits, About about);

// Closed forms that the scores must give (inference: CRPS of a normal, Richardson's extrapolation, run length of a
// CUSUM), and what the forecasts of this run had to keep.
std::vector<twin::score::vvuq::Check> code_checks(const Rolled& rolled);

}  // namespace twins::fab::validate
