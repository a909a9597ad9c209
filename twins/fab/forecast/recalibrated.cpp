#include "twins/fab/forecast/recalibrated.hpp"

#include <algorithm>

namespace twins::fab::forecast {

namespace {

// The first scored horizon at or after this hour; their number where none is.
std::size_t horizon_of(double hours) {
  std::size_t h = 0;
  while (h < ScoredHours.size() && hours > static_cast<double>(ScoredHours[h])) ++h;
  return h;
}

void put_recalibrated(Quantiles& q, const Ledger& ledger, Quantity quantity, double hours) {
  const std::size_t h = horizon_of(hours);
  if (h == ScoredHours.size() || !(hours > 0.0)) return;
  q = recalibrated(q, ledger.recalibration(quantity, h));
  if (quantity != Quantity::Completion)
    for (float& v : q) v = std::max(v, 0.0F);
}

// [hour] from now on, or [day] at the end of each.
void put_recalibrated(std::vector<Quantiles>& series, const Ledger& ledger, Quantity quantity,
                      double first, double step) {
  for (std::size_t i = 0; i < series.size(); ++i)
    put_recalibrated(series[i], ledger, quantity, first + step * static_cast<double>(i));
}

// [moment] from now until each of ScoredHours.
void moments(std::vector<Quantiles>& series, const Ledger& ledger, Quantity quantity) {
  for (std::size_t h = 0; h < series.size(); ++h)
    put_recalibrated(series[h], ledger, quantity, static_cast<double>(ScoredHours[h]));
}

// [day] The first is what comes until the first moment; the others are scored by themselves.
void days(std::vector<Quantiles>& series, const Ledger& ledger, Quantity first) {
  for (std::size_t d = 0; d < series.size(); ++d)
    put_recalibrated(series[d], ledger, d == 0 ? first : Quantity::OutDay,
                     24.0 * static_cast<double>(d + 1));
}

}  // namespace

Quantiles recalibrated(const Quantiles& q, const Recalibration& by) {
  Quantiles out = q;
  if (q[Median] == Beyond) return out;
  const auto middle = static_cast<double>(q[Median]);
  const double half =
      q[Median + 1] == Beyond ? 0.0 : 0.5 * static_cast<double>(q[Median + 1] - q[Median - 1]);
  const double moved = middle + by.shift() * half;
  for (std::size_t i = 0; i < q.size(); ++i) {
    if (q[i] == Beyond) break;
    const std::size_t end = i < Median ? Median - 1 - i : i - Median - 1;  // interval
    const double c = i == Median ? 1.0 : i < Median ? by.lower(end) : by.upper(end);
    out[i] = static_cast<float>(moved + c * (static_cast<double>(q[i]) - middle));
  }
  std::sort(out.begin(), out.end());
  return out;
}

Forecast recalibrated(Forecast f, const Ledger& ledger) {
  for (LotForecast& lot : f.lots)
    if (lot.done_hours.back() != Beyond)
      put_recalibrated(lot.done_hours, ledger, Quantity::Completion,
                       std::max(1.0, static_cast<double>(lot.done_hours.back())));
  put_recalibrated(f.wip, ledger, Quantity::Wip, 0.0, 1.0);
  days(f.out, ledger, Quantity::FabOut);
  moments(f.out_until, ledger, Quantity::FabOut);
  for (GroupForecast& g : f.groups) {
    put_recalibrated(g.wip, ledger, Quantity::Wip, 0.0, 1.0);
    put_recalibrated(g.moves, ledger, Quantity::Moves, 24.0, 24.0);
  }
  for (ProductForecast& p : f.products) {
    days(p.out, ledger, Quantity::Out);
    moments(p.out_until, ledger, Quantity::Out);
  }
  return f;
}

}  // namespace twins::fab::forecast
