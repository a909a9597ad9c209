#include "twin/uq/approximate_control_variates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/batch.hpp"
#include "twin/math/elementary.hpp"
#include "twin/math/symmetric_eigen.hpp"
#include "twin/score/checked.hpp"

namespace twin::uq {
namespace {

using core::Error;

constexpr std::size_t AcvModelsMax = 8, AcvCheapMax = AcvModelsMax - 1;
constexpr double AcvUnusable = std::numeric_limits<double>::infinity();
// A difference of which the others explain more than all but this share says the same as they do: a pilot does not
// tell more. The covariance may be wrong by a hundredth of it, so that no gain is made of rounding.
constexpr double AcvNewsMin = 1e-8, AcvWrongMax = 1e-10;
constexpr std::size_t AcvPilot = 16;                            // points at once
enum AcvDraw : std::uint32_t { AcvPilotPoint, AcvStudyPoint };  // the last one: + owner

using AcvCheap = std::array<double, AcvCheapMax>;

double acv_correlation(std::span<const double> c, std::size_t n, std::size_t i, std::size_t j) {
  return c[i * n + j] / (std::sqrt(c[i * n + i]) * std::sqrt(c[j * n + j]));
}

void check_acv_covariance(std::span<const double> c, std::size_t n) {
  if (n == 0 || n > AcvModelsMax)
    throw Error(fmt::format("{} models of one quantity (1 to {})", n, AcvModelsMax));
  if (c.size() != n * n)
    throw Error(fmt::format("a covariance of {} numbers for {} models ({})", c.size(), n, n * n));
  score::need_finite(c, "covariance");
  for (std::size_t i = 0; i < n; ++i)
    if (!(c[i * n + i] > 0.0))
      throw Error(fmt::format("model {} does not vary: it cannot help, or needs no help", i));
  std::vector<double> correlation(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      correlation[i * n + j] = acv_correlation(c, n, i, j);
      if (j < i && std::abs(correlation[i * n + j] - correlation[j * n + i]) > AcvWrongMax)
        throw Error(
            fmt::format("the covariance of models {} and {} is two numbers (symmetric)", j, i));
    }
  if (math::symmetric_eigen(correlation, n).values.front() < -AcvWrongMax)
    throw Error("a covariance that no models have: some sum of them would vary by less than 0");
}

// A choice of models: the first and some cheap ones.
struct AcvChoice {
  AcvFamily family = AcvFamily::Mf;
  std::size_t cheap = 0;
  AcvCheap with_first{};                        // [cheap] correlation
  std::array<AcvCheap, AcvCheapMax> between{};  // [cheap][cheap] correlation
  AcvCheap scale{};                             // [cheap] deviation of the first over its own
  AcvCheap cost{};                              // [cheap] over that of the first

  // 1 - R^2, and with weights != nullptr the best ones; infinite where the differences say the same. By Cholesky's
  // factor of C o F.
  double left(const AcvCheap& ratios, AcvCheap* weights = nullptr) const {
    std::array<AcvCheap, AcvCheapMax> l;
    AcvCheap known, z;  // known: 1 - 1 / ratio
    for (std::size_t i = 0; i < cheap; ++i) known[i] = 1 - 1 / ratios[i];
    const auto factor = [&](std::size_t i, std::size_t j) {  // F of theirs
      if (family == AcvFamily::Mfmc) return i == j ? known[i] - (i > 0 ? known[i - 1] : 0.0) : 0.0;
      if (family == AcvFamily::Is && i != j) return known[i] * known[j];
      return std::min(known[i], known[j]);
    };
    double r_squared = 0.0;
    for (std::size_t i = 0; i < cheap; ++i) {
      const double own = factor(i, i);
      if (!(own > 0.0)) return AcvUnusable;
      z[i] = own * with_first[i];
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = between[i][j] * factor(i, j);
        for (std::size_t k = 0; k < j; ++k) sum -= l[i][k] * l[j][k];
        if (j < i) {
          l[i][j] = sum / l[j][j];
          z[i] -= l[i][j] * z[j];
        } else {
          if (!(sum > AcvNewsMin * own)) return AcvUnusable;
          l[i][i] = std::sqrt(sum);
        }
      }
      z[i] /= l[i][i];
      r_squared += z[i] * z[i];
    }
    if (weights != nullptr)
      for (std::size_t i = cheap; i-- > 0;) {
        for (std::size_t k = i + 1; k < cheap; ++k) z[i] -= l[k][i] * z[k];
        z[i] /= l[i][i];
        (*weights)[i] = z[i] * scale[i];
      }
    return std::max(1 - r_squared, std::numeric_limits<double>::epsilon());
  }

