#include "twin/decide/cma_es.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/decide/folded.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"
#include "twin/math/symmetric_eigen.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {
namespace {

// What is drawn: who is (candidate, parameter) as candidate x n + parameter, occasion the generation.
// A run's draws are of its own `what`.
constexpr std::uint32_t Restart = 0;     // where a run begins; occasion: the run
constexpr std::uint32_t Generation = 1;  // + run

std::uint64_t first_population(const CmaOptions& o) {
  if (o.population != 0) return o.population;
  const double n = static_cast<double>(o.start.size());
  return 4 + static_cast<std::uint64_t>(std::floor(3.0 * math::log(n)));
}

double along(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

// Equations (49) to (58) of the tutorial.
CmaConstants cma_constants(std::size_t parameters, std::size_t population) {
  TWIN_EXPECT(parameters >= 1 && population >= 2, parameters, population);
  CmaConstants k;
  const auto n = static_cast<double>(parameters);
  const auto lambda = static_cast<double>(population);
  const std::size_t mu = population / 2;
  double plus = 0.0, plus_squares = 0.0, minus = 0.0, minus_squares = 0.0;
  for (std::size_t i = 0; i < population; ++i) {
    const double w = math::log(0.5 * (lambda + 1.0)) - math::log(static_cast<double>(i + 1));
    k.weights.push_back(w);
    (i < mu ? plus : minus) += w;
    (i < mu ? plus_squares : minus_squares) += w * w;
  }
  k.mu_eff = plus * plus / plus_squares;
  const double mu_eff_minus = minus_squares > 0.0 ? minus * minus / minus_squares : 0.0;
  k.c_sigma = (k.mu_eff + 2.0) / (n + k.mu_eff + 5.0);
  k.d_sigma = 1.0 + 2.0 * std::max(0.0, std::sqrt((k.mu_eff - 1.0) / (n + 1.0)) - 1.0) + k.c_sigma;
  k.c_c = (4.0 + k.mu_eff / n) / (n + 4.0 + 2.0 * k.mu_eff / n);
  k.c_1 = 2.0 / ((n + 1.3) * (n + 1.3) + k.mu_eff);
  k.c_mu = std::min(1.0 - k.c_1, 2.0 * (0.25 + k.mu_eff + 1.0 / k.mu_eff - 2.0) /
                                     ((n + 2.0) * (n + 2.0) + k.mu_eff));
  const double most = std::min({1.0 + k.c_1 / k.c_mu, 1.0 + 2.0 * mu_eff_minus / (k.mu_eff + 2.0),
                                (1.0 - k.c_1 - k.c_mu) / (n * k.c_mu)});
  for (std::size_t i = 0; i < population; ++i) {
    if (i < mu) {
      k.weights[i] /= plus;
    } else {
      k.weights[i] *= minus < 0.0 ? most / -minus : 0.0;
    }
  }
  k.chi = std::sqrt(n) * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));
  return k;
}

CmaEs::CmaEs(const CmaOptions& options, core::Draw draw)
    : options_(options), seed_(draw.seed), member_(draw.member) {
  need_box(options.box);
  need_inside(options.box, options.start);
  score::need_same_length(options.start.size(), "start values", options.step.size(), "steps");
  for (const double s : options.step) score::need_positive(s, "step");
  if (options.population != 0 && options.population < 4) {
    throw core::Error("population = " + std::to_string(options.population) +
                      " (must be at least 4; 0 for the usual one)");
  }
  if (std::isnan(options.target) || !(options.least_difference >= 0.0) ||
      !(options.least_step >= 0.0)) {
    throw core::Error(
        "target, least_difference, least_step = " +
        core::show_values(options.target, options.least_difference, options.least_step) +
        " (must be numbers, the last two not negative)");
  }
  population_ = first_population(options_);
  if (options.budget < population_) {
    throw core::Error("budget = " + std::to_string(options.budget) +
                      " evaluations (a generation has " + std::to_string(population_) + ")");
  }
  stand_ = Stand::Open;
  start_run();
}

// The first run begins at the start; another one anywhere in the box, where it is finite (Auger and
// Hansen 2005, section 2), or two steps around the start, where it is not.
void CmaEs::start_run() {
  const std::size_t n = options_.start.size();
  mean_.assign(n, 0.0);
  const core::Draw draw{seed_, member_};
  for (std::uint32_t i = 0; i < n; ++i) {
    const double low = options_.box.low[i], high = options_.box.high[i];
    const double start = options_.start[i], step = options_.step[i];
    double place = start;
    if (run_ > 0) {
      const double u = draw.uniform(Restart, i, static_cast<std::uint32_t>(run_));
      place = std::isfinite(low) && std::isfinite(high) ? math::uniform(u, low, high)
                                                        : start + 2.0 * step * (2.0 * u - 1.0);
      place = std::min(std::max(place, low), high);
    }
    mean_[i] = (unfolded(place, low, high, step) - start) / step;
  }
  sigma_ = 1.0;
  path_sigma_.assign(n, 0.0);
  path_c_.assign(n, 0.0);
  c_.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) c_[i * n + i] = 1.0;
  generation_ = 0;
  history_.clear();
  decompose();
  sample();
}

