// What the lines of limits must keep together. Whoever signs them is told what they break, and where
// somebody signed such lines all the same, the guard's checks take them in the way that permits less.
#pragma once
#include "twin/guard/limits.hpp"

namespace twin::guard {

// Throws core::Error: the class, and what is wrong with it.
void expect_rules(const Limits& limits);

}  // namespace twin::guard
