// Localisation in observation space: the state is cut into domains, each of which sees the
// observations near it, the farther the less (Hunt, Kostelich, Szunyogh 2007, section 4).
#pragma once
#include <Eigen/Dense>
#include <functional>
#include <vector>

namespace twin::infer {

struct Domain {
  std::vector<Eigen::Index> variables;     // rows of the state
  std::vector<Eigen::Index> observations;  // that count here, ascending
  std::vector<double> weights;             // of each of them, in (0, 1]
};

struct Localisation {
  double half_support = 0.0;   // of gaspari_cohn, in the unit of the distance; infinite: no taper
  double least_weight = 1e-3;  // what counts less does not count
};

// One domain for each group of variables. distance(g, k): between group g and observation k, at
// least 0. Error for a half_support that is not positive.
std::vector<Domain> domains_of(const std::vector<std::vector<Eigen::Index>>& groups,
                               Eigen::Index observations, const Localisation& localisation,
                               const std::function<double(std::size_t, Eigen::Index)>& distance);

// Variables 0 .. size - 1 stand at their numbers on a ring; neighbours share a domain, `batch` at a
// time, which stands at the mean of their places. places: [observation], of the observations.
std::vector<Domain> ring_domains(Eigen::Index size, Eigen::Index batch,
                                 const Eigen::Ref<const Eigen::VectorXd>& places,
                                 const Localisation& localisation);

// The shorter way round a ring of this length.
double ring_distance(double a, double b, double length);

}  // namespace twin::infer
