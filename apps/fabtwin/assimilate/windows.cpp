#include "apps/fabtwin/assimilate/windows.hpp"

#include <limits>
#include <utility>

#include "twin/infer/smooth/iterated.hpp"
#include "twin/infer/variational/minimise.hpp"

namespace apps::fabtwin::assimilate {
namespace {

namespace smooth = twin::infer::smooth;
namespace variational = twin::infer::variational;

// A window without an answer: the run ends.
Answer lost(Eigen::MatrixXd& x) {
  x.setConstant(std::numeric_limits<double>::quiet_NaN());
  return {};
}

class IteratedSmoother : public Analyst {
 public:
  IteratedSmoother(const smooth::Iteration& iteration, const Network& network)
      : iteration_(iteration), network_(network) {}

  Answer analyse(const Look& look, Eigen::MatrixXd& x) override {
    const smooth::Forward forward = [&](const Eigen::MatrixXd& start) {
      Eigen::MatrixXd end = look.run(start);
      Eigen::MatrixXd observed = network_.look(end, look.places);
      return smooth::Passage{.observed = std::move(observed), .end = std::move(end)};
    };
    auto found = smooth::iterate(iteration_, forward, look.y, look.noise, look.draw, look.cycle, x);
    if (found.outcome == smooth::Outcome::Lost) return lost(x);
    return {.told = found.innovation, .estimate = std::move(found.end)};
  }

 private:
  smooth::Iteration iteration_;
  const Network& network_;
};

class StrongConstraint : public Analyst {
 public:
  StrongConstraint(double variance, const Scene& scene)
      : scene_(scene),
        background_(variational::Background::full(
            variance * Eigen::MatrixXd::Identity(scene.subject.size(), scene.subject.size()))) {}

  Answer analyse(const Look& look, Eigen::MatrixXd& x) override {
    const auto model = scene_.subject.leg(look.begin, look.now);
    const variational::Cost cost{
        .background = background_,
        .observed = variational::composed(
            model, scene_.network.instruments({look.places.begin(), look.places.end()})),
        .first = x.col(0),
        .y = look.y,
        .noise = look.noise};
    const auto found = variational::minimise(cost, {.gradient = 1e-4, .residual = 1e-3});
    if (found.end == variational::End::Lost) return lost(x);
    x.col(0) = found.x;
    return {.estimate = model(found.x).value};
  }

 private:
  Scene scene_;
  variational::Background background_;
};

std::uint32_t read_lag(Sheet& sheet) {
  return static_cast<std::uint32_t>(sheet.integer("lag", {.least = 1.0, .most = 1000.0}, 1));
}

void read_iterated(Sheet& sheet, Method& method) {
  static const std::vector<std::string> ways = {"transform", "bundle"};
  smooth::Iteration iteration;
  iteration.most = static_cast<int>(sheet.integer("iterations", {.least = 1.0, .most = 1e4}, 10));
  iteration.tolerance = sheet.number("tolerance", {.least = 0.0, .most = 1.0}, 1e-3);
  if (sheet.choice("linearisation", ways, "transform") == "bundle") {
    iteration.linearisation = smooth::Linearisation::Bundle;
  }
  iteration.inflation.factor =
      sheet.number("inflation", {.least = Range::Tiny, .most = 100.0}, 1.0);
  if (sheet.yes("rotate", false)) iteration.rotation = twin::infer::Rotation::Random;
  const double certainty = sheet.number("certainty", {.least = 0.0}, 0.0);
  if (certainty > 0.0) iteration.certainty = certainty;
  method.lag = read_lag(sheet);
  method.start = [iteration](const Scene& scene) {
    return std::make_unique<IteratedSmoother>(iteration, scene.network);
  };
}

void read_4dvar(Sheet& sheet, Method& method) {
  const double variance = sheet.number("background_variance", Range::positive());
  method.lag = read_lag(sheet);
  method.start = [variance](const Scene& scene) {
    return std::make_unique<StrongConstraint>(variance, scene);
  };
}

}  // namespace

std::vector<MethodEntry> windows() {
  const Key lag = {"lag", "1", "length of the window, in looks"};
  return {{"ienks",
           "iterative ensemble Kalman smoother (Bocquet and Sakov 2014); with lag 1 the IEnKF",
           {lag,
            {"iterations", "10", "runs of the ensemble through the window, at most"},
            {"tolerance", "0.001",
             "of a step, in prior standard deviations, below which it ends; 0: never"},
            {"linearisation", "\"transform\"", "of the window by the members: transform or bundle"},
            {"inflation", "1", "factor on the smoothed anomalies"},
            {"rotate", "false", "a random rotation that keeps the mean, after each analysis"},
            {"certainty", "0",
             "of the finite-size prior that finds its own inflation, in ensemble sizes (IEnKS-N); "
             "0: none"}},
           read_iterated,
           Ability::Row},
          {"4dvar",
           "4D-Var, the model being right (Courtier et al. 1994), B a multiple of the identity",
           {{"background_variance", "", "by which each variable errs at the window's begin"}, lag},
           read_4dvar,
           Ability::Tangent,
           Carries::OneEstimate}};
}

}  // namespace apps::fabtwin::assimilate