void CmaEs::decompose() {
  const std::size_t n = mean_.size();
  math::SymmetricEigen e = math::symmetric_eigen(c_, n);
  axes_ = std::move(e.vectors);
  lengths_ = std::move(e.values);
  // Negative weights keep C positive definite (eq. 46 and the text around it); rounding may not.
  for (double& d : lengths_) d = std::sqrt(std::max(d, 0.0));
  decomposed_at_ = generation_;
}

double CmaEs::condition() const {
  const double least = lengths_.empty() ? 1.0 : lengths_.front();
  if (!(least > 0.0)) return std::numeric_limits<double>::infinity();
  return (lengths_.back() / least) * (lengths_.back() / least);
}

Point CmaEs::parameters(std::span<const double> y) const {
  Point x(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    x[i] = folded(options_.start[i] + options_.step[i] * y[i], options_.box.low[i],
                  options_.box.high[i], options_.step[i]);
  }
  return x;
}

Point CmaEs::mean() const { return parameters(mean_); }

// x_k = m + sigma B D z_k, z_k ~ N(0, I) (eqs. 38 to 40).
void CmaEs::sample() {
  const std::size_t n = mean_.size();
  steps_.assign(population_ * n, 0.0);
  wanted_.clear();
  const core::Draw draw{seed_, member_};
  const auto what = Generation + static_cast<std::uint32_t>(run_);
  const auto occasion = static_cast<std::uint32_t>(generation_);
  std::vector<double> y(n);
  for (std::size_t k = 0; k < population_; ++k) {
    const std::span<double> step(&steps_[k * n], n);
    for (std::size_t j = 0; j < n; ++j) {
      const double z =
          math::normal(draw.uniform(what, static_cast<std::uint32_t>(k * n + j), occasion));
      const double scaled = lengths_[j] * z;
      for (std::size_t i = 0; i < n; ++i) step[i] += scaled * axes_[j * n + i];
    }
    for (std::size_t i = 0; i < n; ++i) y[i] = mean_[i] + sigma_ * step[i];
    wanted_.push_back(parameters(y));
  }
}

void CmaEs::take(std::span<const double> values) {
  TWIN_EXPECT(!wanted_.empty() && values.size() == wanted_.size(), values.size(), wanted_.size());
  need_values(values);
  spent_ += values.size();
  for (std::size_t k = 0; k < values.size(); ++k) best_.offer(wanted_[k], values[k]);
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t k) { return values[k]; });
  update(order);
  ++generation_;
  const CmaConstants k = cma_constants(mean_.size(), population_);
  const auto n = static_cast<double>(mean_.size());
  // As often as costs no more than the update itself (tutorial, B.2).
  const double every = 1.0 / ((k.c_1 + k.c_mu) * n * 10.0);
  if (static_cast<double>(generation_ - decomposed_at_) >= every) decompose();
  end_ = ended(values, order);
  wanted_.clear();
  if (end_ != CmaEnd::Runs && end_ != CmaEnd::Target && end_ != CmaEnd::BudgetSpent &&
      run_ < options_.restarts) {
    const std::uint64_t next = 2 * population_;
    if (options_.budget - spent_ >= next) {
      ++run_;
      population_ = next;
      end_ = CmaEnd::Runs;
      start_run();
      return;
    }
    end_ = CmaEnd::BudgetSpent;
  }
  if (end_ == CmaEnd::Runs && options_.budget - spent_ < population_) end_ = CmaEnd::BudgetSpent;
  if (end_ == CmaEnd::Runs) {
    sample();
  } else {
    stand_ = end_ == CmaEnd::BudgetSpent ? Stand::BudgetSpent : Stand::Decided;
  }
}

