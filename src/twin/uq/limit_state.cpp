#include "twin/uq/limit_state.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"

namespace twin::uq {

double RareEvent::coefficient_of_variation() const {
  return probability > 0.0 ? standard_error / probability : std::numeric_limits<double>::infinity();
}

Asked ask(const LimitState& f, std::span<const std::vector<double>> u, unsigned threads) {
  constexpr std::size_t Piece = 256;
  TWIN_EXPECT(!u.empty());
  const std::size_t count = u[0].size();
  Asked asked{.g = std::vector<double>(count), .failed = 0};
  core::for_each_member((count + Piece - 1) / Piece, threads, [&](std::size_t piece) {
    const std::size_t first = piece * Piece, size = std::min(Piece, count - first);
    std::vector<const double*> columns;
    for (const auto& column : u) columns.push_back(column.data() + first);
    f({.columns = columns, .count = size}, std::span(asked.g).subspan(first, size));
  });
  for (double& g : asked.g) {
    if (std::isfinite(g)) continue;
    g = std::numeric_limits<double>::infinity();  // as far from the event as can be
    ++asked.failed;
  }
  return asked;
}

}  // namespace twin::uq
