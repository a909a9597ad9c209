#include "twin/uq/pick_freeze.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/batch.hpp"
#include "twin/uq/sobol_indices.hpp"

namespace twin::uq {
namespace {

using core::Error;

// Eight sums side by side: the order is fixed, and one need not wait for the other.
template <class Term>
double sum_of(std::size_t count, const Term& term) {
  std::array<double, 8> lane{};
  std::size_t k = 0;
  for (; k + 8 <= count; k += 8)
    for (std::size_t j = 0; j < 8; ++j) lane[j] += term(k + j);
  for (; k < count; ++k) lane[k % 8] += term(k);
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

Spread spread_of(std::span<const double> x) {
  if (x.empty()) return {};
  Spread s{.count = x.size()};
  s.mean = sum_of(x.size(), [&](std::size_t k) { return x[k]; }) / static_cast<double>(x.size());
  s.squares = sum_of(x.size(), [&](std::size_t k) { return (x[k] - s.mean) * (x[k] - s.mean); });
  return s;
}

void check_study(const SobolStudy& s) {
  if (s.inputs == 0) throw Error("a sensitivity study without inputs");
  for (std::size_t g = 0; g < s.groups.size(); ++g) {
    if (s.groups[g].empty()) throw Error(fmt::format("group {} has no inputs", g));
    for (const std::size_t i : s.groups[g])
      if (i >= s.inputs)
        throw Error(fmt::format("group {} has input {} (there are {}, from 0)", g, i, s.inputs));
  }
  if (s.points < 2) throw Error(fmt::format("{} points a replication (at least 2)", s.points));
  if (s.replications < 2)
    throw Error(
        fmt::format("{} replications (at least 2: an interval needs a spread)", s.replications));
  if (s.sampling == Sampling::Sobol && s.points > SobolSequence::PointsMax)
    throw Error(
        fmt::format("{} points of a sequence (at most {})", s.points, SobolSequence::PointsMax));
  if (s.sampling == Sampling::Chance && s.points > SobolSequence::PointsMax / s.replications)
    throw Error(fmt::format("{} points in {} replications by chance (at most {} in all)", s.points,
                            s.replications, SobolSequence::PointsMax));
  if (!(s.confidence > 0.0 && s.confidence < 1.0))
    throw Error(fmt::format("confidence {} (between 0 and 1)", s.confidence));
}

}  // namespace

// T. F. Chan, G. H. Golub and R. J. LeVeque, The American Statistician 37, 1983, eq. 2.1.
void Spread::merge(const Spread& other) {
  if (other.count == 0) return;
  const auto n = static_cast<double>(count), m = static_cast<double>(other.count);
  const double d = other.mean - mean;
  mean += d * m / (n + m);
  squares += other.squares + d * d * n * m / (n + m);
  count += other.count;
}

PickFreeze::PickFreeze(SobolStudy study) : study_(std::move(study)) {
  check_study(study_);
  if (study_.groups.empty())
    for (std::size_t i = 0; i < study_.inputs; ++i) study_.groups.push_back({i});
  pieces_each_ = (study_.points + PieceRows - 1) / PieceRows;
  if (study_.sampling != Sampling::Sobol) return;
  const SobolSequence plain(2 * study_.inputs);
  for (std::uint32_t r = 0; r < study_.replications; ++r)
    sequences_.push_back(plain.scrambled(core::Draw{study_.seed, r}));
}

PickFreeze::Room::Room(const PickFreeze& design, std::size_t piece) {
  const SobolStudy& s = design.study_;
  const auto replication = static_cast<std::uint32_t>(piece / design.pieces_each_);
  const std::uint64_t from = (piece % design.pieces_each_) * PieceRows;
  rows_ = static_cast<std::size_t>(std::min<std::uint64_t>(PieceRows, s.points - from));
  u_.resize(2 * s.inputs * rows_);
  y_.resize(3 * rows_);
  changes.reserve(s.groups.size() * rows_);
  for (std::size_t i = 0; i < 2 * s.inputs; ++i) {
    const std::span<double> column = std::span(u_).subspan(i * rows_, rows_);
    if (s.sampling == Sampling::Sobol) {
      design.sequences_[replication].fill(i, from, column);
    } else {
      // Members are the points, of all replications in turn.
      const core::Draw first{s.seed, static_cast<std::uint32_t>(replication * s.points + from)};
      math::uniforms(first, 0, static_cast<std::uint32_t>(i), 0, column);
    }
    (i < s.inputs ? a_ : b_).push_back(column.data());
  }
}

Points PickFreeze::Room::mixed(std::span<const std::size_t> group) {
  mixed_ = a_;
  for (const std::size_t i : group) mixed_[i] = b_[i];
  return {mixed_, rows_};
}

void PickFreeze::Room::keep() {
  const double* a = y_.data();
  const double* c = y_.data() + 2 * rows_;
  for (std::size_t k = 0; k < rows_; ++k) changes.push_back(c[k] - a[k]);
}

PickFreezeSums PickFreeze::sums(Room& room) const {
  const std::size_t rows = room.rows(), groups = study_.groups.size();
  PickFreezeSums sums;
  sums.cross.resize(groups);
  sums.shift.resize(groups);
  sums.square.resize(groups);
  std::span<double> a = room.first(), b = room.second();
  // A row counts where all its runs gave a number: what is no number anywhere in it is none in this sum.
  std::vector<double> all(rows);
  for (std::size_t k = 0; k < rows; ++k) all[k] = a[k] + b[k];
  for (std::size_t g = 0; g < groups; ++g)
    for (std::size_t k = 0; k < rows; ++k) all[k] += room.changes[g * rows + k];
  std::size_t good = 0;
  for (std::size_t k = 0; k < rows; ++k) {
    if (!std::isfinite(all[k])) continue;
    if (good != k) {
      a[good] = a[k];
      b[good] = b[k];
      for (std::size_t g = 0; g < groups; ++g)
        room.changes[g * rows + good] = room.changes[g * rows + k];
    }
    ++good;
  }
  sums.failed = rows - good;
  sums.both = spread_of(a.first(good));
  sums.both.merge(spread_of(b.first(good)));
  const double middle = sums.both.mean;
  for (std::size_t g = 0; g < groups; ++g) {
    const double* change = room.changes.data() + g * rows;
    sums.cross[g] = sum_of(good, [&](std::size_t k) { return (b[k] - middle) * change[k]; });
    sums.shift[g] = sum_of(good, [&](std::size_t k) { return change[k]; });
    sums.square[g] = sum_of(good, [&](std::size_t k) { return change[k] * change[k]; });
  }
  return sums;
}

SobolIndices PickFreeze::indices(std::span<const PickFreezeSums> sums) const {
  TWIN_EXPECT(sums.size() == pieces(), sums.size(), pieces());
  const std::size_t groups = study_.groups.size();
  SobolIndices result;
  std::vector<math::Moments> first(groups), total(groups);
  math::Moments mean, variance;
  for (std::uint32_t r = 0; r < study_.replications; ++r) {
    const auto of = sums.subspan(r * pieces_each_, pieces_each_);
    Spread both;
    for (const PickFreezeSums& s : of) {
      both.merge(s.both);
      result.failed += s.failed;
    }
    const double rows = static_cast<double>(both.count) / 2;
    if (rows < 2)
      throw Error(fmt::format("replication {} has {} rows with a value of {} (at least 2)", r, rows,
                              study_.points));
    mean.add(both.mean);
    variance.add(both.variance());
    const bool varies = both.variance() > 0.0;
    for (std::size_t g = 0; g < groups; ++g) {
      double cross = 0.0, square = 0.0;
      for (const PickFreezeSums& s : of) {
        cross += s.cross[g] + (s.both.mean - both.mean) * s.shift[g];
        square += s.square[g];
      }
      // What does not vary has nobody to blame.
      first[g].add(varies ? cross / rows / both.variance() : 0.0);
      total[g].add(varies ? square / rows / 2 / both.variance() : 0.0);
    }
  }
  for (std::size_t g = 0; g < groups; ++g) {
    result.first.push_back(math::interval_of(first[g], study_.confidence));
    result.total.push_back(math::interval_of(total[g], study_.confidence));
  }
  result.mean = math::interval_of(mean, study_.confidence);
  result.variance = math::interval_of(variance, study_.confidence);
  result.evaluations = study_.points * study_.replications * (groups + 2);
  return result;
}

}  // namespace twin::uq
