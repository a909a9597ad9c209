#include "twin/uq/adaptive_importance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/batch.hpp"
#include "twin/math/elementary.hpp"

namespace twin::uq {
namespace {

using PointRow = std::vector<double>;

// Beyond, a covariance has more numbers than the points tell.
constexpr std::size_t CovarianceInputs = 20;
constexpr double VarianceFloor = 1e-8;  // points may lie on a line

// In four sums side by side, for speed.
double product_sum(std::span<const double> a, std::span<const double> b) {
  std::array<double, 4> sum{};
  std::size_t k = 0;
  for (; k + 4 <= a.size(); k += 4)
    for (std::size_t lane = 0; lane < 4; ++lane) sum[lane] += a[k + lane] * b[k + lane];
  for (; k < a.size(); ++k) sum[0] += a[k] * b[k];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

// to[point] += d'u, four inputs at a time so that a sum is seldom read and written.
void add_projections(std::span<const PointRow> u, std::span<const double> d, std::span<double> to) {
  std::size_t i = 0;
  for (; i + 4 <= u.size(); i += 4) {
    const double *a = u[i].data(), *b = u[i + 1].data(), *c = u[i + 2].data(), *e = u[i + 3].data();
    for (std::size_t k = 0; k < to.size(); ++k)
      to[k] += (d[i] * a[k] + d[i + 1] * b[k]) + (d[i + 2] * c[k] + d[i + 3] * e[k]);
  }
  for (; i < u.size(); ++i)
    for (std::size_t k = 0; k < to.size(); ++k) to[k] += d[i] * u[i][k];
}

// [point] |u|^2
PointRow squared_lengths(std::span<const PointRow> u) {
  PointRow sum(u[0].size(), 0.0);
  for (const PointRow& x : u)
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += x[k] * x[k];
  return sum;
}

// out[point] = |L^-1 (u - m)|^2
void add_distances(const NormalPart& p, std::span<const PointRow> u, std::span<double> out) {
  constexpr std::size_t Tile = 128;  // always as many, for the compiler's sake
  const std::size_t inputs = u.size();
  std::vector<std::array<double, Tile>> y(inputs);
  for (std::size_t first = 0; first < out.size(); first += Tile) {
    const std::size_t count = std::min(Tile, out.size() - first);
    for (std::size_t i = 0; i < inputs; ++i) {
      const double* row = p.factor.data() + i * inputs;
      std::array<double, Tile> rest{};
      for (std::size_t k = 0; k < count; ++k) rest[k] = u[i][first + k] - p.mean[i];
      for (std::size_t j = 0; j < i; ++j)
        for (std::size_t k = 0; k < Tile; ++k) rest[k] -= row[j] * y[j][k];
      for (std::size_t k = 0; k < Tile; ++k) y[i][k] = rest[k] / row[i];
      for (std::size_t k = 0; k < count; ++k) out[first + k] += y[i][k] * y[i][k];
    }
  }
}

// [point] logarithm of share x density, over that of standard normals. Without a factor one projection on the mean
// is all that a point asks for: |u - m|^2 = |u|^2 - 2 m'u + |m|^2.
void log_ratio_of(const NormalPart& p, std::span<const PointRow> u, std::span<const double> lengths,
                  PointRow& out) {
  out.assign(lengths.size(), 0.0);
  double at = math::log(p.share);
  if (!p.factor.empty()) {
    for (std::size_t i = 0; i < u.size(); ++i) at -= math::log(p.factor[i * u.size() + i]);
    add_distances(p, u, out);
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = at + 0.5 * (lengths[k] - out[k]);
    return;
  }
  const double l = product_sum(p.mean, p.mean), along = l > 0.0 ? p.along : p.across;
  at -= 0.5 * (math::log(along) + static_cast<double>(u.size() - 1) * math::log(p.across));
  const double across = 1 / p.across, more = l > 0.0 ? (1 / along - across) / l : 0.0;
  if (l > 0.0) add_projections(u, p.mean, out);
  for (std::size_t k = 0; k < out.size(); ++k) {
    const double t = out[k];
    out[k] = at + 0.5 * (lengths[k] - across * (lengths[k] - 2 * t + l) - more * (t - l) * (t - l));
  }
}

// [point] logarithm of the sum over parts of exponentials; of: [part][point] becomes their shares in it.
PointRow log_sum_of_parts(std::vector<PointRow>& of) {
  PointRow most = of[0];
  for (const PointRow& l : of)
    for (std::size_t k = 0; k < most.size(); ++k) most[k] = std::max(most[k], l[k]);
  PointRow sum(most.size(), 0.0);
  for (PointRow& l : of) {
    for (std::size_t k = 0; k < sum.size(); ++k) l[k] -= most[k];
    math::quick_exponentials(l, 0.0, l);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += l[k];
  }
  for (PointRow& l : of)
    for (std::size_t k = 0; k < sum.size(); ++k) l[k] /= sum[k];
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = most[k] + math::log(sum[k]);
  return sum;
}

struct WeightedPoints {
  std::vector<PointRow> u;  // [input][point]
  PointRow lengths;         // [point] |u|^2
  PointRow weight;          // [point] of sum 1
  double effective = 0.0;   // number of points of equal weight that would tell as much
};

// a := its lower Cholesky factor; [n][n], positive definite.
void factorise_covariance(std::span<double> a, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double s = a[i * n + j];
      for (std::size_t k = 0; k < j; ++k) s -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i == j ? std::sqrt(s) : s / a[j * n + j];
    }
    for (std::size_t j = i + 1; j < n; ++j) a[i * n + j] = 0.0;
  }
}

// Covariance of a part whose share and mean are known. As much of a round one is mixed in as a point counts, so
// that none is singular.
void maximise_covariance(const WeightedPoints& x, std::span<const double> in, NormalPart& p,
                         PointRow& work) {
  const std::size_t n = x.u.size();
  const double round = 1 / (1 + p.share * x.effective);
  p.factor.assign(n * n, 0.0);
  double trace = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    work.assign(in.size(), 0.0);
    for (std::size_t k = 0; k < in.size(); ++k) work[k] = in[k] * (x.u[i][k] - p.mean[i]);
    for (std::size_t j = 0; j <= i; ++j)
      p.factor[i * n + j] = (1 - round) * product_sum(work, x.u[j]) / p.share;
    trace += p.factor[i * n + i];
  }
  const double least = round / (1 - round) * trace / static_cast<double>(n) + VarianceFloor;
  for (std::size_t i = 0; i < n; ++i) p.factor[i * n + i] += least;
  factorise_covariance(p.factor, n);
}

