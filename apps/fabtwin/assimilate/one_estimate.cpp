#include "apps/fabtwin/assimilate/one_estimate.hpp"

#include <limits>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/infer/kalman/ekf.hpp"
#include "twin/infer/variational/minimise.hpp"

namespace apps::fabtwin::assimilate {
namespace {

namespace kalman = twin::infer::kalman;
namespace variational = twin::infer::variational;
using variational::Background;
using variational::Climatology;

constexpr std::uint32_t ClimateMember = 0xFFFE0000;  // a run of its own, never that of the truth

Climatology climate_of(const Scene& scene, std::uint32_t samples) {
  return scene.subject.climatology({.seed = scene.seed, .member = ClimateMember},
                                   {.spin_up = 1000, .every = 1, .samples = samples});
}

class ClimateAlone : public Analyst {
 public:
  explicit ClimateAlone(Eigen::VectorXd mean) : mean_(std::move(mean)) {}
  Answer analyse(const Look&, Eigen::MatrixXd& x) override {
    x.col(0) = mean_;
    return {};
  }

 private:
  Eigen::VectorXd mean_;
};

class StaticVariational : public Analyst {
 public:
  // first: where each analysis begins; empty: at the forecast.
  StaticVariational(const Network& network, Background background, Eigen::VectorXd first = {})
      : network_(network), background_(std::move(background)), first_(std::move(first)) {}

  Answer analyse(const Look& look, Eigen::MatrixXd& x) override {
    const variational::Cost cost{
        .background = background_,
        .observed = network_.instruments({look.places.begin(), look.places.end()}),
        .first = first_.size() == 0 ? Eigen::VectorXd(x.col(0)) : first_,
        .y = look.y,
        .noise = look.noise};
    x.col(0) = variational::minimise(cost, {.gradient = 1e-8, .residual = 1e-8}).x;
    return {};
  }

 private:
  const Network& network_;
  Background background_;
  Eigen::VectorXd first_;
};

class ExtendedKalman : public Analyst {
 public:
  struct Options {
    double inflation = 1.0;         // of the covariance, in each step
    double initial_variance = 1.0;  // of each variable
  };
  ExtendedKalman(const Options& options, const Scene& scene)
      : options_(options),
        scene_(scene),
        belief_{
            .mean = {},
            .covariance = options.initial_variance *
                          Eigen::MatrixXd::Identity(scene.subject.size(), scene.subject.size())},
        noise_(scene.network.noise().covariance()) {
    Eigen::MatrixXd x(scene.subject.size(), 1);
    scene.subject.start({.seed = scene.seed, .members = 1})->read(x);
    belief_.mean = x.col(0);
  }

  Answer analyse(const Look& look, Eigen::MatrixXd& x) override {
    try {
      for (twin::core::Tick t = look.begin; t < look.now; ++t) predict(t);
      const auto h = scene_.network.instruments({look.places.begin(), look.places.end()});
      const auto innovation = kalman::update_extended(
          belief_, look.y, [&](const Eigen::VectorXd& at) { return h(at).value; },
          [&](const Eigen::VectorXd& at) { return matrix_of(h(at)); }, noise_);
      x.col(0) = belief_.mean;
      return {.told = twin::infer::Innovation{.observations = innovation.present,
                                              .chi_square = innovation.nis,
                                              .log_likelihood = innovation.log_likelihood}};
    } catch (const twin::core::Error&) {  // no covariance any more: this run is lost
      x.setConstant(std::numeric_limits<double>::quiet_NaN());
      return {};
    }
  }

 private:
  [[nodiscard]] Eigen::MatrixXd matrix_of(const variational::Linearised& at) const {
    const Eigen::Index n = belief_.size();
    Eigen::MatrixXd matrix(at.value.size(), n);
    for (Eigen::Index i = 0; i < n; ++i) matrix.col(i) = at.tangent(Eigen::VectorXd::Unit(n, i));
    return matrix;
  }

  void predict(twin::core::Tick from) {
    const auto leg = scene_.subject.leg(from, from + 1);
    const kalman::ProcessNoise<Eigen::Dynamic> none(
        Eigen::MatrixXd::Zero(belief_.size(), belief_.size()));
    kalman::predict_extended(
        belief_, [&](const Eigen::VectorXd& at) { return leg(at).value; },
        [&](const Eigen::VectorXd& at) { return matrix_of(leg(at)); }, none);
    belief_.covariance *= options_.inflation;
  }

  Options options_;
  Scene scene_;
  kalman::Gaussian<Eigen::Dynamic> belief_;
  kalman::ObservationNoise<Eigen::Dynamic> noise_;
};

std::uint32_t read_samples(Sheet& sheet) {
  return static_cast<std::uint32_t>(sheet.integer("samples", {.least = 2.0, .most = 1e8}, 20000));
}

void read_climatology(Sheet& sheet, Method& method) {
  method.start = [samples = read_samples(sheet)](const Scene& scene) {
    return std::make_unique<ClimateAlone>(climate_of(scene, samples).mean);
  };
}

void read_interpolation(Sheet& sheet, Method& method) {
  method.start = [samples = read_samples(sheet)](const Scene& scene) {
    Climatology climate = climate_of(scene, samples);
    return std::make_unique<StaticVariational>(
        scene.network, Background::sampled(climate.covariance), std::move(climate.mean));
  };
}

void read_3dvar(Sheet& sheet, Method& method) {
  const double share = sheet.number("share", Range::positive());
  method.start = [share, samples = read_samples(sheet)](const Scene& scene) {
    return std::make_unique<StaticVariational>(
        scene.network, Background::sampled(share * climate_of(scene, samples).covariance));
  };
}

void read_extended(Sheet& sheet, Method& method) {
  ExtendedKalman::Options options;
  options.inflation = sheet.number("inflation", {.least = Range::Tiny, .most = 1e6}, 1.0);
  options.initial_variance = sheet.number("initial_variance", Range::positive(), 1.0);
  method.start = [options](const Scene& scene) {
    return std::make_unique<ExtendedKalman>(options, scene);
  };
}

MethodEntry of_one(MethodEntry entry, Ability needs) {
  entry.needs = needs;
  entry.carries = Carries::OneEstimate;
  return entry;
}

}  // namespace

std::vector<MethodEntry> one_estimate() {
  const Key samples = {"samples", "20000", "of the climate, one a step, the first 1000 left out"};
  return {
      of_one({"climatology",
              "always the mean of the climate: the least that a method must beat",
              {samples},
              read_climatology},
             Ability::Row),
      of_one({"oi",
              "optimal interpolation: the climate's mean and covariance, corrected at each look",
              {samples},
              read_interpolation},
             Ability::Row),
      of_one({"3dvar",
              "3D-Var: the forecast, corrected with a share of the climate's covariance",
              {{"share", "", "of the climate's covariance that the forecast errs by"}, samples},
              read_3dvar},
             Ability::Row),
      of_one({"ekf",
              "extended Kalman filter (Jazwinski 1970)",
              {{"inflation", "1", "factor on the covariance in each of the model's steps"},
               {"initial_variance", "1", "of each variable at the start"}},
              read_extended},
             Ability::Tangent)};
}

}  // namespace apps::fabtwin::assimilate
