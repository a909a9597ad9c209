// Localisation in the space of the state: each observation is felt by the variables near it and by
// the other observations near it, the farther the less (Houtekamer, Mitchell 2001: covariances
// times a taper; Whitaker, Hamill 2002). Domains (ensemble/domains.hpp) see it from the
// other side.
#pragma once
#include <Eigen/Dense>
#include <functional>
#include <vector>

#include "twin/infer/ensemble/domains.hpp"

namespace twin::infer {

struct Reach {                             // of one observation
  std::vector<Eigen::Index> variables;     // rows of the state, ascending
  std::vector<double> weights;             // of each of them, in (0, 1]
  std::vector<Eigen::Index> observations;  // others that see the same, itself too, ascending
  std::vector<double> observation_weights;
};

// At least 0, in the unit of Localisation::half_support.
struct Distances {
  std::function<double(Eigen::Index variable, Eigen::Index observation)> to_variable;
  std::function<double(Eigen::Index, Eigen::Index)> between_observations;
};

// The reach of each observation. Error for a half_support that is not positive, and for a distance
// that is negative or no number.
std::vector<Reach> reaches_of(Eigen::Index variables, Eigen::Index observations,
                              const Localisation& localisation, const Distances& distances);

// Variables stand at their numbers on a ring of that many. places: [observation].
std::vector<Reach> ring_reaches(Eigen::Index variables,
                                const Eigen::Ref<const Eigen::VectorXd>& places,
                                const Localisation& localisation);

// Error where a reach speaks of a variable or an observation that is not there, or a weight lies
// outside (0, 1].
void check_reaches(const std::vector<Reach>& reaches, Eigen::Index variables,
                   Eigen::Index observations);

}  // namespace twin::infer
