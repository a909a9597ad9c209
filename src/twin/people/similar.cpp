// See the header.
#include "twin/people/similar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace twin::people {
namespace {

constexpr double OfClass = 0.5, OfTarget = 0.2, OfGain = 0.15, OfFactors = 0.15;
constexpr std::size_t Factors = 3;

double nearness(double a, double b) {
  if (a == b) return 1.0;
  // Halves, so that the sum of the greatest numbers stays finite.
  return 1.0 - std::abs(a / 2 - b / 2) / (std::abs(a / 2) + std::abs(b / 2));
}

double nearness(const std::vector<Factor>& a, const std::vector<Factor>& of) {
  const std::size_t n = std::min(Factors, of.size());
  double sum = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    const auto at = std::ranges::find_if(
        a, [&](const Factor& f) { return f.name == of[k].name && f.unit == of[k].unit; });
    if (at != a.end()) sum += nearness(at->value, of[k].value);
  }
  return n == 0 ? 0.0 : sum / static_cast<double>(n);
}

std::string told(const Case& one, const Sequel& sequel) {
  return one.stage == Stage::Rejected
             ? fmt::format("{} ({})", word(one.stage), word(sequel.rejected))
             : std::string(word(one.stage));
}

}  // namespace

double likeness(const Recommendation& a, const Recommendation& of) {
  double sum = 0.0;
  if (a.act.kind == of.act.kind) sum += OfClass;
  if (a.act.target == of.act.target) sum += OfTarget;
  sum += OfGain * nearness(a.benefit.gain.mean, of.benefit.gain.mean);
  sum += OfFactors * nearness(a.why.factors, of.why.factors);
  return std::clamp(sum, 0.0, 1.0);
}

std::vector<Past> similar(const People& people, const Recommendation& to) {
  std::vector<Past> all;
  for (const auto& [number, sequel] : people.sequels()) {
    if (!sequel.outcome) continue;
    const Case& one = people.cases().at(number);
    const Benefit& benefit = one.content.benefit;
    if (one.content.id == to.id || benefit.objective != to.benefit.objective ||
        benefit.unit != to.benefit.unit)
      continue;
    all.push_back({.id = one.content.id,
                   .likeness = likeness(one.content, to),
                   .promised = sequel.outcome->promised.mean,
                   .realised = sequel.outcome->realised.mean,
                   .outcome = told(one, sequel)});
  }
  std::ranges::reverse(all);  // the newest first, and a stable order keeps them so
  std::ranges::stable_sort(all, std::ranges::greater(), &Past::likeness);
  if (all.size() > PastMax) all.resize(PastMax);
  return all;
}

}  // namespace twin::people
