// Methods that carry one estimate instead of members: the climate and what is made of it (infer/
// variational), and the extended Kalman filter (infer/kalman/ekf.hpp). What ensembles must beat.
#pragma once
#include <vector>

#include "apps/fabtwin/assimilate/analyst.hpp"

namespace apps::fabtwin::assimilate {

std::vector<MethodEntry> one_estimate();

}  // namespace apps::fabtwin::assimilate