// A part by the points' weights in it.
void maximise_part(const WeightedPoints& x, std::span<const double> in, NormalPart& p, bool full,
                   PointRow& work) {
  const std::size_t inputs = x.u.size();
  p.share = 0.0;
  for (const double w : in) p.share += w;
  p.mean.resize(inputs);
  for (std::size_t i = 0; i < inputs; ++i) p.mean[i] = product_sum(in, x.u[i]) / p.share;
  if (full) return maximise_covariance(x, in, p, work);
  const double l = product_sum(p.mean, p.mean), all = product_sum(in, x.lengths) / p.share - l;
  work.assign(in.size(), -l);
  add_projections(x.u, p.mean, work);
  for (double& t : work) t *= t;
  const double along = l > 0.0 ? product_sum(in, work) / p.share / l : 0.0;
  p.along = std::max(VarianceFloor, along);
  p.across = inputs == 1 ? p.along
                         : std::max(VarianceFloor, (all - along) / static_cast<double>(inputs - 1));
}

// in: [part][point], each point's weight divided among the parts. Gives the mean log likelihood.
double expectation(const WeightedPoints& x, const NormalMixture& parts, std::vector<PointRow>& in) {
  in.resize(parts.size());
  for (std::size_t j = 0; j < parts.size(); ++j) log_ratio_of(parts[j], x.u, x.lengths, in[j]);
  const PointRow sum = log_sum_of_parts(in);
  for (PointRow& of : in)
    for (std::size_t k = 0; k < of.size(); ++k) of[k] *= x.weight[k];
  return product_sum(x.weight, sum);
}

struct FittedMixture {
  NormalMixture parts;
  double merit = 0.0;  // log likelihood, less half the logarithm of the points for each number
};

