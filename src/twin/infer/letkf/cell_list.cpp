#include "twin/infer/letkf/cell_list.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/ensemble/taper.hpp"
#include "twin/infer/letkf/path.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::letkf {

// What lies in the cells around a place, and how far away.
struct CellList::Candidates {
  std::vector<std::uint32_t> numbers;
  std::vector<double> squares;  // of the distance, then the weight
  std::size_t count = 0;

  void room(std::size_t more) {
    more += MaxLanes;  // which the taper may touch
    if (count + more <= numbers.size()) return;
    numbers.resize(2 * (count + more));
    squares.resize(2 * (count + more));
  }
};

namespace {

// The distance from which on no weight reaches `least`, a little generously.
double cut_of(const Reach& reach) {
  if (!std::isfinite(reach.length)) return std::numeric_limits<double>::infinity();
  switch (reach.taper) {
    case Taper::Boxcar: return reach.length;
    case Taper::Gaussian:
      return reach.length * std::sqrt(-2.0 * math::log(reach.least_weight)) * (1.0 + 1e-9);
    case Taper::GaspariCohn: break;
  }
  double near = 0.0, far = 2.0;
  for (int i = 0; i < 60 && reach.least_weight > 0.0; ++i) {
    const double middle = 0.5 * (near + far);
    (gaspari_cohn(middle, 1.0) < reach.least_weight ? far : near) = middle;
  }
  return far * reach.length * (1.0 + 1e-9);
}

void check_cell_list(const CellList::Space& space,
                     const Eigen::Ref<const Eigen::MatrixXd>& observations, const Reach& reach) {
  TWIN_EXPECT(space.directions >= 1 && space.directions <= 3, space.directions);
  if (!(reach.length > 0.0)) {
    throw core::Error(
        fmt::format("length = {} of the localisation (must be positive)", reach.length));
  }
  if (!(reach.least_weight <= 1.0) ||
      !(reach.taper == Taper::Gaussian ? reach.least_weight > 0.0 : reach.least_weight >= 0.0)) {
    throw core::Error(fmt::format("least weight = {} of the localisation (must lie in {}0, 1])",
                                  reach.least_weight, reach.taper == Taper::Gaussian ? '(' : '['));
  }
  for (std::size_t i = 0; i < space.directions; ++i) {
    if (!(space.period[i] >= 0.0) || !std::isfinite(space.period[i])) {
      throw core::Error(fmt::format("period = {} in direction {} (must be 0 or positive, finite)",
                                    space.period[i], i));
    }
  }
  if (static_cast<std::size_t>(observations.rows()) != space.directions) {
    throw core::Error(fmt::format("places of observations with {} coordinates (the space has {})",
                                  observations.rows(), space.directions));
  }
  for (Eigen::Index k = 0; k < observations.cols(); ++k) {
    if (!observations.col(k).allFinite()) {
      throw core::Error(fmt::format("the place of observation {} is not finite", k));
    }
  }
}

constexpr double CellsPerReach = 3.0;

}  // namespace

