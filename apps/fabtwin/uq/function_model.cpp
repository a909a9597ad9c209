// Functions that are known well, to try methods and to hold them against.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "apps/fabtwin/uq/model.hpp"
#include "twin/core/error.hpp"
#include "twin/infer/sample/differentiated.hpp"
#include "twins/toys/membrane.hpp"

namespace apps::fabtwin::uq {
namespace {

using Values = std::vector<double>;

struct KnownFunction {
  std::string name, title;
  std::size_t inputs;  // 0: any number
  std::vector<std::string> outputs;
  Values (*f)(std::span<const double> x);
  // Of the sum of the outputs, each with a weight [input]; null: it has none.
  Values (*slopes)(std::span<const double> x, std::span<const double> weight) = nullptr;
};

// Of a function of one output that is written for any number.
template <class F>
Values slopes_of(std::span<const double> x, std::span<const double> weight) {
  Values slope(x.size());
  twin::infer::value_and_slopes(F{}, x, slope);
  for (double& v : slope) v *= weight[0];
  return slope;
}
template <class F>
Values one_output(std::span<const double> x) {
  return {F{}(x)};
}

// T. Ishigami and T. Homma (1990), a = 7, b = 0.1; each input uniform from -pi to pi.
struct Ishigami {
  template <class T>
  T operator()(std::span<const T> x) const {
    using std::sin, std::pow;
    const T s = sin(x[1]);
    return sin(x[0]) + 7.0 * s * s + 0.1 * pow(x[2], 4) * sin(x[0]);
  }
};

// I. M. Sobol's g with a = 0, 1, 4.5, 9, 99, 99, ...; each input uniform from 0 to 1.
Values sobol_g(std::span<const double> x) {
  constexpr std::array A = {0.0, 1.0, 4.5, 9.0};
  double product = 1.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = i < A.size() ? A[i] : 99.0;
    product *= (std::abs(4.0 * x[i] - 2.0) + a) / (1.0 + a);
  }
  return {product};
}

// Water through a borehole [m3/year] of W. V. Harper and S. K. Gupta (1983): rw, r, Tu, Hu, Tl, Hl, L, Kw.
struct Borehole {
  template <class T>
  T operator()(std::span<const T> x) const {
    using std::log;
    const T log_ratio = log(x[1] / x[0]);
    return 2.0 * std::numbers::pi * x[2] * (x[3] - x[5]) /
           (log_ratio * (1.0 + 2.0 * x[6] * x[2] / (log_ratio * x[0] * x[0] * x[7]) + x[2] / x[4]));
  }
};

// The series of four branches with k = 6 of two standard normals: the event is at or below 0, probability
// 4.45733149e-3.
Values four_branches(std::span<const double> x) {
  const double root = std::numbers::sqrt2, d = 0.1 * (x[0] - x[1]) * (x[0] - x[1]),
               s = (x[0] + x[1]) / root;
  return {std::min({3 + d - s, 3 + d + s, x[0] - x[1] + 6 / root, x[1] - x[0] + 6 / root})};
}

// Deflections of the membrane of Aristoff and Bangerth; each input the logarithm of a stiffness.
Values membrane(std::span<const double> x) {
  using twins::toys::Membrane;
  Values a(x.size()), seen(Membrane::Points);
  std::ranges::transform(x, a.begin(), [](double v) { return std::exp(v); });
  Membrane::deflections(a, seen);
  return seen;
}

Values membrane_slopes(std::span<const double> x, std::span<const double> weight) {
  Values slope(x.size());
  twins::toys::Membrane::slopes(x, weight, slope);
  return slope;
}

const std::vector<KnownFunction>& known_functions() {
  static const std::vector<KnownFunction> all = [] {
    std::vector<std::string> points;
    for (std::size_t k = 0; k < twins::toys::Membrane::Points; ++k)
      points.push_back(fmt::format("z{}", k + 1));
    return std::vector<KnownFunction>{
        {"ishigami", "Ishigami's function", 3, {"y"}, one_output<Ishigami>, slopes_of<Ishigami>},
        {"g", "Sobol's g function", 0, {"y"}, sobol_g},
        {"borehole",
         "water through a borehole",
         8,
         {"flow"},
         one_output<Borehole>,
         slopes_of<Borehole>},
        {"four-branches", "four branches", 2, {"g"}, four_branches},
        {"membrane", "the membrane of Aristoff and Bangerth", 64, points, membrane,
         membrane_slopes}};
  }();
  return all;
}

}  // namespace

Model function_model(twin::sheet::Sheet& table) {
  std::vector<std::string> names;
  for (const KnownFunction& k : known_functions()) names.push_back(k.name);
  const std::string name = table.choice("function", names);
  const KnownFunction& known = *std::ranges::find(known_functions(), name, &KnownFunction::name);
  Model model{
      .title = known.title, .words = "function " + name, .outputs = known.outputs, .cheap = true};
  // Where there are many, a star stands for them.
  for (std::size_t i = 0; known.inputs > 8 && i < known.inputs; ++i)
    model.known_inputs.push_back(fmt::format("a{}", i + 1));
  model.make = [&known](const std::vector<std::string>& inputs) {
    if (known.inputs != 0 && inputs.size() != known.inputs)
      throw twin::core::Error(
          fmt::format("{} inputs ('{}' has {})", inputs.size(), known.name, known.inputs));
    return twin::uq::runner_of(known.f);
  };
  if (known.slopes != nullptr)
    model.make_slopes = [&known](const std::vector<std::string>& inputs) {
      return twin::uq::runner_of([&known, n = inputs.size()](std::span<const double> x) {
        return known.slopes(x.first(n), x.subspan(n));
      });
    };
  return model;
}

}  // namespace apps::fabtwin::uq