// Nothing where a part dies out.
std::optional<FittedMixture> most_likely(const WeightedPoints& x, NormalMixture parts, bool full) {
  constexpr double Gain = 3e-3;  // of the mean log likelihood by a step: below that, it has arrived
  const auto inputs = static_cast<double>(x.u.size());
  const double few = full ? 2 * (inputs + 1) : 4;  // effective points of a part
  std::vector<PointRow> in;
  PointRow work;
  double fit = -std::numeric_limits<double>::infinity();
  for (int step = 0; step < 100; ++step) {
    const double before = std::exchange(fit, expectation(x, parts, in));
    if (fit - before < Gain) break;
    for (std::size_t j = 0; j < parts.size(); ++j) {
      maximise_part(x, in[j], parts[j], full, work);
      if ((parts.size() > 1 || full) && !(parts[j].share * x.effective >= few)) return std::nullopt;
    }
  }
  // Of a part: share, mean, covariance.
  const double each = 1 + inputs + (full ? inputs * (inputs + 1) / 2 : 2);
  const double numbers = each * static_cast<double>(parts.size()) - 1;
  return FittedMixture{std::move(parts),
                       x.effective * fit - 0.5 * numbers * math::log(x.effective)};
}

// The way in which a part's points spread furthest, as long as their deviation, by powers of their covariance.
PointRow widest_way(const WeightedPoints& x, std::span<const double> in, const NormalPart& p,
                    PointRow& work) {
  constexpr int Powers = 10;
  const std::size_t inputs = x.u.size();
  const double l = product_sum(p.mean, p.mean);
  work.assign(in.size(), 0.0);
  add_projections(x.u, p.mean, work);
  for (std::size_t k = 0; k < in.size(); ++k) work[k] = in[k] * (x.lengths[k] - 2 * work[k] + l);
  const auto furthest = static_cast<std::size_t>(std::ranges::max_element(work) - work.begin());
  PointRow way(inputs);
  for (std::size_t i = 0; i < inputs; ++i) way[i] = x.u[i][furthest] - p.mean[i];
  for (int power = 0;; ++power) {
    const double length = std::sqrt(product_sum(way, way));
    if (!(length > 0.0)) return way;
    for (double& v : way) v /= length;
    work.assign(in.size(), -product_sum(way, p.mean));
    add_projections(x.u, way, work);
    double spread = 0.0, sum = 0.0;
    for (std::size_t k = 0; k < in.size(); ++k) {
      const double part = in[k] * work[k];
      spread += part * work[k];
      sum += part;
      work[k] = part;
    }
    if (power == Powers) {
      for (double& v : way) v *= std::sqrt(spread / p.share);
      return way;
    }
    for (std::size_t i = 0; i < inputs; ++i) way[i] = product_sum(work, x.u[i]) - sum * p.mean[i];
  }
}

// The part that spreads the most weight the furthest, in two.
NormalMixture split_widest(const WeightedPoints& x, NormalMixture parts) {
  std::vector<PointRow> in;
  PointRow work, way;
  expectation(x, parts, in);
  double most = -1.0;
  std::size_t which = 0;
  for (std::size_t j = 0; j < parts.size(); ++j) {
    PointRow of = widest_way(x, in[j], parts[j], work);
    const double spread = parts[j].share * product_sum(of, of);
    if (!(spread > most)) continue;
    most = spread;
    which = j;
    way = std::move(of);
  }
  parts[which].share /= 2;
  parts.push_back(parts[which]);
  for (std::size_t i = 0; i < way.size(); ++i) {
    parts[which].mean[i] += way[i];
    parts.back().mean[i] -= way[i];
  }
  return parts;
}

}  // namespace

NormalMixture standard_normals(std::size_t inputs) { return {{.mean = PointRow(inputs, 0.0)}}; }

std::vector<double> log_ratio(const NormalMixture& mixture,
                              std::span<const std::vector<double>> u) {
  TWIN_EXPECT(!mixture.empty() && u.size() == mixture[0].mean.size(), mixture.size(), u.size());
  const PointRow lengths = squared_lengths(u);
  std::vector<PointRow> of(mixture.size());
  for (std::size_t j = 0; j < of.size(); ++j) log_ratio_of(mixture[j], u, lengths, of[j]);
  return log_sum_of_parts(of);
}

