#include "twin/infer/sample/posterior.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"

namespace twin::infer {
namespace {

constexpr double Nowhere = -std::numeric_limits<double>::infinity();

void check_points(std::span<const Prior> priors, std::size_t numbers) {
  if (numbers != priors.size())
    throw core::Error(fmt::format("a point of {} numbers for {} priors", numbers, priors.size()));
}

// Of each number by its prior. f: (const Prior&, double) -> double
template <class F>
std::vector<double> by_priors(std::span<const Prior> priors, std::span<const double> x, F f) {
  check_points(priors, x.size());
  std::vector<double> y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = f(priors[i], x[i]);
    if (std::isnan(y[i]))
      throw core::Error(fmt::format("number {} is {} (its prior is from {} to {})", i, x[i],
                                    priors[i].low(), priors[i].high()));
  }
  return y;
}

// The likelihood of x in other coordinates, with the density of those.
template <class Place>
void in_other_coordinates(std::span<const Prior> priors, const Target& likelihood, Place place,
                          std::span<const double> v, std::span<double> value,
                          std::span<double> slope) {
  const std::size_t d = priors.size();
  std::vector<double> x(v.size()), log_prior(value.size());
  std::vector<Placed> placed(slope.size());
  for (std::size_t k = 0; k < v.size(); ++k) {
    const Placed p = place(priors[k % d], v[k]);
    x[k] = p.x;
    log_prior[k / d] += p.log_density;
    if (!placed.empty()) placed[k] = p;
  }
  if (slope.empty())
    likelihood.log_density(x, value);
  else
    likelihood.log_density_and_slopes(x, value, slope);
  for (std::size_t k = 0; k < slope.size(); ++k)
    slope[k] = slope[k] * placed[k].dx + placed[k].slope;
  // Where the prior is 0 nobody asks what the likelihood was.
  for (std::size_t k = 0; k < value.size(); ++k)
    value[k] = log_prior[k] == Nowhere ? Nowhere : value[k] + log_prior[k];
}

template <class Place>
Target of_other_coordinates(std::vector<Prior> priors, Target likelihood, Place place) {
  if (likelihood.dimensions != priors.size())
    throw core::Error(fmt::format("a likelihood of {} dimensions for {} priors",
                                  likelihood.dimensions, priors.size()));
  Target t{.dimensions = priors.size()};
  const bool slopes = static_cast<bool>(likelihood.log_density_and_slopes);
  const auto both = std::make_shared<const std::pair<std::vector<Prior>, Target>>(
      std::move(priors), std::move(likelihood));
  t.log_density = [both, place](std::span<const double> v, std::span<double> value) {
    in_other_coordinates<Place>(both->first, both->second, place, v, value, {});
  };
  if (slopes)
    t.log_density_and_slopes = [both, place](std::span<const double> v, std::span<double> value,
                                             std::span<double> slope) {
      in_other_coordinates<Place>(both->first, both->second, place, v, value, slope);
    };
  return t;
}

}  // namespace

std::vector<double> from_line(std::span<const Prior> priors, std::span<const double> v) {
  return by_priors(priors, v, [](const Prior& p, double c) { return p.from_line(c).x; });
}

std::vector<double> to_line(std::span<const Prior> priors, std::span<const double> x) {
  return by_priors(priors, x, [](const Prior& p, double c) { return p.to_line(c); });
}

std::vector<double> from_normals(std::span<const Prior> priors, std::span<const double> z) {
  return by_priors(priors, z, [](const Prior& p, double c) { return p.from_normal(c).x; });
}

std::vector<double> to_normals(std::span<const Prior> priors, std::span<const double> x) {
  return by_priors(priors, x, [](const Prior& p, double c) { return p.to_normal(c); });
}

std::vector<double> draws_of(std::span<const Prior> priors, std::size_t count, std::uint64_t seed) {
  std::vector<double> x(count * priors.size());
  for (std::size_t k = 0; k < count; ++k)
    for (std::size_t i = 0; i < priors.size(); ++i)
      x[k * priors.size() + i] =
          priors[i].quantile(core::Draw{seed, static_cast<std::uint32_t>(k)}.uniform(
              PriorValue, static_cast<std::uint32_t>(i), 0));
  return x;
}

Target posterior(std::vector<Prior> priors, Target likelihood) {
  return of_other_coordinates(std::move(priors), std::move(likelihood),
                              [](const Prior& p, double v) { return p.from_line(v); });
}

Target on_normals(std::vector<Prior> priors, Target likelihood) {
  return of_other_coordinates(std::move(priors), std::move(likelihood),
                              [](const Prior& p, double z) { return p.from_normal(z); });
}

}  // namespace twin::infer
