#include "twin/infer/craft/reach.hpp"

#include <fmt/core.h>

#include "twin/core/error.hpp"
#include "twin/infer/ensemble/taper.hpp"

namespace twin::infer {
namespace {

void collect(Eigen::Index count, const Localisation& localisation,
             const std::function<double(Eigen::Index)>& distance, std::vector<Eigen::Index>& near,
             std::vector<double>& weights) {
  for (Eigen::Index i = 0; i < count; ++i) {
    const double d = distance(i);
    if (!(d >= 0.0)) throw core::Error(fmt::format("a distance is {} (must be at least 0)", d));
    const double weight = gaspari_cohn(d, localisation.half_support);
    if (weight < localisation.least_weight || weight <= 0.0) continue;
    near.push_back(i);
    weights.push_back(weight);
  }
}

void check_part(const char* what, const std::vector<Eigen::Index>& rows,
                const std::vector<double>& weights, Eigen::Index count) {
  if (rows.size() != weights.size()) {
    throw core::Error(fmt::format("a reach has {} {}s and {} weights (must be as many)",
                                  rows.size(), what, weights.size()));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] < 0 || rows[i] >= count) {
      throw core::Error(fmt::format("a reach has {} {} (there are {})", what, rows[i], count));
    }
    if (!(weights[i] > 0.0 && weights[i] <= 1.0)) {
      throw core::Error(fmt::format("a reach has weight {} (must lie in (0, 1])", weights[i]));
    }
  }
}

}  // namespace

std::vector<Reach> reaches_of(Eigen::Index variables, Eigen::Index observations,
                              const Localisation& localisation, const Distances& distances) {
  if (!(localisation.half_support > 0.0)) {
    throw core::Error(fmt::format("half support = {} of the localisation (must be positive)",
                                  localisation.half_support));
  }
  std::vector<Reach> reaches(static_cast<std::size_t>(observations));
  for (Eigen::Index k = 0; k < observations; ++k) {
    Reach& reach = reaches[static_cast<std::size_t>(k)];
    collect(
        variables, localisation, [&](Eigen::Index v) { return distances.to_variable(v, k); },
        reach.variables, reach.weights);
    collect(
        observations, localisation,
        [&](Eigen::Index j) { return distances.between_observations(k, j); }, reach.observations,
        reach.observation_weights);
  }
  return reaches;
}

std::vector<Reach> ring_reaches(Eigen::Index variables,
                                const Eigen::Ref<const Eigen::VectorXd>& places,
                                const Localisation& localisation) {
  const double length = static_cast<double>(variables);
  return reaches_of(variables, places.size(), localisation,
                    {.to_variable =
                         [&](Eigen::Index v, Eigen::Index k) {
                           return ring_distance(static_cast<double>(v), places[k], length);
                         },
                     .between_observations =
                         [&](Eigen::Index j, Eigen::Index k) {
                           return ring_distance(places[j], places[k], length);
                         }});
}

void check_reaches(const std::vector<Reach>& reaches, Eigen::Index variables,
                   Eigen::Index observations) {
  if (static_cast<Eigen::Index>(reaches.size()) != observations) {
    throw core::Error(fmt::format("{} reaches for {} observations (must be as many)",
                                  reaches.size(), observations));
  }
  for (const Reach& reach : reaches) {
    check_part("variable", reach.variables, reach.weights, variables);
    check_part("observation", reach.observations, reach.observation_weights, observations);
  }
}

}  // namespace twin::infer
