#include "apps/fabtwin/assimilate/network.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "twin/infer/experiment.hpp"

namespace apps::fabtwin::assimilate {
namespace {

using twin::infer::Noise;

constexpr std::uint32_t ShiftDraw = 0xA5000021;
constexpr Eigen::Index LargestFull = 2000;  // observations whose errors may be correlated

// Errors of neighbours in the list are correlated by c, of the next but one by c^2, and so on.
Noise correlated(Eigen::Index size, double variance, double c) {
  Eigen::MatrixXd r(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    double covariance = variance;
    for (Eigen::Index j = i; j < size; ++j, covariance *= c) r(i, j) = r(j, i) = covariance;
  }
  return Noise::full(r);
}

}  // namespace

std::span<const Key> Network::keys() {
  static const std::vector<Key> all = {
      {"interval", "1", "between two looks, in the model's unit"},
      {"every", "1", "each so manieth quantity is seen"},
      {"first", "0", "the first of them, from 0"},
      {"count", "", "so many quantities, evenly apart, instead of `every`"},
      {"moving", "false", "shifts all places by a random part of their gap at every look (tracks)"},
      {"function", "\"identity\"", "of what is seen: identity, magnitude or square"},
      {"variance", "1", "of the errors"},
      {"correlation", "0", "of the errors of neighbours in the list, in [0, 1); falls as a power"},
  };
  return all;
}

Network Network::read(Sheet& sheet, const Built& built) {
  const Eigen::Index quantities = built.subject->quantities();
  const double most = static_cast<double>(quantities);
  const double interval = sheet.number("interval", Range::positive(), 1.0);
  const double ticks = interval * built.ticks_per_unit;
  if (ticks < 1.0 || ticks > 1e15 || (built.ticks_per_unit == 1.0 && ticks != std::floor(ticks))) {
    sheet.refuse(
        "interval",
        fmt::format("interval = {} (must be a whole number of the model's steps)", interval));
  }
  const double first = static_cast<double>(sheet.integer("first", {0.0, most - 1.0}, 0));
  const bool moves = sheet.yes("moving", false);
  Eigen::Index size = 0;
  double gap = 1.0;
  if (sheet.has("count")) {
    size = sheet.integer("count", {1.0, most - first}, {});
    gap = (most - first) / static_cast<double>(size);
    if (sheet.has("every")) sheet.refuse("every", "every beside count (one of them says which)");
  } else {
    gap = static_cast<double>(sheet.integer("every", {1.0, most}, 1));
    size = static_cast<Eigen::Index>(std::ceil((most - first) / gap));
  }
  const double variance = sheet.number("variance", Range::positive(), 1.0);
  const double correlation = sheet.number("correlation", {.least = 0.0, .most = 1.0 - 1e-9}, 0.0);
  if (correlation > 0.0 && size > LargestFull) {
    sheet.refuse("correlation",
                 fmt::format("correlation of {} observations (at most {})", size, LargestFull));
  }
  static const std::vector<std::string> sights = {"identity", "magnitude", "square"};
  const std::string sight = sheet.choice("function", sights, "identity");
  sheet.finish();
  Network network(correlation > 0.0 ? correlated(size, variance, correlation)
                                    : Noise::equal(size, variance));
  network.ticks_per_cycle_ = static_cast<twin::core::Tick>(ticks + 0.5);
  network.size_ = size;
  network.quantities_ = quantities;
  network.first_ = first;
  network.gap_ = gap;
  network.moves_ = moves;
  network.sight_ = sight == "square"      ? Sight::Square
                   : sight == "magnitude" ? Sight::Magnitude
                                          : Sight::Identity;
  return network;
}

std::vector<Eigen::Index> Network::places(std::uint64_t seed, std::uint32_t cycle) const {
  Eigen::Index shift = 0;
  if (moves_) {
    const twin::core::Draw draw{.seed = seed, .member = twin::infer::TruthMember};
    shift = static_cast<Eigen::Index>(std::floor(gap_) * draw.uniform(ShiftDraw, 0, cycle));
  }
  std::vector<Eigen::Index> places(static_cast<std::size_t>(size_));
  for (std::size_t k = 0; k < places.size(); ++k) {
    const auto at = static_cast<Eigen::Index>(first_ + static_cast<double>(k) * gap_);
    places[k] = std::min(at + shift, quantities_ - 1);
  }
  return places;
}

Eigen::MatrixXd Network::look(const Eigen::MatrixXd& shown,
                              std::span<const Eigen::Index> places) const {
  Eigen::MatrixXd y(static_cast<Eigen::Index>(places.size()), shown.cols());
  for (std::size_t k = 0; k < places.size(); ++k) {
    y.row(static_cast<Eigen::Index>(k)) = shown.row(places[k]);
  }
  if (sight_ == Sight::Magnitude) y = y.cwiseAbs();
  if (sight_ == Sight::Square) y = y.cwiseAbs2();
  return y;
}

// The network must outlive it, as an Analyst's does.
twin::infer::variational::Operator Network::instruments(std::vector<Eigen::Index> places) const {
  const auto value = [this, places](const Eigen::VectorXd& x) {
    return Eigen::VectorXd(look(x, places).col(0));
  };
  const auto jacobian = [this, places](const Eigen::VectorXd& x) {
    Eigen::MatrixXd h = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(places.size()), x.size());
    for (std::size_t k = 0; k < places.size(); ++k) {
      const double at = x[places[k]];
      h(static_cast<Eigen::Index>(k), places[k]) = sight_ == Sight::Square ? 2.0 * at
                                                   : sight_ == Sight::Magnitude
                                                       ? std::copysign(1.0, at)
                                                       : 1.0;
    }
    return h;
  };
  return twin::infer::variational::with_jacobian(value, jacobian);
}

}  // namespace apps::fabtwin::assimilate
