#include "twin/decide/risk_ranking.hpp"

#include <algorithm>
#include <string>

#include "twin/core/error.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {
namespace {

int place(Limit binding) {
  switch (binding) {
    case Limit::None: return 0;
    case Limit::ChanceUnknown: return 1;
    case Limit::Tail:
    case Limit::Chance: break;
  }
  return 2;
}

Ranked judged(const Outcomes& o, std::size_t alternative, std::size_t members,
              const RiskLimits& limits) {
  const std::string of = " of alternative " + std::to_string(alternative);
  score::need_finite(o.benefit, "benefit" + of);
  score::need_same_length(o.benefit.size(), "benefits" + of, members, "of the first");
  Ranked r{.alternative = alternative};
  r.benefit = math::interval_of(o.benefit, limits.confidence);
  std::vector<double> against;
  std::size_t worse = 0;
  for (const double b : o.benefit) {
    against.push_back(-b);
    worse += b < 0.0;
  }
  r.worse = static_cast<double>(worse) / static_cast<double>(members);
  r.downside = uq::tail_risk(against, limits.level);
  if (limits.tail || !o.loss.empty()) {
    score::need_finite(o.loss, "loss" + of);
    score::need_same_length(o.loss.size(), "losses" + of, members, "benefits");
    r.loss = uq::tail_risk(o.loss, limits.level);
  }
  if (limits.chance || !o.violated.empty()) {
    score::need_same_length(o.violated.size(), "answers on violation" + of, members, "benefits");
    const auto n = static_cast<std::uint64_t>(
        std::ranges::count_if(o.violated, [](std::uint8_t v) { return v != 0; }));
    r.chance = uq::chance(n, members, limits.chance.value_or(1.0), limits.confidence);
  }
  if (limits.tail && r.loss->conditional_value_at_risk > *limits.tail) {
    r.binding = Limit::Tail;
  } else if (limits.chance && r.chance->kept != uq::Kept::Yes) {
    r.binding = r.chance->kept == uq::Kept::No ? Limit::Chance : Limit::ChanceUnknown;
  }
  return r;
}

}  // namespace

std::vector<Ranked> rank(std::span<const Outcomes> menu, const RiskLimits& limits) {
  score::need_level(limits.confidence, "confidence");
  if (limits.tail) score::need_finite(*limits.tail, "limit of the tail");
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < menu.size(); ++i)
    ranked.push_back(judged(menu[i], i, menu.front().benefit.size(), limits));
  std::ranges::stable_sort(ranked, [](const Ranked& a, const Ranked& b) {
    const int pa = place(a.binding), pb = place(b.binding);
    return pa != pb ? pa < pb : a.benefit.mean > b.benefit.mean;
  });
  return ranked;
}

}  // namespace twin::decide
