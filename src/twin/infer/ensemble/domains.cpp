#include "twin/infer/ensemble/domains.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/ensemble/taper.hpp"

namespace twin::infer {

std::vector<Domain> domains_of(const std::vector<std::vector<Eigen::Index>>& groups,
                               Eigen::Index observations, const Localisation& localisation,
                               const std::function<double(std::size_t, Eigen::Index)>& distance) {
  if (!(localisation.half_support > 0.0)) {
    throw core::Error(fmt::format("half support = {} of the localisation (must be positive)",
                                  localisation.half_support));
  }
  std::vector<Domain> domains(groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    domains[g].variables = groups[g];
    for (Eigen::Index k = 0; k < observations; ++k) {
      const double weight = gaspari_cohn(distance(g, k), localisation.half_support);
      if (weight < localisation.least_weight || weight <= 0.0) continue;
      domains[g].observations.push_back(k);
      domains[g].weights.push_back(weight);
    }
  }
  return domains;
}

std::vector<Domain> ring_domains(Eigen::Index size, Eigen::Index batch,
                                 const Eigen::Ref<const Eigen::VectorXd>& places,
                                 const Localisation& localisation) {
  TWIN_EXPECT(batch > 0, batch);
  std::vector<std::vector<Eigen::Index>> groups;
  std::vector<double> centres;
  for (Eigen::Index first = 0; first < size; first += batch) {
    const Eigen::Index end = std::min(first + batch, size);
    groups.emplace_back();
    for (Eigen::Index i = first; i < end; ++i) groups.back().push_back(i);
    centres.push_back(0.5 * static_cast<double>(first + end - 1));
  }
  return domains_of(groups, places.size(), localisation, [&](std::size_t g, Eigen::Index k) {
    return ring_distance(centres[g], places[k], static_cast<double>(size));
  });
}

double ring_distance(double a, double b, double length) {
  const double way = std::fmod(std::abs(a - b), length);
  return std::min(way, length - way);
}

}  // namespace twin::infer
