#include "twins/fab/calibrate/pooling.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace twins::fab::calibrate {

namespace {

using twin::bayes::ExponentialMean;

constexpr double Before = 0.05;  // probability that the groups differ
constexpr std::array<double, 5> Widths = {4.0, 8.0, 16.0, 32.0, 64.0};  // k
constexpr int Cells = 80;                                               // of log Lambda

constexpr int Points = 100;  // of a group's log mean

struct Cell {
  double rate = 0.0, k = 0.0, weight = 0.0;  // k = 0: all alike
};

}  // namespace

Pooling pool(std::span<const ExponentialMean> groups) {
  ExponentialMean all;
  std::size_t told = 0;
  for (const ExponentialMean& g : groups) all.include(g), told += g.exposure > 0.0;
  if (told < 2 || !all.proper()) return {};
  std::vector<Cell> cells;
  double most = -INFINITY;
  for (std::size_t width = 0; width <= Widths.size(); ++width) {
    const bool alike = width == Widths.size();
    const double k = alike ? 0.0 : Widths[width];
    // Six standard errors of log Lambda to either side.
    const double error =
        std::sqrt(1.0 / all.shape + (alike ? 0.0 : 1.0 / (k * static_cast<double>(told))));
    const double step = 12.0 * error / Cells;
    double fixed = 0.0;  // what does not depend on Lambda
    for (const ExponentialMean& g : groups)
      if (!alike)
        fixed += k * std::log(k) - boost::math::lgamma(k) + boost::math::lgamma(k + g.shape);
    for (int i = 0; i < Cells; ++i) {
      Cell cell{all.shape / all.exposure * std::exp((i + 0.5) * step - 6.0 * error), k, 0.0};
      double log =
          fixed + std::log(step) + all.shape * std::log(cell.rate) +
          (alike ? std::log(1.0 - Before) : std::log(Before / static_cast<double>(Widths.size())));
      for (const ExponentialMean& g : groups) {
        if (alike)
          log -= cell.rate * g.exposure;
        else
          log -= (k + g.shape) * std::log(k + cell.rate * g.exposure);
      }
      cell.weight = log;
      most = std::max(most, log);
      cells.push_back(cell);
    }
  }
  double alike = 0.0, apart = 0.0;
  for (Cell& cell : cells) {
    cell.weight = std::exp(cell.weight - most);
    (cell.k == 0.0 ? alike : apart) += cell.weight;
  }
  Pooling result;
  result.differ = apart / (alike + apart);
  if (result.differ <= Reported) return result;
  std::erase_if(cells, [&](const Cell& c) { return c.k == 0.0 || c.weight < 1e-4 * apart; });
  // The distribution function of each group's mean on a grid, even in its logarithm, then read backwards.
  for (const ExponentialMean& g : groups) {
    double low = INFINITY, high = 0.0, mass = 0.0;
    for (const Cell& c : cells) {
      const ExponentialMean own{c.k + g.shape, c.k / c.rate + g.exposure};
      low = std::min(low, own.quantile(1e-4)), high = std::max(high, own.quantile(1.0 - 1e-4));
      mass += c.weight;
    }
    const double step = std::log(high / low) / Points;
    Quantiles& q = result.groups.emplace_back();
    double before = 0.0;
    std::size_t level = 0;
    for (int i = 1; i <= Points && level < Levels.size(); ++i) {
      const double v = low * std::exp(i * step);
      double below = 0.0;
      for (const Cell& c : cells)
        below +=
            c.weight / mass * boost::math::gamma_q(c.k + g.shape, (c.k / c.rate + g.exposure) / v);
      for (; level < Levels.size() && (Levels[level] <= below || i == Points); ++level) {
        const double share = std::min((Levels[level] - before) / (below - before), 1.0);
        q[level] = low * std::exp((i - 1 + share) * step);
      }
      before = below;
    }
  }
  return result;
}

}  // namespace twins::fab::calibrate