CellList::CellList(const Space& space, const Eigen::Ref<const Eigen::MatrixXd>& observations,
                   Places domains, const Reach& reach)
    : space_(space), places_(std::move(domains)), reach_(reach), kernel_(&kernel_of(Path::Best)) {
  check_cell_list(space, observations, reach);
  for (std::size_t i = 0; i < round_.size(); ++i) {
    round_[i] = space.period[i] > 0.0 ? space.period[i] : std::numeric_limits<double>::infinity();
  }
  if (const auto* listed = std::get_if<Eigen::MatrixXd>(&places_)) {
    if (static_cast<std::size_t>(listed->rows()) != space.directions) {
      throw core::Error(fmt::format("places of domains with {} coordinates (the space has {})",
                                    listed->rows(), space.directions));
    }
    for (Eigen::Index g = 0; g < listed->cols(); ++g) {
      if (!listed->col(g).allFinite()) {
        throw core::Error(fmt::format("the place of domain {} is not finite", g));
      }
    }
    domain_count_ = static_cast<std::size_t>(listed->cols());
  } else {
    const auto& shape = std::get<Grid>(places_).shape;
    domain_count_ = shape[0] * shape[1] * shape[2];
  }
  cut_ = cut_of(reach);

  // Cells of a third of the reach, but not many more than observations.
  const auto count = static_cast<std::size_t>(observations.cols());
  const double most =
      std::pow(4.0 * static_cast<double>(count) + 1.0, 1.0 / static_cast<double>(space.directions));
  for (std::size_t i = 0; i < space.directions; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    double extent = space.period[i];
    if (extent == 0.0 && count > 0) {
      low_[i] = observations.row(row).minCoeff();
      extent = observations.row(row).maxCoeff() - low_[i];
    }
    const double wanted = std::min(CellsPerReach * extent / cut_, most);
    cells_[i] = std::max<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(wanted));
    edge_[i] = extent > 0.0 ? extent / static_cast<double>(cells_[i]) : 1.0;
  }
  std::vector<std::uint32_t> of(count);
  starts_.assign(static_cast<std::size_t>(cells_[0] * cells_[1] * cells_[2]) + 1, 0);
  for (std::size_t k = 0; k < count; ++k) {
    std::ptrdiff_t where = 0;
    for (std::size_t i = space.directions; i-- > 0;) {
      const double x = observations(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k));
      where = where * cells_[i] + cell(wrapped(x, i), i);
    }
    of[k] = static_cast<std::uint32_t>(where);
    ++starts_[of[k] + 1];
  }
  for (std::size_t c = 1; c < starts_.size(); ++c) starts_[c] += starts_[c - 1];
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  numbers_.resize(count);
  for (auto& column : at_) column.assign(count, 0.0);
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint32_t to = next[of[k]]++;
    numbers_[to] = static_cast<std::uint32_t>(k);
    for (std::size_t i = 0; i < space.directions; ++i) {
      at_[i][to] =
          wrapped(observations(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)), i);
    }
  }
}

double CellList::wrapped(double x, std::size_t direction) const {
  const double period = space_.period[direction];
  if (period == 0.0 || (x >= 0.0 && x < period)) return x;
  const double rest = std::fmod(x, period);
  return rest < 0.0 ? rest + period : rest;
}

CellList::Point CellList::place(std::size_t domain) const {
  Point at = {};
  if (const auto* listed = std::get_if<Eigen::MatrixXd>(&places_)) {
    for (std::size_t i = 0; i < space_.directions; ++i) {
      at[i] =
          wrapped((*listed)(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(domain)), i);
    }
    return at;
  }
  const Grid& grid = std::get<Grid>(places_);
  for (std::size_t i = 0; i < space_.directions; ++i) {
    at[i] =
        wrapped(grid.origin[i] + grid.spacing[i] * static_cast<double>(domain % grid.shape[i]), i);
    domain /= grid.shape[i];
  }
  return at;
}

std::ptrdiff_t CellList::cell(double x, std::size_t direction) const {
  const double at = std::floor((x - low_[direction]) / edge_[direction]);
  return static_cast<std::ptrdiff_t>(
      std::clamp(at, 0.0, static_cast<double>(cells_[direction] - 1)));
}

// The cells that [x - reach, x + reach] touches. In a periodic direction they may lie up to one
// period outside; none is listed twice.
CellList::Span CellList::span(double x, double reach, std::size_t direction) const {
  const std::ptrdiff_t count = cells_[direction];
  if (!(reach < 0.5 * edge_[direction] * static_cast<double>(count)) || count == 1) {
    return {0, count - 1};
  }
  // A little wider than reckoned: an observation on the edge of a cell must not be lost to round-off.
  const double slack = 1e-9 * edge_[direction];
  const double first = std::floor((x - reach - slack - low_[direction]) / edge_[direction]);
  const double last = std::floor((x + reach + slack - low_[direction]) / edge_[direction]);
  Span cells = {static_cast<std::ptrdiff_t>(first), static_cast<std::ptrdiff_t>(last)};
  if (space_.period[direction] == 0.0) {
    cells.first = std::clamp<std::ptrdiff_t>(cells.first, 0, count);
    cells.last = std::clamp<std::ptrdiff_t>(cells.last, -1, count - 1);
  } else if (cells.last - cells.first >= count) {
    return {0, count - 1};
  }
  return cells;
}

// The least distance in one direction from x to anything in a cell, which may be named one period
// outside.
double CellList::gap(double x, std::ptrdiff_t cell, std::size_t direction) const {
  const double low = low_[direction] + static_cast<double>(cell) * edge_[direction];
  const double high = low + edge_[direction];
  return std::max({0.0, low - x, x - high});
}

