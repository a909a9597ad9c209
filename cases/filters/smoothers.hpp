// Smoothers over windows, variational methods and the plain baselines on the toy models in published
// settings, scored as DAPPER scores them (rmse.a): the estimate at an observation from all observations
// up to it, time mean of the root mean square over variables.
#pragma once
#include <cstdint>
#include <string>
#include <variant>

#include "cases/filters/toys.hpp"
#include "twin/infer/smooth/iterated.hpp"

namespace cases {

struct IteratedSmoother {
  twin::infer::smooth::Iteration iteration = {};
  Eigen::Index members = 0;
  std::uint32_t lag = 1;  // [cycles]
};

struct FourDVar {  // strong constraint; B is this multiple of the identity
  double share = 0.0;
  std::uint32_t lag = 1;  // [cycles]
};

struct ThreeDVar {  // B is this share of the climatological covariance
  double share = 0.0;
};

struct OptimalInterpolation {};  // climatological mean and covariance at each observation
struct ClimatologyAlone {};      // the climatological mean

// By what the covariance is moved in each time step: the step's own tangent, or, as DAPPER does, the
// exponential of the slope's Jacobian where the step ends.
enum class Tangent { OfTheStep, FrozenAtItsEnd };

struct ExtendedKalman {  // covariance multiplied by `inflation` in each time unit
  double inflation = 1.0;
  Tangent tangent = Tangent::OfTheStep;
};

using Method = std::variant<IteratedSmoother, FourDVar, ThreeDVar, OptimalInterpolation,
                            ClimatologyAlone, ExtendedKalman>;

struct Trial {
  std::string name = {};  // of the row
  Toy toy = Toy::Lorenz96;
  twin::core::Tick ticks_per_cycle = 1;
  Method method = {};
};

// What was published: `near` is how near is near enough. The rerun is of DAPPER, where there is one.
struct Expected {
  enum class Near { About, AtMost };
  double published = 0.0;
  double near = 0.01;
  double rerun = 0.0;        // 0: none
  double rerun_error = 0.0;  // standard error of it
  Near kind = Near::About;
  std::string note = {};
};

// 1000 cycles; the first 20 (Lorenz-96) or 16 (Lorenz-63) time units are not scored.
Outcome run(const Trial& trial, int seeds);

// Runs and publishes. Reached: no run lost, and the mean within `near` of the published value (or below
// it), or within 3 standard errors of the rerun, its own and ours.
void compare(const std::string& heading, const std::string& common, const Trial& trial,
             const Expected& expected, int seeds);

}  // namespace cases
