// The published scores of variational methods, of the extended Kalman filter and of the plain baselines
// on Lorenz-96 and Lorenz-63. If these changed, what filters are compared with would be something else.
#include <gtest/gtest.h>

#include "cases/filters/smoothers.hpp"

namespace cases {
namespace {

constexpr int Seeds = 20;
const std::string Lorenz96Setting = "n = 40, F = 8, dt 0.05, all observed, R = I, 1000 cycles";

TEST(CaseVariational, Lorenz96Baselines) {
  // A filter would be measured against baselines that are too good or too bad.
  const std::string heading = "Variational methods and baselines, Lorenz-96";
  const std::string setting = "observed every 0.05; " + Lorenz96Setting;
  const std::string climate = "; climate of 1000 time units";
  compare(heading, setting + climate, {"climatology", Toy::Lorenz96, 1, ClimatologyAlone{}},
          {.published = 3.6, .near = 0.05}, Seeds);
  compare(heading, setting + climate,
          {"optimal interpolation", Toy::Lorenz96, 1, OptimalInterpolation{}},
          {.published = 0.95, .rerun = 0.945, .rerun_error = 0.002}, Seeds);
  compare(heading, setting + climate,
          {"3D-Var, B = 0.02 climate", Toy::Lorenz96, 1, ThreeDVar{0.02}},
          {.published = 0.41, .rerun = 0.411, .rerun_error = 0.003}, Seeds);
  compare(
      heading, setting,
      {"extended Kalman filter, inflation 10 a time unit, tangent frozen at the end of the step",
       Toy::Lorenz96, 1, ExtendedKalman{10.0, Tangent::FrozenAtItsEnd}},
      {.published = 0.24, .rerun = 0.238, .rerun_error = 0.003}, Seeds);
  compare(
      heading, setting,
      {"extended Kalman filter, inflation 10 a time unit", Toy::Lorenz96, 1, ExtendedKalman{10.0}},
      {.published = 0.24,
       .kind = Expected::Near::AtMost,
       .note = ", which was with the frozen tangent; here the step's own"},
      Seeds);
}

TEST(CaseVariational, Lorenz96FourDVar) {
  // A longer window would not pay in 4D-Var. What the published multiples multiply is inferred from the
  // scores, not known: the identity fits; the climatological covariance gives 0.66, 0.59 and 0.49.
  const std::string heading = "Variational methods and baselines, Lorenz-96";
  const std::string setting =
      "observed every 0.2, B a multiple of I (inferred: the climate's B gives 0.66, 0.59, 0.49); " +
      Lorenz96Setting;
  compare(heading, setting, {"4D-Var, lag 1, B = 0.2", Toy::Lorenz96, 4, FourDVar{0.2, 1}},
          {.published = 0.46}, Seeds);
  compare(heading, setting, {"4D-Var, lag 2, B = 0.1", Toy::Lorenz96, 4, FourDVar{0.1, 2}},
          {.published = 0.39}, Seeds);
  compare(heading, setting, {"4D-Var, lag 4, B = 0.02", Toy::Lorenz96, 4, FourDVar{0.02, 4}},
          {.published = 0.37}, Seeds);
}

TEST(CaseVariational, Lorenz63) {
  // The same on the smallest of chaotic models.
  const std::string heading = "Variational methods and baselines, Lorenz-63";
  const std::string setting =
      "Sakov, Oliver and Bertino 2012: dt 0.01, observed every 0.25, R = 2I, 1000 cycles";
  const std::string climate = "; climate of 200 time units";
  compare(heading, setting + climate, {"climatology", Toy::Lorenz63, 25, ClimatologyAlone{}},
          {.published = 7.6, .near = 0.05}, Seeds);
  compare(heading, setting + climate,
          {"optimal interpolation", Toy::Lorenz63, 25, OptimalInterpolation{}},
          {.published = 1.25, .near = 0.05}, Seeds);
  compare(heading, setting + climate,
          {"3D-Var, B = 0.1 climate", Toy::Lorenz63, 25, ThreeDVar{0.1}},
          {.published = 1.04, .near = 0.05}, Seeds);
  compare(heading, setting,
          {"extended Kalman filter, inflation 180 a time unit", Toy::Lorenz63, 25,
           ExtendedKalman{180.0}},
          {.published = 0.92, .near = 0.05}, Seeds);
}

}  // namespace
}  // namespace cases