// Equations (41) to (47), c_m = 1.
void CmaEs::update(std::span<const std::size_t> order) {
  const std::size_t n = mean_.size(), mu = population_ / 2;
  const CmaConstants k = cma_constants(n, population_);
  std::vector<double> step(n, 0.0);  // <y>_w
  for (std::size_t r = 0; r < mu; ++r) {
    for (std::size_t i = 0; i < n; ++i) step[i] += k.weights[r] * steps_[order[r] * n + i];
  }
  for (std::size_t i = 0; i < n; ++i) mean_[i] += sigma_ * step[i];
  // C^(-1/2) <y>_w = B D^-1 B' <y>_w; an axis of length 0 has no step along it.
  const double gain = std::sqrt(k.c_sigma * (2.0 - k.c_sigma) * k.mu_eff);
  for (double& p : path_sigma_) p *= 1.0 - k.c_sigma;
  for (std::size_t a = 0; a < n; ++a) {
    const std::span<const double> axis(&axes_[a * n], n);
    if (!(lengths_[a] > 0.0)) continue;
    const double z = gain * along(axis, step) / lengths_[a];
    for (std::size_t i = 0; i < n; ++i) path_sigma_[i] += z * axis[i];
  }
  const double length = std::sqrt(along(path_sigma_, path_sigma_));
  const auto generations = static_cast<double>(generation_ + 1);
  const double settled = std::sqrt(1.0 - math::exp(2.0 * generations * math::log1p(-k.c_sigma)));
  const bool moves = length / settled < (1.4 + 2.0 / (static_cast<double>(n) + 1.0)) * k.chi;
  for (std::size_t i = 0; i < n; ++i) {
    path_c_[i] *= 1.0 - k.c_c;
    if (moves) path_c_[i] += std::sqrt(k.c_c * (2.0 - k.c_c) * k.mu_eff) * step[i];
  }
  // Step size, before C's own constants (eq. 44); bounded, so that a ridge cannot make it overflow.
  sigma_ *= math::exp(std::min(1.0, k.c_sigma / k.d_sigma * (length / k.chi - 1.0)));
  double sum = 0.0;
  for (const double w : k.weights) sum += w;
  const double lost = moves ? 0.0 : k.c_1 * k.c_c * (2.0 - k.c_c);
  const double keep = std::max(0.0, 1.0 + lost - k.c_1 - k.c_mu * sum);
  for (double& c : c_) c *= keep;
  for (std::size_t r = 0; r <= population_; ++r) {
    const bool path = r == population_;
    const std::span<const double> y =
        path ? std::span<const double>(path_c_) : std::span(steps_).subspan(order[r] * n, n);
    double w = path ? k.c_1 : k.c_mu * k.weights[r];
    if (!path && w < 0.0) {  // scaled so that no negative update outgrows C (eq. 46)
      double squares = 0.0;
      for (std::size_t a = 0; a < n; ++a) {
        const double z = lengths_[a] > 0.0 ? along({&axes_[a * n], n}, y) / lengths_[a] : 0.0;
        squares += z * z;
      }
      if (!(squares > 0.0)) continue;
      w *= static_cast<double>(n) / squares;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double wi = w * y[i];
      for (std::size_t j = i; j < n; ++j) c_[i * n + j] += wi * y[j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) c_[i * n + j] = c_[j * n + i];
  }
}

// Whether so much [steps] is lost in rounding where the mean is.
bool CmaEs::stands_still(std::size_t i, double step) const {
  const double at = options_.start[i] + options_.step[i] * mean_[i];
  return at == at + options_.step[i] * step;
}

// The stops of Auger and Hansen 2005, section 2.
CmaEnd CmaEs::ended(std::span<const double> values, std::span<const std::size_t> order) {
  const std::size_t n = mean_.size();
  if (best_.x.size() == n && best_.value <= options_.target) return CmaEnd::Target;
  history_.push_back(values[order.front()]);
  const auto last = 10 + static_cast<std::size_t>(std::ceil(30.0 * static_cast<double>(n) /
                                                            static_cast<double>(population_)));
  if (history_.size() > last) {
    history_.erase(history_.begin());
    const auto [low, high] = std::ranges::minmax(history_);
    const double least = std::min(low, values[order.front()]);
    const double most = std::max(high, values[order.back()]);
    // Infinite ones alone are flat, too: nothing can be told from them.
    if (high == low || most - least <= options_.least_difference) return CmaEnd::Flat;
  }
  bool narrow = true;
  for (std::size_t i = 0; i < n; ++i) {
    const double deviation = std::sqrt(std::max(c_[i * n + i], 0.0));
    narrow = narrow && sigma_ * deviation <= options_.least_step &&
             sigma_ * std::abs(path_c_[i]) <= options_.least_step;
    if (stands_still(i, 0.2 * sigma_ * deviation)) return CmaEnd::Narrow;
  }
  if (narrow) return CmaEnd::Narrow;
  const std::size_t axis = generation_ % n;
  bool moves = false;
  for (std::size_t i = 0; i < n; ++i) {
    moves = moves || !stands_still(i, 0.1 * sigma_ * lengths_[axis] * axes_[axis * n + i]);
  }
  if (!moves) return CmaEnd::Narrow;
  if (condition() > 1e14) return CmaEnd::Stiff;
  return CmaEnd::Runs;
}

}  // namespace twin::decide
