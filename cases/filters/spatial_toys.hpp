// Ensemble filters on the toys that have space in them, the ocean gyre and the flame fronts, in
// published settings: many seeds, the mean of their scores, and how many runs were lost.
#pragma once
#include <memory>

#include "cases/filters/toys.hpp"
#include "twins/toys/quasi_geostrophic.hpp"
#include "twins/toys/sampled.hpp"

namespace cases {

using Gyre = twins::toys::QuasiGeostrophic<128>;
using SampledGyre = twins::toys::Sampled<Gyre>;

// 400 states of a free run, 50 time units apart, after 3500: DAPPER's library.
SampledGyre sampled_gyre();

// Sakov, Oke 2008 as DAPPER has it: an analysis every 5 time units, 300 of them, the first 50 not
// scored; 300 observations along tracks that are shifted each time, R = 4 I; domains of 2 x 2 points.
// setting.radius in points.
Outcome run_gyre(const SampledGyre& model, const Setting& setting, int seeds);

// Bocquet, Farchi 2019 as DAPPER has it: 128 points, step 0.5, all observed every time unit, R = I;
// domains of 4 points. 4000 analyses, the first 500 not scored. (DAPPER: 20000 and 2000.)
Outcome run_fronts(const Setting& setting, int seeds);

}  // namespace cases