NormalMixture fit_mixture(std::span<const std::vector<double>> u, std::span<const double> weight,
                          std::size_t parts) {
  TWIN_EXPECT(!u.empty() && u[0].size() == weight.size() && parts > 0, u.size(), parts);
  double sum = 0.0, used = 0.0, squares = 0.0;
  for (const double w : weight) sum += w;
  TWIN_EXPECT(sum > 0.0, sum);
  // Most points may have next to no weight: they cost, and tell nothing.
  const double least = 1e-3 * sum / static_cast<double>(weight.size());
  WeightedPoints x;
  x.u.resize(u.size());
  for (std::size_t k = 0; k < weight.size(); ++k) {
    if (!(weight[k] > least)) continue;
    for (std::size_t i = 0; i < u.size(); ++i) x.u[i].push_back(u[i][k]);
    x.weight.push_back(weight[k]);
    used += weight[k];
    squares += weight[k] * weight[k];
  }
  x.lengths = squared_lengths(x.u);
  x.effective = used * used / squares;
  for (double& w : x.weight) w /= used;
  std::optional<FittedMixture> best;
  for (const bool full : {false, true}) {
    if (full && (u.size() == 1 || u.size() > CovarianceInputs)) continue;
    NormalMixture now(1);
    PointRow work;
    maximise_part(x, x.weight, now[0], full, work);
    double merit = -std::numeric_limits<double>::infinity();
    // One more part may help only together with the next one, as where four places lie in a square.
    for (int worse = 0;; now = split_widest(x, std::move(now))) {
      std::optional<FittedMixture> more = most_likely(x, std::move(now), full);
      if (!more) break;
      now = more->parts;
      worse = more->merit > merit ? 0 : worse + 1;
      merit = std::max(merit, more->merit);
      if (!best || more->merit > best->merit) best = std::move(more);
      if (worse == 2 || now.size() == parts) break;
    }
  }
  return std::move(best->parts);
}

NormalMixture guarded(NormalMixture learnt, double nominal) {
  TWIN_EXPECT(!learnt.empty() && nominal > 0.0 && nominal <= 0.5, learnt.size(), nominal);
  constexpr double About = 0.2, Lost = 0.05;
  const std::size_t inputs = learnt[0].mean.size();
  // About twice as far out in two inputs; less in many, where a little is a long way from all that is likely.
  const double wide = 1 + 4 / std::sqrt(static_cast<double>(inputs));
  NormalMixture all = standard_normals(inputs);  // first, so that rounding is in their favour
  all[0].share = nominal;
  all.push_back({.share = Lost, .mean = PointRow(inputs, 0.0), .along = wide, .across = wide});
  for (NormalPart& p : learnt) {
    all.push_back({.share = p.share * About, .mean = p.mean});
    p.share *= 1 - About - Lost - nominal;
    all.push_back(std::move(p));
  }
  return all;
}

StratifiedMixture::StratifiedMixture(NormalMixture mixture, std::uint64_t samples)
    : counted_(std::move(mixture)), first_{0} {
  if (counted_.empty() || counted_[0].mean.empty())
    throw core::Error("a proposal of no parts or no inputs");
  if (samples < 2 * counted_.size() || samples > std::uint64_t{1} << 32)
    throw core::Error(
        fmt::format("{} samples of a proposal of {} parts (two of each, at most 2^32)", samples,
                    counted_.size()));
  double sum = 0.0, before = 0.0;
  for (const NormalPart& p : counted_) {
    const std::array<double, 3> numbers = {p.share, p.along, p.across};
    const std::size_t n = p.mean.size();
    if (n != counted_[0].mean.size() || (!p.factor.empty() && p.factor.size() != n * n) ||
        !std::ranges::all_of(numbers, [](double v) { return v > 0.0 && std::isfinite(v); }) ||
        !std::ranges::all_of(p.mean, [](double v) { return std::isfinite(v); }))
      throw core::Error(fmt::format(
          "a part of {} inputs, a factor of {} numbers, share {}, variances {} and {} (sizes that "
          "match, means finite, the others above 0)",
          n, p.factor.size(), p.share, p.along, p.across));
    sum += p.share;
  }
  for (std::size_t j = 0; j < counted_.size(); ++j) {
    before += counted_[j].share;
    const auto by_share =
        static_cast<std::uint64_t>(std::ceil(before / sum * static_cast<double>(samples)));
    const std::uint64_t after = 2 * (counted_.size() - 1 - j);  // what the others need
    const std::uint64_t to = j + 1 == counted_.size()
                                 ? samples
                                 : std::clamp(by_share, first_.back() + 2, samples - after);
    counted_[j].share = static_cast<double>(to - first_.back());
    first_.push_back(to);
  }
}

