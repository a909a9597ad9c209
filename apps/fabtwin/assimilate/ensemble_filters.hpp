// The ensemble Kalman filters as methods: global and in domains (infer/ensemble), and the serial filter
// that localises in the space of the state (infer/craft/serial.hpp); with inflation, tuned or found.
#pragma once
#include <vector>

#include "apps/fabtwin/assimilate/analyst.hpp"

namespace apps::fabtwin::assimilate {

std::vector<MethodEntry> ensemble_filters();

}  // namespace apps::fabtwin::assimilate
