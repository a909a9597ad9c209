// Adaptive inflation of the forecast: the innovations say by how much the ensemble is too sure of
// itself. A regular value that is carried from analysis to analysis, part of the estimator's memory.
// In all of it lambda is the factor of the prior's variance; anomalies are multiplied by its root.
#pragma once
#include <Eigen/Dense>
#include <vector>

#include "twin/infer/craft/reach.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {

// One lambda for the whole state by the moments of the innovations, with a Gaussian belief about it
// (Miyoshi, "The Gaussian approach to adaptive covariance inflation and its implementation with the
// local ensemble transform Kalman filter", Mon. Wea. Rev. 139, 2011).
struct MomentInflation {
  double lambda = 1.0;
  double variance = 0.0016;  // of the belief before each analysis (Miyoshi: 0.04^2)
  double least = 0.9;        // lambda is kept within [least, most]
  double most = 10.0;
  bool operator==(const MomentInflation&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("lambda", self.lambda);
    archive("variance", self.variance);
    archive("least", self.least);
    archive("most", self.most);
  }

  // Takes in the innovations of a forecast whose ensemble has not been inflated yet; errors as
  // observe(). Nothing changes where no member differs, or nothing is observed.
  void update(const Eigen::Ref<const Eigen::MatrixXd>& observed,
              const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise);
};

// A lambda for each variable (Anderson, "Spatially and temporally varying adaptive covariance
// inflation for ensemble filters", Tellus 61A, 2009): a normal belief about each, updated by each
// innovation in reach, as far as the variable is correlated with what is observed.
struct SpatialInflation {
  std::vector<double> lambda = {};     // [variable]; empty before the first update
  std::vector<double> deviation = {};  // [variable], standard deviation of the belief
  double first_deviation = 0.6;
  double least_deviation = 0.6;  // the belief stays at least so open; equal to the first: fixed
  double damping = 0.9;          // before each analysis lambda - 1 is multiplied by it, (0, 1]
  double least = 1.0;
  double most = 50.0;
  bool operator==(const SpatialInflation&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("lambda", self.lambda);
    archive("deviation", self.deviation);
    archive("first_deviation", self.first_deviation);
    archive("least_deviation", self.least_deviation);
    archive("damping", self.damping);
    archive("least", self.least);
    archive("most", self.most);
  }

  // x: the forecast, [variable][member], not inflated: it is inflated by lambda here. observed: what
  // it shows; inflated likewise, each row by the mean lambda of the variables in reach, weighted by
  // their reach. reaches: [observation]; empty: all reach all. noise: diagonal, else an Error. Then
  // lambda takes in the innovations. Errors as observe().
  void update(const std::vector<Reach>& reaches, const Eigen::Ref<const Eigen::VectorXd>& y,
              const Noise& noise, Eigen::Ref<Eigen::MatrixXd> observed,
              Eigen::Ref<Eigen::MatrixXd> x);
};

// Error unless each number lies where it may.
void check_inflation(const MomentInflation& inflation);
void check_inflation(const SpatialInflation& inflation);

// The belief about lambda, normal with this mean and deviation, after an innovation of this square
// from a prior of variance `prior` (not inflated by lambda) and an error of variance `error`, where
// the variable is correlated by gamma in [0, 1] with what was observed: the mode, with the likelihood
// linear about the old mean, and the width at one deviation from it (Anderson 2009).
struct LambdaBelief {
  double mean = 1.0;
  double deviation = 0.6;
};
LambdaBelief lambda_after(const LambdaBelief& before, double square, double prior, double error,
                          double gamma);

// Anomalies of the rows of x times the root of lambda: [row].
void inflate(const Eigen::Ref<const Eigen::VectorXd>& lambda, Eigen::Ref<Eigen::MatrixXd> x);

}  // namespace twin::infer
