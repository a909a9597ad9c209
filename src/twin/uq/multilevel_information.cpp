#include "twin/uq/multilevel_information.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/math/elementary.hpp"

namespace twin::uq {
namespace {

// ln of the mean of exp(own) and exp(l): relative to the largest, no exponential leaves the range. Not a number where
// one is not.
double log_mean_with(double own, std::span<const double> l) {
  double largest = own;
  for (const double x : l) largest = std::max(largest, x);
  double sum = math::exp(own - largest);
  for (const double x : l) sum += math::exp(x - largest);
  return largest + math::log(sum / static_cast<double>(1 + l.size()));
}

}  // namespace

MultilevelMean multilevel_information(const InformationModel& model, std::size_t inner,
                                      const MultilevelOptions& options) {
  if (model.parameters == 0 || model.outcomes == 0 || inner == 0)
    throw core::Error(fmt::format("{} parameters, {} outcomes and {} inner draws (at least 1)",
                                  model.parameters, model.outcomes, inner));
  const std::size_t p = model.parameters;
  const auto draws = [&](std::size_t level) { return inner << level; };
  // fine and coarse of point k, with room for theta, the noise, y, one inner draw, and what all of them say.
  struct Room {
    std::vector<double> theta, noise, y, x, l;
  };
  const auto one = [&](const Points& u, std::size_t k, Room& r, double& fine, double* coarse) {
    std::size_t input = 0;
    for (double& v : r.theta) v = u.at(input++, k);
    for (double& v : r.noise) v = u.at(input++, k);
    model.prior(r.theta);
    model.observe(r.theta, r.noise, r.y);
    const double likelihood = model.log_likelihood(r.theta, r.y);
    const InformationProposal near = model.proposal ? model.proposal(r.y) : InformationProposal{};
    for (double& l : r.l) {
      for (double& v : r.x) v = u.at(input++, k);
      (near.draw ? near.draw : model.prior)(r.x);
      l = model.log_likelihood(r.x, r.y) + (near.draw ? near.log_ratio(r.x) : 0.0);
    }
    const double own = likelihood + (near.draw ? near.log_ratio(r.theta) : 0.0);
    fine = likelihood - log_mean_with(own, r.l);
    if (coarse == nullptr) return;
    const std::span<const double> all = r.l;
    const std::size_t half = all.size() / 2;
    *coarse = likelihood -
              0.5 * (log_mean_with(own, all.first(half)) + log_mean_with(own, all.subspan(half)));
  };
  return multilevel_mean(
      {.inputs = [&](std::size_t level) { return p + model.noises + p * draws(level); },
       .cost = [&](std::size_t level) { return static_cast<double>(1 + draws(level)); },
       .run =
           [&](std::size_t level, const Points& u, std::span<double> fine,
               std::span<double> coarse) {
             Room room{std::vector<double>(p), std::vector<double>(model.noises),
                       std::vector<double>(model.outcomes), std::vector<double>(p),
                       std::vector<double>(draws(level))};
             for (std::size_t k = 0; k < u.count; ++k)
               one(u, k, room, fine[k], level > 0 ? &coarse[k] : nullptr);
           }},
      options);
}

}  // namespace twin::uq
