// The published scores of the iterative smoother on Lorenz-96 and Lorenz-63. If these changed, it would
// have become better or worse than it was published to be.
#include <gtest/gtest.h>

#include "cases/filters/smoothers.hpp"

namespace cases {
namespace {

using twin::infer::Rotation;

constexpr int Seeds = 20;
const std::string Lorenz96Setting = "n = 40, F = 8, dt 0.05, all observed, R = I, 1000 cycles";

TEST(CaseSmoothers, Lorenz96) {
  // Smoothing over a window would not pay where the model is nonlinear between observations. Ten
  // iterations each, whatever they still move, as published.
  const std::string heading = "Iterative smoothers, Lorenz-96";
  compare(
      heading, "observed every 0.6; " + Lorenz96Setting,
      {"iEnKS N = 25, lag 1, inflation 1.2, rotated", Toy::Lorenz96, 12,
       IteratedSmoother{
           {.tolerance = 0.0, .inflation = {.factor = 1.2}, .rotation = Rotation::Random}, 25, 1}},
      {.published = 0.46, .rerun = 0.461, .rerun_error = 0.008}, Seeds);
  compare(
      heading, "observed every 0.6; " + Lorenz96Setting,
      {"iEnKS N = 25, lag 1, certainty 2, rotated", Toy::Lorenz96, 12,
       IteratedSmoother{{.tolerance = 0.0, .rotation = Rotation::Random, .certainty = 2.0}, 25, 1}},
      {.published = 0.46}, Seeds);
  compare(heading, "observed every 0.2; " + Lorenz96Setting,
          {"iEnKS N = 20, lag 4, certainty 2", Toy::Lorenz96, 4,
           IteratedSmoother{{.tolerance = 0.0, .certainty = 2.0}, 20, 4}},
          {.published = 0.31, .rerun = 0.292, .rerun_error = 0.006}, Seeds);
  compare(heading, "observed every 0.4; " + Lorenz96Setting,
          {"iEnKS-N N = 20, lag 1", Toy::Lorenz96, 8,
           IteratedSmoother{{.tolerance = 0.0, .certainty = 1.0}, 20, 1}},
          {.published = 0.40,
           .rerun = 0.418,
           .rerun_error = 0.002,
           .note = ": 4 seeds, 500 cycles, as DAPPER now has it"},
          Seeds);
}

TEST(CaseSmoothers, Lorenz63) {
  // Smoothing would not halve the error where the model folds between observations.
  compare(
      "Iterative smoothers, Lorenz-63",
      "Sakov, Oliver and Bertino 2012: dt 0.01, observed every 0.25, R = 2I, 1000 cycles",
      {"iEnKS N = 10, lag 1, inflation 1.02, rotated", Toy::Lorenz63, 25,
       IteratedSmoother{
           {.tolerance = 0.0, .inflation = {.factor = 1.02}, .rotation = Rotation::Random}, 10, 1}},
      {.published = 0.31, .near = 0.05}, Seeds);
}

}  // namespace
}  // namespace cases
