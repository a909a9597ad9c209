// Work on the members of a belief that all particle methods share: blocks of them in parallel, and
// their replacement by copies.
#pragma once
#include <Eigen/Dense>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/core/ensemble.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/experiment.hpp"
#include "twin/infer/particle/kernel.hpp"
#include "twin/infer/particle/resampling.hpp"
#include "twin/infer/particle/weights.hpp"

namespace twin::infer::particle {

// f(i) for each member, a block of them at a time: a member may be cheaper than to ask for it.
template <class ForEach, class F>
void for_blocks(const ForEach& each, std::size_t members, const F& f) {
  constexpr std::size_t Block = 64;
  each((members + Block - 1) / Block, [&](std::size_t b) {
    const std::size_t end = std::min(members, (b + 1) * Block);
    for (std::size_t i = b * Block; i < end; ++i) f(i);
  });
}

// core::Error unless there are members and each has a weight.
template <core::Model M>
void require_members(const core::Ensemble<M>& belief) {
  if (belief.size() == 0) throw core::Error("the belief has no members (needs at least one)");
  TWIN_EXPECT(belief.log_weight.size() == belief.size(), belief.log_weight.size(), belief.size());
}

struct ResamplingOptions {
  Resampling scheme = Resampling::Systematic;
  double bandwidth = 0.0;  // as FilterOptions
  double discount = 1.0;   // as FilterOptions
  std::uint32_t what = ResamplingDraw;
  std::uint32_t occasion = 0;
};

// Rows of numbers of all members, [variable][member].
template <HasVector M>
Eigen::MatrixXd vectors_of(core::Ensemble<M>& belief) {
  const auto rows = static_cast<Eigen::Index>(M::vector(belief.x[0]).size());
  Eigen::MatrixXd x(rows, static_cast<Eigen::Index>(belief.size()));
  for (std::size_t i = 0; i < belief.size(); ++i) {
    const auto row = M::vector(belief.x[i]);
    TWIN_EXPECT(static_cast<Eigen::Index>(row.size()) == rows, row.size(), rows);
    x.col(static_cast<Eigen::Index>(i)) = Eigen::Map<const Eigen::VectorXd>(row.data(), rows);
  }
  return x;
}

// The kernel shrinkage of Liu, West (2001, section 10.3): theta of each member is drawn towards the
// weighted mean by a = (3 d - 1)/(2 d) and then spread by a normal kernel of (1 - a^2) times the
// weighted covariance, so that mean and covariance stay what they were. Parameters must be on a
// scale without bounds. ancestors: [member], those who stand there; theta: [member][parameter] with
// the ancestors' values already.
void shrink_parameters(std::span<double> theta, const Spread& before, double discount,
                       const core::Draw& first, std::uint32_t occasion);

// Replaces members by copies in proportion to their weights; afterwards all weights are the mean
// weight. Copies, with those they were made of, are moved apart if a bandwidth asks for it, as
// DAPPER does: a member that stays alone is not moved. A copy goes on with the draws of the place
// it stands in.
struct Replaced {
  std::size_t count = 0;                 // of members that were replaced
  std::vector<std::uint32_t> ancestors;  // [member] whose copy stands there; itself if it stayed
};
template <core::Model M, class ForEach>
Replaced resample_members(core::Ensemble<M>& belief, const Weights& weights, const core::Draw& draw,
                          const ResamplingOptions& o, const ForEach& each) {
  const std::size_t n = belief.size();
  const std::size_t parameters = belief.parameters();
  std::vector<std::uint32_t> copies(n);
  Replaced replaced{.count = 0, .ancestors = std::vector<std::uint32_t>(n)};
  std::vector<std::uint32_t>& ancestors = replaced.ancestors;
  resample(o.scheme, weights.relative, draw, o.what, o.occasion, copies);
  ancestors_of(copies, ancestors);
  const auto own = [&](std::size_t i) { return belief.draw_of(i, draw.seed); };

  Spread kernel;
  if constexpr (HasVector<M>) {
    if (o.bandwidth > 0.0) kernel = spread_of(vectors_of(belief), weights.relative);
  } else {
    TWIN_EXPECT(o.bandwidth == 0.0, o.bandwidth);  // a state that shows no vector has no kernel
  }
  const bool shrinks = parameters > 0 && o.discount < 1.0;
  Spread of_theta;
  if (shrinks) {
    of_theta = spread_of(Eigen::Map<const Eigen::MatrixXd>(belief.theta.data(),
                                                           static_cast<Eigen::Index>(parameters),
                                                           static_cast<Eigen::Index>(n)),
                         weights.relative);
  }

  for (std::size_t i = 0; i < n; ++i) replaced.count += ancestors[i] != i ? 1U : 0U;
  for_blocks(each, n, [&](std::size_t i) {
    const std::size_t from = ancestors[i];
    if (from == i) return;
    belief.x[i] = belief.x[from];
    std::copy_n(belief.theta.begin() + static_cast<std::ptrdiff_t>(from * parameters), parameters,
                belief.theta.begin() + static_cast<std::ptrdiff_t>(i * parameters));
  });
  if constexpr (HasVector<M>) {
    if (o.bandwidth > 0.0) {
      const double scale = o.bandwidth * rule_of_thumb(n, kernel.mean.size());
      for_blocks(each, n, [&](std::size_t i) {
        if (copies[ancestors[i]] < 2) return;
        Eigen::VectorXd deviate(kernel.mean.size());
        kernel_deviate(kernel, scale, own(i), JitterDraw, o.occasion, deviate);
        const auto row = M::vector(belief.x[i]);
        Eigen::Map<Eigen::VectorXd>(row.data(), deviate.size()) += deviate;
      });
    }
  }
  if (shrinks) shrink_parameters(belief.theta, of_theta, o.discount, own(0), o.occasion);
  std::ranges::fill(belief.log_weight, weights.log_mean);
  return replaced;
}

}  // namespace twin::infer::particle
