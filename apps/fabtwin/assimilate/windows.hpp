// Methods that correct the start of a window by what is seen at its end: the iterative ensemble Kalman
// smoother (infer/smooth/iterated.hpp) and 4D-Var with a model that is right (infer/variational). What is
// scored is where the corrected start leads.
#pragma once
#include <vector>

#include "apps/fabtwin/assimilate/analyst.hpp"

namespace apps::fabtwin::assimilate {

std::vector<MethodEntry> windows();

}  // namespace apps::fabtwin::assimilate
