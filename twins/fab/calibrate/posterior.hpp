// What is believed about theta at the end of a log: a table of quantiles for each parameter, in the order of theta,
// and whether it changed on the way.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twin/core/draw.hpp"
#include "twins/fab/calibrate/course.hpp"

namespace twins::fab::calibrate {

struct Posterior {
  std::string name;  // of the parameter
  std::uint64_t seen =
      0;  // outcomes it rests on; 0: nothing was seen, all quantiles are the nominal 1
  Quantiles quantiles{};  // [level] of the multiplier on the data set's value, at the log's end
  Change change;
  double differ = 0.0;  // of an area's mtbf and mttr: probability that its tool groups differ
  [[nodiscard]] double quantile(double p) const;
  [[nodiscard]] double median() const { return quantile(0.5); }
};

// Parameters that nothing was seen of keep the nominal value. A group's MTBF and MTTR are told apart from the area's
// where the probability that the area's groups differ exceeds Reported; the area's multiplier stays that of all.
std::vector<Posterior> posteriors(const Layout& layout, const Evidence& evidence);

// theta of one member of a forecast, drawn from the posterior within the model's bounds: each parameter by itself.
// The same draw gives the same member.
std::vector<double> draw_theta(const Layout& layout, const std::vector<Posterior>& posteriors,
                               const twin::core::Draw& draw);

}  // namespace twins::fab::calibrate
