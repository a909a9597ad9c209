// The most probable point of a rare event, and the probability by the flat or curved surface through it: first and
// second order reliability methods. Fast, without a statement of error: hold it against sampling.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "twin/uq/limit_state.hpp"

namespace twin::uq {

struct FormOptions {
  std::size_t inputs = 0;
  std::vector<double> start = {};  // [input]; none: the middle, u = 0
  std::uint32_t steps = 100;       // at most
  double tolerance =
      1e-6;  // of |g| / |g at the start| and of the distance to where the gradient points
  double difference = 1e-4;  // step of central differences
  unsigned threads = 1;
};

struct FormPoint {
  std::vector<double> u;         // [input] the most probable point
  std::vector<double> gradient;  // [input] of g there
  double index = 0.0;        // beta: its distance, negative where the middle itself is in the event
  double probability = 0.0;  // Phi(-beta)
  std::vector<double> importance;  // [input] share of each input in beta: alpha^2
  std::uint32_t steps = 0;
  std::uint64_t evaluations = 0;
  bool converged = false;  // false: the search ended elsewhere, and nothing of this should be used
};

// R. Rackwitz and B. Fiessler (Computers and Structures 9, 1978) with the merit function of Y. Zhang and A. Der
// Kiureghian (Reliability and Optimization of Structural Systems, 1995). One point: an event with several is
// underestimated. core::Error for no inputs, a start of another length, or where g has no value or no gradient.
FormPoint form(const LimitState& f, const FormOptions& options);

struct SormProbability {
  double breitung = 0.0;           // K. Breitung, J. Engineering Mechanics 110, 1984
  double hohenbichler = 0.0;       // M. Hohenbichler and R. Rackwitz, Structural Safety 5, 1988
  std::vector<double> curvatures;  // [inputs - 1] ascending
  std::uint64_t evaluations = 0;
};
// From the curvatures of g = 0 at the point, by central differences (2 d^2 evaluations). Nothing where a curvature
// is too large for the formulas (beta x curvature <= -1), or the point is not one.
std::optional<SormProbability> sorm(const LimitState& f, const FormPoint& point,
                                    const FormOptions& options);

struct NearPoint {
  std::uint64_t points = 10'000;
  std::uint64_t seed = 1;
  unsigned threads = 1;
};
// Importance sampling by normals about the most probable point (M. Shinozuka, J. Structural Engineering 109,
// 1983): without bias, with its standard error; poor where the event has other points as probable.
RareEvent sample_near(const LimitState& f, const FormPoint& point, const NearPoint& options);

}  // namespace twin::uq
