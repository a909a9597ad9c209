// Particles that move in the knowledge of what was seen, for models whose noise is additive and normal
// and sensors that are linear with normal errors: there the best proposal, p(x' | x, y), is known
// (Doucet, Godsill, Andrieu 2000, section II.D), and the weights do not depend on where a particle goes.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "twin/infer/noise.hpp"
#include "twin/infer/particle/filter.hpp"

namespace twin::infer::particle {

// The model's part without noise: drift(x, theta, until) moves x to `until`; its noise over that time
// is normal with one covariance Q.
template <class M>
concept Drifts = HasVector<M> &&
    requires(const M& m, typename M::State& x, std::span<const double> theta, core::Tick until) {
  { m.drift(x, theta, until) } -> std::same_as<void>;
};

// N(x; f, Q) N(y; H x, R) = N(y; H f, S) N(x; f + K (y - H f), L L'), S = H Q H' + R.
class LinearGuide {
 public:
  // q: [variable][variable], positive semidefinite; h: [observation][variable]. core::Error if they do
  // not fit each other and the noise, or q is no covariance.
  LinearGuide(const Eigen::MatrixXd& q, Eigen::MatrixXd h, const Noise& noise);

  [[nodiscard]] Eigen::Index variables() const { return root_q_.rows(); }
  [[nodiscard]] Eigen::Index observations() const { return h_.rows(); }
  // log N(y; H f, S)
  [[nodiscard]] double log_likelihood(const Eigen::Ref<const Eigen::VectorXd>& f,
                                      const Eigen::Ref<const Eigen::VectorXd>& y) const;
  // f becomes a draw of p(x | f, y). z: [variable] standard normals.
  void draw_posterior(const Eigen::Ref<const Eigen::VectorXd>& y,
                      const Eigen::Ref<const Eigen::VectorXd>& z,
                      Eigen::Ref<Eigen::VectorXd> f) const;
  // f becomes a draw of N(f, Q).
  void draw_prior(const Eigen::Ref<const Eigen::VectorXd>& z, Eigen::Ref<Eigen::VectorXd> f) const;

 private:
  Eigen::MatrixXd h_, root_q_, gain_, root_posterior_;
  Eigen::LLT<Eigen::MatrixXd> s_;
  double log_determinant_ = 0.0;  // of S
};

template <Drifts M, class ForEach = core::Threads>
class GuidedFilter {
 public:
  // The model must outlive the filter. The options' bandwidth is not used.
  GuidedFilter(const M& model, LinearGuide guide, FilterOptions options = {}, ForEach each = {})
      : model_(&model), guide_(std::move(guide)), options_(options), for_each_(std::move(each)) {
    check_options(options_);
  }

  // Members go on to seen.at, where values were seen. What cannot be used moves them blindly.
  Report step(core::Ensemble<M>& belief, const core::Observation& seen, const core::Draw& draw,
              std::uint32_t occasion) {
    require_members(belief);
    const auto expected = static_cast<std::size_t>(guide_.observations());
    Report report;
    report.fate = fate_of(seen.values, expected);
    const Eigen::Map<const Eigen::VectorXd> y(seen.values.data(),
                                              static_cast<Eigen::Index>(seen.values.size()));
    std::vector<double> log_likelihood(belief.size());
    for_blocks(for_each_, belief.size(), [&](std::size_t i) {
      model_->drift(belief.x[i], belief.theta_of(i), seen.at);
      if (report.fate == Fate::Used) {
        log_likelihood[i] = guide_.log_likelihood(row(belief.x[i]), y);
      }
    });
    if (report.fate == Fate::Used) {
      report = accept(belief.log_weight, std::move(log_likelihood), options_.on_collapse);
    }
    if (report.fate == Fate::Used &&
        (report.lost > 0 || report.ess < options_.threshold * static_cast<double>(belief.size()))) {
      const ResamplingOptions how{.scheme = options_.resampling,
                                  .discount = options_.discount,
                                  .what = ResamplingDraw,
                                  .occasion = occasion};
      report.copies =
          resample_members(belief, weights_of(belief.log_weight), draw, how, for_each_).count;
      report.resampled = true;
    }
    // After resampling, so that copies part at once.
    for_blocks(for_each_, belief.size(), [&](std::size_t i) {
      Eigen::MatrixXd z(guide_.variables(), 1);
      standard_normal(belief.draw_of(i, draw.seed), ProposalDraw, occasion, z);
      if (report.fate == Fate::Used) {
        guide_.draw_posterior(y, z.col(0), row(belief.x[i]));
      } else {
        guide_.draw_prior(z.col(0), row(belief.x[i]));
      }
    });
    counts_.add(report);
    return report;
  }

  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  Eigen::Map<Eigen::VectorXd> row(typename M::State& x) const {
    const auto v = M::vector(x);
    TWIN_EXPECT(static_cast<Eigen::Index>(v.size()) == guide_.variables(), v.size());
    return {v.data(), static_cast<Eigen::Index>(v.size())};
  }

  const M* model_;
  LinearGuide guide_;
  FilterOptions options_;
  ForEach for_each_;
  Counts counts_;
};

}  // namespace twin::infer::particle
