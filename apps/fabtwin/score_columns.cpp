#include "apps/fabtwin/score_columns.hpp"

namespace apps::fabtwin {

std::vector<CsvColumn> score_columns() {
  return {
      {"label", "what the file calls the method"},
      {"method", "its name"},
      {"members", "size of the ensemble"},
      {"runs", "that came to their end, one a seed"},
      {"lost", "runs that diverged or gave no number; all other figures are over the rest"},
      {"rmse_f", "root mean square error of the forecast mean, mean over cycles and runs"},
      {"rmse_f_error", "standard error of it over the runs; 0 for one run"},
      {"rmse_a", "the same of the analysis mean"},
      {"rmse_a_error", "its standard error"},
      {"spread", "root of the mean variance of the analysis members, mean over cycles and runs"},
      {"spread_error", "its standard error"},
      {"spread_skill",
       "spread over root mean square error of the analysis, corrected for the ensemble's size: 1 "
       "if "
       "it is as sure as it should be"},
      {"crps", "continuous ranked probability score of the analysis, mean over variables"},
      {"crps_error", "its standard error"},
      {"ranks_p",
       "probability that ranks of the truth are as unequal as they were, if every rank is as "
       "likely; "
       "one rank a cycle, and cycles follow each other: far too small a p for a long memory"},
      {"chi2_ratio",
       "squared innovations over what H P H^T + R of the whole ensemble promises: 1 if right"},
      {"chi2_p", "probability of a ratio as far from 1, if cycles were independent"},
      {"cycle_ms", "wall time of a cycle, forecast and analysis [ms]"},
  };
}

}  // namespace apps::fabtwin
