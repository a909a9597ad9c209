#include "twin/infer/letkf/sights.hpp"

#include <fmt/core.h>

#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer::letkf {

void Sights::clear() {
  offsets.resize(1);
  observations.clear();
  weights.clear();
}

Sight Sights::of(std::size_t domain) const {
  const std::size_t first = offsets[domain];
  return {.observations = observations.data() + first,
          .weights = weights.data() + first,
          .count = offsets[domain + 1] - first};
}

Listed::Listed(std::span<const Domain> domains, std::size_t observations)
    : observations_(observations) {
  for (const Domain& domain : domains) {
    if (domain.observations.size() != domain.weights.size()) {
      throw core::Error(fmt::format("a domain has {} observations and {} weights (must be as many)",
                                    domain.observations.size(), domain.weights.size()));
    }
    for (const Eigen::Index k : domain.observations) {
      if (k < 0 || static_cast<std::size_t>(k) >= observations) {
        throw core::Error(
            fmt::format("a domain has observation {} (there are {})", k, observations));
      }
      sights_.observations.push_back(static_cast<std::uint32_t>(k));
    }
    sights_.weights.insert(sights_.weights.end(), domain.weights.begin(), domain.weights.end());
    sights_.close();
  }
}

Listed::Listed(Sights sights, std::size_t observations)
    : sights_(std::move(sights)), observations_(observations) {
  const std::size_t listed = sights_.observations.size();
  if (sights_.weights.size() != listed || sights_.offsets.empty() ||
      sights_.offsets.back() != listed) {
    throw core::Error(
        fmt::format("{} observations in the lists of all domains and {} weights "
                    "(must be as many, and as many as the last offset says)",
                    listed, sights_.weights.size()));
  }
  for (const std::uint32_t k : sights_.observations) {
    if (k >= observations) {
      throw core::Error(fmt::format("a domain has observation {} (there are {})", k, observations));
    }
  }
}

void Listed::look(std::size_t first, std::size_t end, Sights& out) const {
  TWIN_EXPECT(first <= end && end <= domains(), first, end, domains());
  for (std::size_t i = first; i < end; ++i) {
    const Sight sight = sights_.of(i);
    out.observations.insert(out.observations.end(), sight.observations,
                            sight.observations + sight.count);
    out.weights.insert(out.weights.end(), sight.weights, sight.weights + sight.count);
    out.close();
  }
}

}  // namespace twin::infer::letkf
