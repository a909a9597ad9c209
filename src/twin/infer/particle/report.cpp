#include "twin/infer/particle/report.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/particle/weights.hpp"

namespace twin::infer::particle {

void Counts::add(const Report& report) {
  switch (report.fate) {
    case Fate::Used: ++used; break;
    case Fate::Nothing: ++nothing; break;
    case Fate::Missing: ++missing; break;
    case Fate::Collapsed: ++collapsed; break;
  }
  lost += report.lost;
  resampled += report.resampled ? 1U : 0U;
  copies += report.copies;
  last = report;
}

Report accept(std::vector<double>& log_weight, std::vector<double> log_likelihood,
              OnCollapse on_collapse) {
  TWIN_EXPECT(log_weight.size() == log_likelihood.size(), log_weight.size(), log_likelihood.size());
  constexpr double Infinity = std::numeric_limits<double>::infinity();
  Report report;
  for (std::size_t i = 0; i < log_likelihood.size(); ++i) {
    double& next = log_likelihood[i];
    if (!(next < Infinity)) {
      ++report.lost;
      next = -Infinity;
    }
    next += log_weight[i];
  }
  const Weights weights = weights_of(log_likelihood);
  if (weights.total == 0.0) {
    if (on_collapse == OnCollapse::Refuse) {
      throw core::Error(
          fmt::format("no weight is left on any of {} members, {} of them lost (none can have made "
                      "what was observed) is the sensor's noise too small, or are the members too "
                      "few?",
                      log_weight.size(), report.lost));
    }
    report.fate = Fate::Collapsed;
    return report;
  }
  report.log_evidence = weights.log_mean - weights_of(log_weight).log_mean;
  report.ess = weights.ess;
  log_weight = std::move(log_likelihood);
  return report;
}

}  // namespace twin::infer::particle
