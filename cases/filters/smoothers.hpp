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

// Where the model is linearised in each time step: where the step begins, which is right, or where it
// ends, as DAPPER does.
enum class Tangent { AtStart, AtEnd };

struct ExtendedKalman {  // covariance multiplied by `inflation` in each time unit
  double inflation = 1.0;
  Tangent tangent = Tangent::AtStart;
};

using Method = std::variant<IteratedSmoother, FourDVar, ThreeDVar, OptimalInterpolation,
                            ClimatologyAlone, ExtendedKalman>;

struct Trial {
  std::string name = {};  // of the row
  Toy toy = Toy::Lorenz96;
  twin::core::Tick ticks_per_cycle = 1;
  Method method = {};
};

// 1000 cycles; the first 20 (Lorenz-96) or 16 (Lorenz-63) time units are not scored.
Outcome run(const Trial& trial, int seeds);

}  // namespace cases
