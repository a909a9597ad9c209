#include "twin/bayes/scaled_share.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::bayes {

void ScaledShare::saw(bool yes, double nominal) {
  if (!(nominal > 0.0 && nominal <= 1.0))
    throw core::Error("nominal probability = " + std::to_string(nominal) +
                      " (must be above 0 and at most 1)");
  auto at =
      std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& k) { return k.p == nominal; });
  if (at == kinds_.end()) at = kinds_.insert(at, {nominal, 0, 0});
  ++(yes ? at->yes : at->no);
  ++count_;
}

void ScaledShare::include(const ScaledShare& other) {
  count_ += other.count_;
  for (const Kind& theirs : other.kinds_) {
    auto at =
        std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& k) { return k.p == theirs.p; });
    if (at == kinds_.end()) at = kinds_.insert(at, {theirs.p, 0, 0});
    at->yes += theirs.yes;
    at->no += theirs.no;
  }
}

std::vector<double> ScaledShare::quantiles(const std::vector<double>& q) const {
  TWIN_EXPECT(count_ > 0, count_);
  double greatest = 0.0, yes = 0.0, expected = 0.0;
  for (const Kind& k : kinds_) {
    greatest = std::max(greatest, k.p);
    yes += static_cast<double>(k.yes);
    expected += k.p * static_cast<double>(k.yes + k.no);
  }
  const double most = 1.0 / greatest;
  const auto log_density = [&](double m) {
    double sum = (yes - 0.5) * std::log(m);
    for (const Kind& k : kinds_)
      if (k.no != 0) sum += static_cast<double>(k.no) * std::log1p(-std::min(m * k.p, 1.0));
    return sum;
  };
  // Ten standard errors about the likeliest value, whatever its law's skewness; cut to what is possible.
  const double centre = std::min((yes + 0.5) / expected, most);
  const double error = std::sqrt(yes + 1.0) / expected;
  const double low = std::max(centre - 10.0 * error, 0.0),
               high = std::min(centre + 12.0 * error, most);
  constexpr int Cells = 4'000;
  std::vector<double> mass(Cells);
  double peak = -std::numeric_limits<double>::infinity();
  const double width = (high - low) / Cells;
  for (int i = 0; i < Cells; ++i) {
    auto& cell = mass[static_cast<std::size_t>(i)];
    cell = log_density(low + (i + 0.5) * width);
    peak = std::max(peak, cell);
  }
  double total = 0.0;
  for (double& cell : mass) total += cell = std::exp(cell - peak);
  std::vector<double> result;
  double below = 0.0;
  int i = 0;
  for (const double share : q) {
    TWIN_EXPECT(share > 0.0 && share < 1.0, share);
    while (i < Cells && below + mass[static_cast<std::size_t>(i)] < share * total)
      below += mass[static_cast<std::size_t>(i++)];
    const double within =
        i < Cells ? (share * total - below) / mass[static_cast<std::size_t>(i)] : 0.0;
    result.push_back(low + (i + within) * width);
  }
  return result;
}

}  // namespace twin::bayes