template <std::size_t Directions>
void CellList::gather_run(const Point& at, std::size_t first, std::size_t end,
                          Candidates& found) const {
  found.room(end - first);
  const double limit = cut_ * cut_;
  std::uint32_t* numbers = found.numbers.data();
  double* squares = found.squares.data();
  std::size_t count = found.count;
  for (std::size_t k = first; k < end; ++k) {
    double square = 0.0;
    for (std::size_t i = 0; i < Directions; ++i) {
      const double way = std::abs(at[i] - at_[i][k]);
      const double shorter = std::min(way, round_[i] - way);
      square += shorter * shorter;
    }
    numbers[count] = numbers_[k];
    squares[count] = square;
    count += square <= limit ? 1U : 0U;  // no branch: near and far come in no order
  }
  found.count = count;
}

template <std::size_t Directions>
void CellList::gather(const Point& at, Candidates& found) const {
  const auto whole = [&](std::ptrdiff_t c, std::size_t i) {
    return c < 0 ? c + cells_[i] : c >= cells_[i] ? c - cells_[i] : c;
  };
  // The whole direction is walked when the reach is that large: then no cell is near or far.
  const auto room = [&](double x, std::ptrdiff_t c, const Span& cells, std::size_t i) {
    return cells.last - cells.first + 1 == cells_[i] ? 0.0 : gap(x, c, i);
  };
  const Span outer = Directions > 2 ? span(at[2], cut_, 2) : Span{0, 0};
  for (std::ptrdiff_t k = outer.first; k <= outer.last; ++k) {
    const double above = Directions > 2 ? room(at[2], k, outer, 2) : 0.0;
    const Span middle = Directions > 1 ? span(at[1], cut_, 1) : Span{0, 0};
    for (std::ptrdiff_t j = middle.first; j <= middle.last; ++j) {
      const double beside = Directions > 1 ? room(at[1], j, middle, 1) : 0.0;
      const double rest = cut_ * cut_ * (1.0 + 1e-9) - above * above - beside * beside;
      if (rest < 0.0) continue;
      const Span inner = span(at[0], std::sqrt(rest), 0);
      const std::ptrdiff_t row = (whole(k, 2) * cells_[1] + whole(j, 1)) * cells_[0];
      const auto run = [&](std::ptrdiff_t first, std::ptrdiff_t last) {
        if (first > last) return;
        gather_run<Directions>(at, starts_[static_cast<std::size_t>(row + first)],
                               starts_[static_cast<std::size_t>(row + last) + 1], found);
      };
      const std::ptrdiff_t end = cells_[0] - 1;
      if (inner.first < 0) run(inner.first + cells_[0], end);
      run(std::max<std::ptrdiff_t>(inner.first, 0), std::min(inner.last, end));
      if (inner.last > end) run(0, inner.last - cells_[0]);
    }
  }
}

// Squares of distances become weights.
void CellList::weigh(Candidates& found) const {
  double* x = found.squares.data();
  switch (reach_.taper) {
    case Taper::Boxcar: std::fill_n(x, found.count, 1.0); break;
    case Taper::Gaussian:
      for (std::size_t i = 0; i < found.count; ++i) {
        x[i] = math::exp(-0.5 * x[i] / (reach_.length * reach_.length));
      }
      break;
    case Taper::GaspariCohn: kernel_->taper(x, found.count, reach_.length); break;
  }
}

void CellList::append(const Candidates& found, Sights& out) const {
  const std::size_t before = out.observations.size();
  out.observations.resize(before + found.count);
  out.weights.resize(before + found.count);
  std::uint32_t* observations = out.observations.data() + before;
  double* weights = out.weights.data() + before;
  const double least = std::max(reach_.least_weight, std::numeric_limits<double>::denorm_min());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < found.count; ++i) {
    observations[kept] = found.numbers[i];
    weights[kept] = found.squares[i];
    kept += found.squares[i] >= least ? 1U : 0U;
  }
  out.observations.resize(before + kept);
  out.weights.resize(before + kept);
  out.close();
}

void CellList::look(std::size_t first, std::size_t end, Sights& out) const {
  TWIN_EXPECT(first <= end && end <= domains(), first, end, domains());
  Candidates found;
  for (std::size_t g = first; g < end; ++g) {
    found.count = 0;
    switch (space_.directions) {
      case 1: gather<1>(place(g), found); break;
      case 2: gather<2>(place(g), found); break;
      default: gather<3>(place(g), found); break;
    }
    weigh(found);
    append(found, out);
  }
}

}  // namespace twin::infer::letkf
