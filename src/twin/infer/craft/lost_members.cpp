#include "twin/infer/craft/lost_members.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer {
namespace {

Eigen::Index one_of(Eigen::Index count, const core::Draw& draw, std::uint32_t who,
                    std::uint32_t occasion) {
  const auto i = static_cast<Eigen::Index>(static_cast<double>(count) *
                                           draw.uniform(DonorDraw, who, occasion));
  return std::min(i, count - 1);
}

Eigen::MatrixXd columns_of(const Eigen::Ref<const Eigen::MatrixXd>& x,
                           const std::vector<Eigen::Index>& columns) {
  Eigen::MatrixXd some(x.rows(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    some.col(static_cast<Eigen::Index>(i)) = x.col(columns[i]);
  }
  return some;
}

void check_bank(const Eigen::Ref<const Eigen::MatrixXd>& bank, Eigen::Index variables) {
  if (bank.cols() == 0 || bank.rows() != variables) {
    throw core::Error(
        fmt::format("a climatology of {} states of {} variables for a state of {} (must hold at "
                    "least one of that size)",
                    bank.cols(), bank.rows(), variables));
  }
  if (!bank.allFinite()) throw core::Error("a state of the climatology is not finite");
}

}  // namespace

std::vector<Eigen::Index> lost_members(const Eigen::Ref<const Eigen::MatrixXd>& x) {
  std::vector<Eigen::Index> lost;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    if (!x.col(j).allFinite()) lost.push_back(j);
  }
  return lost;
}

void check_lost(const LostPolicy& policy) {
  if (!(policy.spread >= 0.0) || !std::isfinite(policy.spread)) {
    throw core::Error(
        fmt::format("spread = {} of replaced members (must be finite, at least 0)", policy.spread));
  }
  if (policy.least_survivors < 2) {
    throw core::Error(fmt::format("least_survivors = {} (a covariance needs at least 2)",
                                  policy.least_survivors));
  }
}

Replaced replace_lost(const LostPolicy& policy, const Eigen::Ref<const Eigen::MatrixXd>& x,
                      const Eigen::Ref<const Eigen::MatrixXd>& bank, const core::Draw& draw,
                      std::uint32_t occasion) {
  check_lost(policy);
  Replaced out;
  out.x = x;
  out.lost = lost_members(x);
  if (out.lost.empty()) return out;
  std::vector<Eigen::Index> survivors;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    if (!std::ranges::binary_search(out.lost, j)) survivors.push_back(j);
  }
  const auto left = static_cast<Eigen::Index>(survivors.size());
  if (policy.replacement == Replacement::Refuse) {
    throw core::Error(fmt::format("members {} are lost (the policy is to refuse)", out.lost));
  }
  if (left < policy.least_survivors) {
    throw core::Error(fmt::format("{} of {} members survive (at least {} must)", left, x.cols(),
                                  policy.least_survivors));
  }
  if (policy.replacement == Replacement::Climatology) check_bank(bank, x.rows());
  const Eigen::MatrixXd kept = columns_of(x, survivors);
  if (policy.replacement == Replacement::Drop) {
    out.x = kept;
    out.source.assign(out.lost.size(), -1);
    return out;
  }
  const Eigen::MatrixXd anomalies = kept.colwise() - kept.rowwise().mean().eval();
  for (const Eigen::Index j : out.lost) {
    core::Draw own = draw;
    own.member += static_cast<std::uint32_t>(j);
    if (policy.replacement == Replacement::Climatology) {
      const Eigen::Index i = one_of(bank.cols(), own, 0, occasion);
      out.x.col(j) = bank.col(i);
      out.source.push_back(i);
      continue;
    }
    const Eigen::Index i = one_of(left, own, 0, occasion);
    Eigen::VectorXd combination(left);
    for (Eigen::Index k = 0; k < left; ++k) {
      const auto who = static_cast<std::uint32_t>(k);
      combination[k] = math::normal(own.uniform(DisplacementDraw, who, occasion));
    }
    const double scale = policy.spread / std::sqrt(static_cast<double>(left - 1));
    out.x.col(j) = kept.col(i) + scale * (anomalies * combination);
    out.source.push_back(survivors[static_cast<std::size_t>(i)]);
  }
  return out;
}

}  // namespace twin::infer
