#include "twin/decide/wafers_at_risk.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {

WafersAtRisk::WafersAtRisk(std::vector<RiskLimits> risks, double power)
    : risks_(std::move(risks)),
      power_(power),
      total_(risks_.size(), 0.0),
      cleared_(risks_.size(), 0.0) {
  for (const RiskLimits& r : risks_) {
    score::need_positive(r.warning, "warning limit of " + r.name);
    score::need_finite(r.inhibit, "inhibit limit of " + r.name);
    if (!(r.inhibit > r.warning)) {
      throw core::Error("inhibit limit of " + r.name + " = " + core::show_values(r.inhibit) +
                        " (must be above its warning limit " + core::show_values(r.warning) + ")");
    }
  }
  score::need_finite(power, "power");
  if (power < 1.0)
    throw core::Error("power = " + core::show_values(power) + " (must be at least 1)");
}

std::size_t WafersAtRisk::find(std::uint64_t lot) const {
  const auto at = std::ranges::lower_bound(marks_, lot, {}, &Mark::lot);
  if (at == marks_.end() || at->lot != lot) return marks_.size();
  return static_cast<std::size_t>(at - marks_.begin());
}

void WafersAtRisk::processed(std::uint64_t lot, std::span<const std::uint32_t> risks,
                             double wafers) {
  TWIN_EXPECT(wafers > 0.0, lot, wafers);
  auto at = std::ranges::lower_bound(marks_, lot, {}, &Mark::lot);
  if (at == marks_.end() || at->lot != lot) at = marks_.insert(at, Mark{.lot = lot});
  for (const std::uint32_t r : risks) {
    TWIN_EXPECT(r < risks_.size(), r, risks_.size());
    total_[r] += wafers;
    const auto known = std::ranges::find(at->risks, r);
    if (known == at->risks.end()) {
      at->risks.push_back(r);
      at->upto.push_back(total_[r]);
    } else {  // it came again: the later visit clears more
      at->upto[static_cast<std::size_t>(known - at->risks.begin())] = total_[r];
    }
  }
}

void WafersAtRisk::measured(std::uint64_t lot) {
  const std::size_t i = find(lot);
  if (i == marks_.size()) return;
  const Mark& m = marks_[i];
  for (std::size_t k = 0; k < m.risks.size(); ++k)
    cleared_[m.risks[k]] = std::max(cleared_[m.risks[k]], m.upto[k]);
  left(lot);
}

void WafersAtRisk::left(std::uint64_t lot) {
  const std::size_t i = find(lot);
  if (i < marks_.size()) marks_.erase(marks_.begin() + static_cast<std::ptrdiff_t>(i));
}

RiskState WafersAtRisk::state(std::uint32_t risk) const {
  TWIN_EXPECT(risk < risks_.size(), risk, risks_.size());
  const double x = at_risk(risk);
  return x >= risks_[risk].inhibit   ? RiskState::Inhibit
         : x >= risks_[risk].warning ? RiskState::Warning
                                     : RiskState::Normal;
}

bool WafersAtRisk::may_process(std::span<const std::uint32_t> risks, double wafers) const {
  return std::ranges::all_of(
      risks, [&](std::uint32_t r) { return at_risk(r) + wafers <= risks_[r].inhibit; });
}

double WafersAtRisk::lowered(const Mark& mark, std::span<const double> cleared) const {
  const auto weight = [&](double share) {
    return share <= 0.0 ? 0.0 : power_ == 1.0 ? share : math::exp(power_ * math::log(share));
  };
  double sum = 0.0;
  for (std::size_t k = 0; k < mark.risks.size(); ++k) {
    const std::uint32_t r = mark.risks[k];
    if (mark.upto[k] <= cleared[r]) continue;
    const double limit = risks_[r].inhibit;
    sum += weight((total_[r] - cleared[r]) / limit) - weight((total_[r] - mark.upto[k]) / limit);
  }
  return sum;
}

double WafersAtRisk::indicator(std::uint64_t lot) const {
  const std::size_t i = find(lot);
  return i == marks_.size() ? 0.0 : lowered(marks_[i], cleared_);
}

Sampling WafersAtRisk::choose(std::span<const std::uint64_t> waiting, std::size_t capacity,
                              double least) const {
  Sampling out;
  std::vector<double> cleared = cleared_;
  std::vector<std::size_t> candidates;
  for (const std::uint64_t lot : waiting) {
    const std::size_t i = find(lot);
    if (i == marks_.size() || !(lowered(marks_[i], cleared_) > 0.0)) {
      out.useless.push_back(lot);
    } else {
      candidates.push_back(i);
    }
  }
  const auto warned = [&](std::uint32_t r) { return total_[r] - cleared[r] >= risks_[r].warning; };
  while (out.measure.size() < capacity && !candidates.empty()) {
    std::size_t best = candidates.size();
    double most = 0.0;
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      const Mark& m = marks_[candidates[c]];
      const double gain = lowered(m, cleared);
      bool needed = gain >= least;
      for (std::size_t k = 0; k < m.risks.size() && !needed; ++k)
        needed = warned(m.risks[k]) && m.upto[k] > cleared[m.risks[k]];
      if (needed && gain > most) most = gain, best = c;
    }
    if (best == candidates.size()) break;
    const Mark& m = marks_[candidates[best]];
    for (std::size_t k = 0; k < m.risks.size(); ++k)
      cleared[m.risks[k]] = std::max(cleared[m.risks[k]], m.upto[k]);
    out.measure.push_back(m.lot);
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(best));
  }
  for (std::uint32_t r = 0; r < risks_.size(); ++r) {
    if (warned(r)) out.still_warning.push_back(r);
  }
  return out;
}

}  // namespace twin::decide
