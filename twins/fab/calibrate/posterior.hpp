// What is believed about theta after the evidence: a median and an interval for each parameter, in the order of theta.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twins/fab/calibrate/evidence.hpp"

namespace twins::fab::calibrate {

struct Posterior {
  std::string name;                            // of the parameter
  double low = 1.0, median = 1.0, high = 1.0;  // multiplier on the data set's value
  std::uint64_t seen = 0;  // outcomes it rests on; 0: nothing was seen, all three are the nominal 1
};

// Central intervals of probability `share`. Parameters that nothing was seen of keep the nominal value.
std::vector<Posterior> posteriors(const Layout& layout, const Evidence& evidence, double share);

}  // namespace twins::fab::calibrate
