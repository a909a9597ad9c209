// A forecast as past scores say it should have been told: every distribution whose like has been scored, moved by the
// ledger's recalibration. The raw one stays what is scored; both are shown.
#pragma once
#include "twins/fab/forecast/ledger.hpp"

namespace twins::fab::forecast {

// Ends and middle moved as Recalibration::apply does, at the levels alone; ascending, Beyond stays.
Quantiles recalibrated(const Quantiles& quantiles, const Recalibration& by);

// Lots by the horizon that they are expected within, WIP and moves of groups, lots out by product and
// of all, until each scored moment and day by day, each by the first scored horizon that is not before
// its time; counts are not below 0.
// Untouched, for they are not scored: queues, tools, starts, queue-time risks, what lies beyond the longest scored
// horizon, and probabilities.
Forecast recalibrated(Forecast forecast, const Ledger& ledger);

}  // namespace twins::fab::forecast