  // Of a run of the first with all that belong to it.
  [[nodiscard]] double cost_of(const AcvCheap& ratios) const {
    return std::inner_product(cost.begin(), cost.end(), ratios.begin(), 1.0);
  }
  // What is beyond the first model's points by a factor, so that a run of it costs so much with all the others.
  void stretch(AcvCheap& ratios, double to) const {
    const double least = std::accumulate(cost.begin(), cost.end(), 1.0);
    const double by = (to - least) / (cost_of(ratios) - least);
    for (std::size_t i = 0; i < cheap; ++i) ratios[i] = 1 + by * (ratios[i] - 1);
  }
  // By logarithms of what each has beyond its reference, at most at this cost.
  [[nodiscard]] AcvCheap ratios_of(std::span<const double> logs, double most) const {
    AcvCheap ratios{};
    for (std::size_t i = 0; i < cheap; ++i)
      ratios[i] = (family == AcvFamily::Mfmc && i > 0 ? ratios[i - 1] : 1.0) + math::exp(logs[i]);
    if (cost_of(ratios) > most) stretch(ratios, most);
    return ratios;
  }
  // Variance for a cost of 1, of a first model of variance 1.
  [[nodiscard]] double work(const AcvCheap& ratios) const { return left(ratios) * cost_of(ratios); }
};

AcvChoice acv_choice(std::span<const double> covariance, std::size_t n,
                     std::span<const std::size_t> models, AcvFamily family) {
  AcvChoice choice{.family = family, .cheap = models.size() - 1};
  for (std::size_t i = 0; i < choice.cheap; ++i) {
    const std::size_t m = models[i + 1];
    choice.with_first[i] = acv_correlation(covariance, n, 0, m);
    choice.scale[i] = std::sqrt(covariance[0]) / std::sqrt(covariance[m * n + m]);
    for (std::size_t j = 0; j < choice.cheap; ++j)
      choice.between[i][j] = acv_correlation(covariance, n, m, models[j + 1]);
  }
  return choice;
}

// To the least of f near x, by steps of any coordinates together: f has kinks where ratios are equal, is smooth in
// each order of them, and where no such step leads down, no direction does. Starts of whole steps keep equal ones
// equal.
template <class F>
double pattern_search(std::span<double> x, double step, double until, const F& f) {
  double best = f(x);
  AcvCheap trial{};
  while (step > until) {
    bool moved = false;
    for (std::uint32_t some = 1; some < (std::uint32_t{1} << x.size()); ++some)
      for (const double by : {step, -step})
        for (;;) {
          for (std::size_t i = 0; i < x.size(); ++i)
            trial[i] = x[i] + ((some >> i) & 1U ? by : 0.0);
          const double tried = f(std::span<const double>(trial).first(x.size()));
          if (!(tried < best * (1 - 1e-12))) break;
          best = tried;
          std::copy_n(trial.begin(), x.size(), x.begin());
          moved = true;
        }
    if (!moved) step *= 0.5;
  }
  return best;
}

// budget: in runs of the first.
AcvCheap best_ratios(const AcvChoice& choice, double budget) {
  const auto work = [&](std::span<const double> logs) {
    return choice.work(choice.ratios_of(logs, budget / 2));
  };
  double sum = 0.0;  // of logarithms of ratios that would be best for one model alone
  for (std::size_t i = 0; i < choice.cheap; ++i) {
    const double square =
        std::clamp(choice.with_first[i] * choice.with_first[i], AcvNewsMin, 1 - AcvNewsMin);
    sum += 0.5 * math::log(square / (choice.cost[i] * (1 - square)));
  }
  // ACV-MF has several least ones, at kinks: from all ratios equal, and from each more or less apart, the least of
  // all is hardly ever missed. The others have one.
  AcvCheap equal;
  equal.fill(std::round(sum / static_cast<double>(choice.cheap)));
  std::vector<AcvCheap> starts = {equal};
  for (std::size_t i = 0; i < choice.cheap && choice.family == AcvFamily::Mf; ++i)
    for (const double apart : {-6.0, -3.0, -1.0, 1.0, 3.0, 6.0})
      starts.emplace_back(equal)[i] += apart;
  AcvCheap best{};
  double least = AcvUnusable;
  for (AcvCheap& logs : starts) {
    const double met = pattern_search(std::span(logs).first(choice.cheap), 1.0, 0x1p-4, work);
    if (met < least) best = logs;
    least = std::min(least, met);
  }
  pattern_search(std::span(best).first(choice.cheap), 0x1p-4, 0x1p-14, work);
  return choice.ratios_of(best, budget / 2);
}

// Whole numbers within the budget, of which the ratios are then. Beyond the first model's, even ones: no part of the
// points then has a single one, whose spread would say nothing.
std::vector<std::uint64_t> whole_numbers(const AcvChoice& choice, double budget, AcvCheap& ratios) {
  const double first = std::max(2.0, std::floor(budget / choice.cost_of(ratios)));
  choice.stretch(ratios, budget / first);
  std::vector<std::uint64_t> runs = {static_cast<std::uint64_t>(first)};
  for (std::size_t i = 0; i < choice.cheap; ++i) {
    const double pairs = first * (ratios[i] - 1) / 2 * (1 - 1e-12);  // never a rounding too many
    runs.push_back(runs[0] + 2 * static_cast<std::uint64_t>(std::max(0.0, std::floor(pairs))));
    ratios[i] = static_cast<double>(runs.back()) / first;
  }
  return runs;
}

// Points that the same models see.
struct AcvPart {
  std::size_t owner = 0;  // 0: shared points; else of this used model alone
  std::uint64_t from = 0, to = 0;
  std::vector<double> coefficient = {};  // [used] of its mean over the part; 0: not asked
};

std::vector<AcvPart> acv_parts(const AcvPlan& plan) {
  const std::vector<std::uint64_t>& runs = plan.samples.evaluations;
  std::vector<std::uint64_t> cuts = plan.family == AcvFamily::Is ? std::vector{runs[0]} : runs;
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  std::vector<AcvPart> parts;
  for (std::uint64_t from = 0; const std::uint64_t to : cuts) {
    parts.push_back({.from = from, .to = to});
    from = to;
  }
  if (plan.family == AcvFamily::Is)
    for (std::size_t k = 1; k < runs.size(); ++k)
      parts.push_back({.owner = k, .to = runs[k] - runs[0]});
  for (AcvPart& part : parts)
    for (std::size_t k = 0; k < runs.size(); ++k) {
      const std::uint64_t reference = runs[plan.family == AcvFamily::Mfmc && k > 0 ? k - 1 : 0];
      double share = 0.0;
      if (part.owner == 0 ? part.to <= runs[k] : part.owner == k)
        share = 1.0 / static_cast<double>(runs[k]);
      if (part.owner == 0 && k > 0 && part.to <= reference)
        share -= 1.0 / static_cast<double>(reference);
      part.coefficient.push_back(plan.samples.weights[k] * share *
                                 static_cast<double>(part.to - part.from));
    }
  return parts;
}

// Some points of one kind, drawn by their numbers.
struct AcvPoints {
  std::vector<std::vector<double>> u;  // [input][point]
  std::vector<const double*> columns;
  AcvPoints(const MultiFidelityStudy& s, std::uint32_t what, std::uint64_t first, std::size_t count)
      : u(s.inputs, std::vector<double>(count)) {
    for (std::size_t i = 0; i < s.inputs; ++i) {
      math::uniforms({s.seed, static_cast<std::uint32_t>(first)}, what,
                     static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(first >> 32), u[i]);
      columns.push_back(u[i].data());
    }
  }
  [[nodiscard]] Points view() const { return {columns, u[0].size()}; }
};

std::vector<double> pilot_covariance(const MultiFidelityStudy& s,
                                     std::span<const AnyFunction> models) {
  const std::size_t n = models.size(), pieces = (s.pilot + AcvPilot - 1) / AcvPilot;
  std::vector<std::vector<double>> y(n, std::vector<double>(s.pilot));
  core::for_each_member(pieces, s.threads, [&](std::size_t piece) {
    const std::size_t first = piece * AcvPilot, count = std::min(AcvPilot, s.pilot - first);
    const AcvPoints points(s, AcvPilotPoint, first, count);
    for (std::size_t m = 0; m < n; ++m)
      models[m](points.view(), std::span(y[m]).subspan(first, count));
  });
  std::vector<std::size_t> good;
  for (std::size_t k = 0; k < s.pilot; ++k)
    if (std::ranges::all_of(y, [&](const auto& of) { return std::isfinite(of[k]); }))
      good.push_back(k);
  if (good.size() < 10)
    throw Error(fmt::format("{} of {} pilot points have a value of every model (at least 10)",
                            good.size(), s.pilot));
  for (auto& of : y) {
    math::Moments m;
    for (const std::size_t k : good) m.add(of[k]);
    for (double& v : of) v -= m.mean();
  }
  std::vector<double> covariance(n * n);
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      double sum = 0.0;
      for (const std::size_t k : good) sum += y[a][k] * y[b][k];
      covariance[a * n + b] = covariance[b * n + a] = sum / static_cast<double>(good.size() - 1);
    }
  return covariance;
}

}  // namespace

