// Validation as a continual process: everything that judges a forecast by what came, in one include.
#pragma once

// One forecast, one number:
//   crps.hpp          ensemble (plain, fair), weighted values, normal
//   log_score.hpp     normal, ensemble as a normal, outcomes
//   pit.hpp           where on the forecast's scale it came
// Many forecasts, an accumulator or a list:
//   brier.hpp, reliability.hpp   yes or no: parts of the score, diagram with consistency bars
//   rank_histogram.hpp, pit.hpp  flat if calibrated; flatness.hpp tests it, and names bias and spread
//   spread_skill.hpp             spread against error
//   innovation.hpp               a filter's innovations against the covariance it claims
//   coverage.hpp                 intervals that hold what came, with Clopper-Pearson bounds
// Model against measurement:
//   area_metric.hpp       area between two distributions
//   grid_convergence.hpp  Richardson's extrapolation and GCI: the numerical part of the error
// Beside a running twin:
//   cusum.hpp, page_hinkley.hpp  monitors (monitor.hpp); cusum_run_length.hpp designs them
//   watch.hpp                    takes every forecast when reality came; says when to validate again
// All of it in one value, as JSON, with verdicts: vvuq/report.hpp, vvuq/judge.hpp
//
// Accumulators and monitors are regular values with `fields`: they are part of a State, and are
// merged across members or ranks where that has a meaning.
//
// What is not a number:
//   scores and accumulators   core::Error that names the value, and nothing is counted: a score that
//                             leaves members out in silence flatters the forecast
//   nothing to score          core::Error for one forecast; an empty optional from an accumulator
//   monitors                  counted as missing, nothing else changes: a silent sensor is expected
// Random numbers: only to break ties, as a draw in (0, 1) that the caller names.
#include "twin/score/area_metric.hpp"
#include "twin/score/brier.hpp"
#include "twin/score/coverage.hpp"
#include "twin/score/crps.hpp"
#include "twin/score/cusum.hpp"
#include "twin/score/cusum_run_length.hpp"
#include "twin/score/grid_convergence.hpp"
#include "twin/score/innovation.hpp"
#include "twin/score/log_score.hpp"
#include "twin/score/page_hinkley.hpp"
#include "twin/score/pit.hpp"
#include "twin/score/rank_histogram.hpp"
#include "twin/score/reliability.hpp"
#include "twin/score/spread_skill.hpp"
#include "twin/score/watch.hpp"
