// The posterior of independent priors and a likelihood, in the coordinates that a sampler moves in.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/infer/sample/prior.hpp"
#include "twin/infer/sample/target.hpp"

namespace twin::infer {

// Points of independent priors: [dimension] each. core::Error where there are not as many numbers as priors and, of
// to_line and to_normals, where a number lies beyond the ends of its prior.
std::vector<double> from_line(std::span<const Prior> priors, std::span<const double> v);
std::vector<double> to_line(std::span<const Prior> priors, std::span<const double> x);
std::vector<double> from_normals(std::span<const Prior> priors, std::span<const double> z);
std::vector<double> to_normals(std::span<const Prior> priors, std::span<const double> x);

enum PriorValueDraw : std::uint32_t { PriorValue = 0xA5000050 };
// So many draws of the priors, [draw][dimension], each by its own number.
std::vector<double> draws_of(std::span<const Prior> priors, std::size_t count, std::uint64_t seed);

// The posterior in coordinates without bounds (from_line), for metropolis() and nuts(). The likelihood is a function
// of x; slopes where it has them. core::Error where it has other dimensions than there are priors.
Target posterior(std::vector<Prior> priors, Target likelihood);
// The likelihood as a function of standard normals (from_normals), for temper(), pCN and laplace().
Target on_normals(std::vector<Prior> priors, Target likelihood);

}  // namespace twin::infer