std::vector<std::vector<double>> StratifiedMixture::draw(std::uint64_t seed, std::uint32_t what,
                                                         std::uint64_t from,
                                                         std::size_t count) const {
  TWIN_EXPECT(from + count <= samples(), from, count);
  const std::size_t inputs = counted_[0].mean.size();
  std::vector<PointRow> u(inputs, PointRow(count));
  for (std::size_t i = 0; i < inputs; ++i)
    math::normals({seed, static_cast<std::uint32_t>(from)}, what, static_cast<std::uint32_t>(i), 0,
                  u[i]);
  PointRow z(count, 0.0);
  for (std::size_t j = 0; j < counted_.size(); ++j) {
    const std::uint64_t end = std::min(from + count, first_[j + 1]);
    const std::uint64_t begin = std::min(end, std::max(from, first_[j]));
    const auto at = static_cast<std::size_t>(begin - from),
               to = static_cast<std::size_t>(end - from);
    if (at >= to) continue;
    const NormalPart& p = counted_[j];
    if (!p.factor.empty()) {
      for (std::size_t i = inputs; i-- > 0;) {  // downwards, as those above are still needed
        const double* row = p.factor.data() + i * inputs;
        for (std::size_t k = at; k < to; ++k) u[i][k] *= row[i];
        for (std::size_t h = 0; h < i; ++h)
          for (std::size_t k = at; k < to; ++k) u[i][k] += row[h] * u[h][k];
        for (std::size_t k = at; k < to; ++k) u[i][k] += p.mean[i];
      }
      continue;
    }
    const double l = product_sum(p.mean, p.mean), s = std::sqrt(p.across);
    const double more = l > 0.0 ? (std::sqrt(p.along) - s) / l : 0.0;
    for (std::size_t i = 0; i < inputs; ++i)
      for (std::size_t k = at; k < to; ++k) z[k] += p.mean[i] * u[i][k];
    for (std::size_t i = 0; i < inputs; ++i)
      for (std::size_t k = at; k < to; ++k)
        u[i][k] = p.mean[i] + s * u[i][k] + more * p.mean[i] * z[k];
  }
  return u;
}

ImportanceEstimate importance_sample(const LimitState& f, const NormalMixture& proposal,
                                     const ImportanceOptions& o) {
  constexpr std::uint64_t At = 65'536;
  const StratifiedMixture q(proposal, o.samples);
  const auto total = static_cast<double>(o.samples);
  ImportanceEstimate estimate;
  RareEvent& e = estimate.event;
  PointRow sum(q.strata(), 0.0), squares(q.strata(), 0.0);
  double most = 0.0;
  std::size_t stratum = 0;
  for (std::uint64_t first = 0; first < o.samples; first += At) {
    const auto count = static_cast<std::size_t>(std::min(At, o.samples - first));
    const auto u = q.draw(o.seed, 0, first, count);
    const Asked asked = ask(f, u, o.threads);
    e.failed += asked.failed;
    const PointRow ratio = log_ratio(q.counted(), u);
    for (std::size_t k = 0; k < count; ++k) {
      while (first + k >= q.first_of(stratum + 1)) ++stratum;
      if (!(asked.g[k] <= 0.0)) continue;
      const double w = total * math::exp(-ratio[k]);
      sum[stratum] += w;
      squares[stratum] += w * w;
      most = std::max(most, w);
    }
  }
  double variance = 0.0;
  for (std::size_t j = 0; j < q.strata(); ++j) {
    const double n = q.counted()[j].share;
    e.probability += sum[j] / total;
    variance += std::max(0.0, squares[j] - sum[j] * sum[j] / n) * (n / (n - 1));
  }
  e.evaluations = o.samples;
  e.standard_error = std::sqrt(variance) / total;
  estimate.heaviest = e.probability > 0.0 ? most / total / e.probability : 0.0;
  return estimate;
}

}  // namespace twin::uq
