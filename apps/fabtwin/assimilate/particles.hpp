// The regularised bootstrap particle filter as a method (infer/particle/filter.hpp), on any model: members
// that go on as copies of others take over all that the others are.
#pragma once
#include <vector>

#include "apps/fabtwin/assimilate/analyst.hpp"

namespace apps::fabtwin::assimilate {

std::vector<MethodEntry> particles();

}  // namespace apps::fabtwin::assimilate