AcvWeights acv_weights(std::span<const double> covariance, std::span<const double> ratios,
                       AcvFamily family) {
  const std::size_t n = ratios.size();
  check_acv_covariance(covariance, n);
  if (ratios[0] != 1.0) throw Error(fmt::format("the first model has ratio {} (1)", ratios[0]));
  AcvCheap cheap{}, weights{};
  for (std::size_t i = 1; i < n; ++i) {
    const double reference = family == AcvFamily::Mfmc ? ratios[i - 1] : 1.0;
    if (!(ratios[i] > reference))
      throw Error(fmt::format("model {} has ratio {} (above {})", i, ratios[i], reference));
    cheap[i - 1] = ratios[i];
  }
  std::vector<std::size_t> models(n);
  std::iota(models.begin(), models.end(), std::size_t{0});
  const double left = acv_choice(covariance, n, models, family).left(cheap, &weights);
  if (left == AcvUnusable)
    throw Error("models that say the same with these ratios: no weights are best. Leave one out?");
  AcvWeights result{.weights = {1.0}, .r_squared = 1 - left};
  for (std::size_t i = 1; i < n; ++i) result.weights.push_back(weights[i - 1]);
  return result;
}

AcvPlan acv_plan(std::span<const double> covariance, std::span<const double> costs, double budget,
                 AcvFamily family) {
  const std::size_t n = costs.size();
  check_acv_covariance(covariance, n);
  for (std::size_t i = 0; i < n; ++i)
    if (!(costs[i] > budget * 0x1p-53))
      throw Error(
          fmt::format("model {} costs {} (above 2^-53 of the budget, {})", i, costs[i], budget));
  if (!(budget >= 2 * costs[0]))
    throw Error(fmt::format("a budget of {} (at least {}: two evaluations of the first model)",
                            budget, 2 * costs[0]));
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order.begin() + 1, order.end(), std::greater{}, [&](std::size_t m) {
    return std::abs(acv_correlation(covariance, n, 0, m));
  });
  const double alone = std::floor(budget / costs[0]);
  AcvPlan plan{.family = family, .variance = covariance[0] / alone};
  plan.samples = {.models = {0},
                  .ratios = {1.0},
                  .weights = {1.0},
                  .evaluations = {static_cast<std::uint64_t>(alone)}};
  for (std::uint32_t some = 1; some < (std::uint32_t{1} << (n - 1)); ++some) {
    std::vector<std::size_t> used = {0};
    for (std::size_t k = 1; k < n; ++k)
      if ((some >> (k - 1)) & 1U) used.push_back(order[k]);
    AcvChoice choice = acv_choice(covariance, n, used, family);
    double least = 1.0;
    for (std::size_t i = 0; i < choice.cheap; ++i)
      least += choice.cost[i] = costs[used[i + 1]] / costs[0];
    if (!(2 * least < budget / costs[0])) continue;
    const AcvCheap ratios = best_ratios(choice, budget / costs[0]);
    AcvCheap rounded = ratios, weights{};
    std::vector<std::uint64_t> runs = whole_numbers(choice, budget / costs[0], rounded);
    const double variance =
        covariance[0] / static_cast<double>(runs[0]) * choice.left(rounded, &weights);
    if (!(variance < plan.variance)) continue;
    plan.variance = variance;
    plan.samples = {.models = used,
                    .ratios = {1.0},
                    .weights = {1.0},
                    .evaluations = std::move(runs),
                    .variance_ratio = choice.work(ratios)};
    for (std::size_t i = 0; i < choice.cheap; ++i) {
      plan.samples.ratios.push_back(ratios[i]);
      plan.samples.weights.push_back(weights[i]);
    }
  }
  for (std::size_t k = 0; k < plan.samples.models.size(); ++k)
    plan.samples.cost +=
        static_cast<double>(plan.samples.evaluations[k]) * costs[plan.samples.models[k]];
  return plan;
}

