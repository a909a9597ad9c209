// The report's sentences and key figures: what was simulated, what came out, how it was computed.
#pragma once
#include <string>

#include "twins/fab/report/report.hpp"
#include "twins/fab/report/summary.hpp"

namespace twins::fab::report {

// A number of days as a person writes it: "365", "10.5".
std::string days_text(double days);

// Data set, sizes, run, seed, rule, as a list of facts.
std::string fact_list(const Layout& layout, const RunResult& result);

// One tile a key figure, with its interval.
std::string tiles(const Summary& s);

// The result in a few sentences.
std::string lead(const Summary& s);

// How the figures were made, what the model leaves out, and the fingerprints of the final States.
std::string notes(const Layout& layout, const RunResult& result, const Summary& s,
                  const std::string& program);

}  // namespace twins::fab::report
