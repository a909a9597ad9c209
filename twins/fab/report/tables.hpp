// The report's tables: every figure of lot classes, tool groups and queue-time windows, with units
// in the heads.
#pragma once
#include <string>

#include "twins/fab/report/summary.hpp"

namespace twins::fab::report {

// "50.94 ± 0.41" as HTML that no line breaks, without the ± where nothing is known of it.
std::string with_interval(const Estimate& e, int decimals, double factor = 1.0);

std::string class_table(const Summary& s);
std::string group_table(const Summary& s);
std::string window_table(const Summary& s);

}  // namespace twins::fab::report
