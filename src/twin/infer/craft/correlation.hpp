// Adaptive localisation: how far a correlation seen in a small ensemble is to be believed, without
// any distance. Two answers: the mean of the true one given the sample's (Anderson 2012), and nothing
// unless it stands out of the noise (Luo, Bhakta 2020).
#pragma once
#include <Eigen/Dense>
#include <vector>

namespace twin::infer {

// Sampling error correction (Anderson, "Localization and sampling error correction in ensemble Kalman
// filter data assimilation", Mon. Wea. Rev. 140, 2012), for a true correlation that may lie anywhere
// in [-1, 1]: the factor E[rho | r] / r for N members. Anderson tabulates it by simulation; here it
// is the quadrature of the exact density of r (Hotelling 1953).
class SamplingError {
 public:
  // Error for fewer than 4 members.
  explicit SamplingError(Eigen::Index members);
  // r: a sample's correlation, in [-1, 1]; answers in [0, 1], even in r.
  [[nodiscard]] double factor(double r) const;
  // E[rho | r] by quadrature, r in (-1, 1): what the table is made of.
  [[nodiscard]] static double expected(double r, Eigen::Index members);

 private:
  std::vector<double> factor_;  // [place], |r| = place / (size - 1)
};

// The level that the largest of `count` correlations of nothing with nothing stays below, as a rule:
// sqrt(2 log count / members) (Donoho, Johnstone 1994, as Luo, Bhakta, Naevdal 2018 use it).
double universal_threshold(Eigen::Index members, Eigen::Index count);

// The taper of a correlation r about a threshold in [0, 1): gaspari_cohn of (1 - |r|)/(1 - threshold)
// (Luo, Bhakta 2020).
double correlation_taper(double r, double threshold);

}  // namespace twin::infer