AcvMean acv_mean(const MultiFidelityStudy& s, std::span<const AnyFunction> models,
                 AcvFamily family) {
  if (s.inputs == 0 || models.empty() || s.costs.size() != models.size())
    throw Error(fmt::format("{} models with {} costs and {} inputs", models.size(), s.costs.size(),
                            s.inputs));
  std::vector<double> covariance = pilot_covariance(s, models);
  AcvMean result = acv_mean(s, models, acv_plan(covariance, s.costs, s.budget, family));
  result.covariance = std::move(covariance);
  return result;
}

AcvMean acv_mean(const MultiFidelityStudy& s, std::span<const AnyFunction> models,
                 const AcvPlan& plan) {
  if (s.inputs == 0) throw Error("a mean over no inputs");
  score::need_level(s.confidence, "confidence");
  const std::vector<std::size_t>& used = plan.samples.models;
  TWIN_EXPECT(!used.empty() && std::ranges::max(used) < models.size(), models.size());
  const std::vector<AcvPart> parts = acv_parts(plan);
  struct Piece {
    std::size_t part;
    std::uint64_t first, end;
    math::Moments sum = {};  // over terms, of coefficient x value
    std::uint64_t failed = 0;
  };
  std::vector<Piece> pieces;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    // Few points at once where there are few, as an expensive model's are to be shared out. A power of two, so that
    // no piece goes beyond a multiple of 2^32: those are drawn apart.
    const std::uint64_t size =
        std::bit_floor(std::clamp<std::uint64_t>(parts[p].to / 64, 64, 4096));
    for (std::uint64_t at = parts[p].from; at < parts[p].to; at = pieces.back().end)
      pieces.push_back(
          {.part = p, .first = at, .end = std::min(parts[p].to, (at / size + 1) * size)});
  }
  core::for_each_member(pieces.size(), s.threads, [&](std::size_t i) {
    Piece& piece = pieces[i];
    const auto count = static_cast<std::size_t>(piece.end - piece.first);
    const AcvPart& part = parts[piece.part];
    const AcvPoints points(s, AcvStudyPoint + static_cast<std::uint32_t>(part.owner), piece.first,
                           count);
    std::vector<double> sum(count, 0.0), y(count);
    for (std::size_t k = 0; k < part.coefficient.size(); ++k) {
      if (part.coefficient[k] == 0.0) continue;
      models[used[k]](points.view(), y);
      for (std::size_t j = 0; j < count; ++j) sum[j] += part.coefficient[k] * y[j];
    }
    for (const double v : sum)
      if (std::isfinite(v)) piece.sum.add(v);
    piece.failed = count - piece.sum.count();
  });
  AcvMean result{.plan = plan};
  std::vector<math::Moments> of(parts.size());
  for (const Piece& piece : pieces) {
    of[piece.part].merge(piece.sum);
    result.failed += piece.failed;
  }
  double mean = 0.0, variance = 0.0, squares = 0.0;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const auto count = static_cast<double>(of[p].count());
    if (of[p].count() < 2)
      throw Error(fmt::format("{} points of {} have a value (at least 2): a larger budget?",
                              of[p].count(), parts[p].to - parts[p].from));
    const double own = of[p].variance() / count;
    mean += of[p].mean();
    variance += own;
    squares += own * own / (count - 1);
  }
  const double degrees = squares > 0.0 ? variance * variance / squares : 1.0;
  result.mean = {
      .mean = mean,
      .half_width = std::sqrt(variance) * math::student_t_quantile(0.5 + s.confidence / 2, degrees),
      .confidence = s.confidence,
      .count = plan.samples.evaluations[0]};
  return result;
}

}  // namespace twin::uq
