// One self-contained HTML page about a simulated fab: no script, no outside file, drawings inline,
// light and dark, for screen, phone and paper. The same input gives the same bytes.
#pragma once
#include <string>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/simulate.hpp"

namespace twins::fab::report {

// One point of the operating curve: flow factors of the regular lots at one load.
struct CurvePoint {
  double load = 0.0;  // releases per unit of time, relative to the data set
  double mean = 0.0, p05 = 0.0, p50 = 0.0, p95 = 0.0;  // flow factor
};

struct ReportInput {
  const Layout* layout = nullptr;
  const RunResult* result = nullptr;        // of that layout
  std::vector<CurvePoint> operating_curve;  // by rising load; may be empty
  std::string title;                        // empty: the data set's name
  std::string program;                      // that made the run, with its version
};

// Expects a layout and a result of it, and finite figures throughout.
std::string html_report(const ReportInput& input);

}  // namespace twins::fab::report
