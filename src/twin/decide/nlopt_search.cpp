#include "twin/decide/nlopt_search.hpp"

#include <nlopt.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <exception>
#include <limits>
#include <memory>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {
namespace {

nlopt_algorithm algorithm(NloptMethod method) {
  switch (method) {
    case NloptMethod::Sbplx: return NLOPT_LN_SBPLX;
    case NloptMethod::Crs2: return NLOPT_GN_CRS2_LM;
    case NloptMethod::Isres: return NLOPT_GN_ISRES;
  }
  return NLOPT_LN_SBPLX;
}

struct Call {
  nlopt_opt opt = nullptr;
  const std::function<double(const Point&)>* f = nullptr;
  const Box* box = nullptr;
  NloptFound found{};
  std::uint64_t budget = 0;
  std::exception_ptr thrown{};
};

// NLopt is C: an exception must not pass it.
double call(unsigned n, const double* at, double* gradient, void* data) noexcept {
  Call& c = *static_cast<Call*>(data);
  if (gradient != nullptr || c.thrown || c.found.spent >= c.budget) {
    nlopt_force_stop(c.opt);
    return HUGE_VAL;
  }
  try {
    Point x(at, at + n);
    for (unsigned i = 0; i < n; ++i)  // rounding of its own transformations
      x[i] = std::min(std::max(x[i], c.box->low[i]), c.box->high[i]);
    const double value = (*c.f)(x);
    need_values({&value, 1});
    ++c.found.spent;
    c.found.best.offer(x, value);
    return value;
  } catch (...) {
    c.thrown = std::current_exception();
    nlopt_force_stop(c.opt);
    return HUGE_VAL;
  }
}

void check_nlopt_search(const NloptOptions& o) {
  if (o.method == NloptMethod::Sbplx) {
    need_box(o.box);
  } else {
    need_finite_box(o.box, "a global search");
  }
  need_inside(o.box, o.start);
  if (!o.step.empty())
    score::need_same_length(o.start.size(), "start values", o.step.size(), "steps");
  for (const double s : o.step) score::need_positive(s, "step");
  if (o.budget == 0 || o.budget > INT_MAX || o.population > UINT_MAX) {
    throw core::Error("budget, population = " + core::show_values(o.budget, o.population) +
                      " (budget must be at least 1, both below 2^31)");
  }
  if (std::isnan(o.target) || !(o.least_difference >= 0.0) || !(o.least_step >= 0.0)) {
    throw core::Error("target, least_difference, least_step = " +
                      core::show_values(o.target, o.least_difference, o.least_step) +
                      " (must be numbers, the last two not negative)");
  }
}

std::string word(nlopt_result r) {
  switch (r) {
    case NLOPT_SUCCESS: return "SUCCESS";
    case NLOPT_STOPVAL_REACHED: return "STOPVAL_REACHED";
    case NLOPT_FTOL_REACHED: return "FTOL_REACHED";
    case NLOPT_XTOL_REACHED: return "XTOL_REACHED";
    case NLOPT_MAXEVAL_REACHED: return "MAXEVAL_REACHED";
    case NLOPT_ROUNDOFF_LIMITED: return "ROUNDOFF_LIMITED";
    case NLOPT_FORCED_STOP: return "FORCED_STOP";
    default: return "code " + std::to_string(static_cast<int>(r));
  }
}

}  // namespace

NloptFound nlopt_search(const NloptOptions& options, core::Draw draw,
                        const std::function<double(const Point&)>& f) {
  check_nlopt_search(options);
  const auto n = static_cast<unsigned>(options.start.size());
  const std::unique_ptr<nlopt_opt_s, void (*)(nlopt_opt)> opt(
      nlopt_create(algorithm(options.method), n), nlopt_destroy);
  if (!opt) throw core::Error("NLopt has no memory for " + std::to_string(n) + " parameters");
  Call c{.opt = opt.get(), .f = &f, .box = &options.box, .budget = options.budget};
  bool good = nlopt_set_min_objective(opt.get(), call, &c) > 0;
  good = nlopt_set_lower_bounds(opt.get(), options.box.low.data()) > 0 && good;
  good = nlopt_set_upper_bounds(opt.get(), options.box.high.data()) > 0 && good;
  good = nlopt_set_maxeval(opt.get(), static_cast<int>(options.budget)) > 0 && good;
  if (std::isfinite(options.target))
    good = nlopt_set_stopval(opt.get(), options.target) > 0 && good;
  if (options.method == NloptMethod::Sbplx) {
    good = nlopt_set_ftol_abs(opt.get(), options.least_difference) > 0 && good;
    good = nlopt_set_xtol_rel(opt.get(), options.least_step) > 0 && good;
    if (!options.step.empty())
      good = nlopt_set_initial_step(opt.get(), options.step.data()) > 0 && good;
  } else if (options.population > 0) {
    good = nlopt_set_population(opt.get(), static_cast<unsigned>(options.population)) > 0 && good;
  }
  TWIN_ENSURE(good, n);
  nlopt_srand(draw.block(0, 0, 0)[0]);
  Point x = options.start;
  double value = 0.0;
  const nlopt_result result = nlopt_optimize(opt.get(), x.data(), &value);
  if (c.thrown) std::rethrow_exception(c.thrown);
  c.found.end = word(result);
  if (result == NLOPT_MAXEVAL_REACHED ||
      (result == NLOPT_FORCED_STOP && c.found.spent >= c.budget)) {
    c.found.stand = Stand::BudgetSpent;
  } else if (result < 0 && result != NLOPT_ROUNDOFF_LIMITED) {
    throw core::Error("NLopt gave up (" + c.found.end + "); is the population too small?");
  }
  return c.found;
}

}  // namespace twin::decide
