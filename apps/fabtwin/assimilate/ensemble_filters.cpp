#include "apps/fabtwin/assimilate/ensemble_filters.hpp"

#include <algorithm>
#include <utility>

#include "twin/core/expect.hpp"
#include "twin/infer/craft/prior_inflation.hpp"
#include "twin/infer/craft/serial.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/ensemble/taper.hpp"

namespace apps::fabtwin::assimilate {
namespace {

using twin::infer::Domain;
using twin::infer::Filter;
using twin::infer::Rotation;
using twin::infer::Scheme;
using twin::infer::SerialFilter;
using twin::infer::SerialScheme;

struct Locality {
  double radius = 0.0;     // [places] 0: none
  Eigen::Index batch = 1;  // [places] of a domain's side
};

twin::infer::Localisation within(double radius) {
  return {.half_support = twin::infer::half_support_of_radius(radius), .least_weight = 1e-3};
}

class EnsembleFilter : public Analyst {
 public:
  EnsembleFilter(const Scheme& scheme, const Locality& locality, const Scene& scene)
      : scheme_(scheme),
        locality_(locality),
        geometry_(scene.subject.geometry()),
        moves_(scene.network.moves()) {
    if (locality_.radius > 0.0) cut(scene.subject.size());
  }

  Answer analyse(const Look& look, Eigen::MatrixXd& x) override {
    if (locality_.radius == 0.0) {
      return {.told = twin::infer::analyse(scheme_, look.hx, look.y, look.noise, look.draw,
                                           look.cycle, x)};
    }
    if (domains_.empty() || moves_) find_domains(look.places);
    return {.told = twin::infer::analyse(scheme_, domains_, look.hx, look.y, look.noise, look.draw,
                                         look.cycle, x)};
  }

 private:
  // The variables in blocks, each with the middle of its places.
  void cut(Eigen::Index size) {
    const Eigen::Index batch = locality_.batch, width = geometry_.width;
    TWIN_EXPECT(size == width * geometry_.height, size, width, geometry_.height);
    const auto middle = [](Eigen::Index first, Eigen::Index end) {
      return 0.5 * static_cast<double>(first + end - 1);
    };
    const Eigen::Index tall = geometry_.height > 1 ? batch : 1;
    for (Eigen::Index row = 0; row < geometry_.height; row += tall) {
      const Eigen::Index row_end = std::min(row + tall, geometry_.height);
      for (Eigen::Index column = 0; column < width; column += batch) {
        const Eigen::Index column_end = std::min(column + batch, width);
        groups_.emplace_back();
        for (Eigen::Index r = row; r < row_end; ++r) {
          for (Eigen::Index c = column; c < column_end; ++c)
            groups_.back().push_back(r * width + c);
        }
        centres_.emplace_back(middle(column, column_end), middle(row, row_end));
      }
    }
  }

  void find_domains(std::span<const Eigen::Index> places) {
    const Eigen::Index width = geometry_.width;
    domains_ =
        twin::infer::domains_of(groups_, static_cast<Eigen::Index>(places.size()),
                                within(locality_.radius), [&](std::size_t g, Eigen::Index k) {
                                  const Eigen::Index at = places[static_cast<std::size_t>(k)];
                                  return geometry_.distance(centres_[g].first, centres_[g].second,
                                                            static_cast<double>(at % width),
                                                            static_cast<double>(at / width));
                                });
  }

  Scheme scheme_;
  Locality locality_;
  Geometry geometry_;
  bool moves_;
  std::vector<std::vector<Eigen::Index>> groups_;   // [domain] variables
  std::vector<std::pair<double, double>> centres_;  // [domain] column, row
  std::vector<Domain> domains_;
};

class SerialLocalFilter : public Analyst {
 public:
  SerialLocalFilter(const SerialScheme& scheme, double radius, const Scene& scene)
      : scheme_(scheme),
        radius_(radius),
        size_(scene.subject.size()),
        geometry_(scene.subject.geometry()),
        moves_(scene.network.moves()) {}

  Answer analyse(const Look& look, Eigen::MatrixXd& x) override {
    if (radius_ > 0.0 && (reaches_.empty() || moves_)) find_reaches(look.places);
    return {.told = twin::infer::analyse_serially(
                scheme_, reaches_, {.observed = look.hx, .y = look.y, .readings = {}}, look.noise,
                look.draw, look.cycle, x)};
  }

 private:
  void find_reaches(std::span<const Eigen::Index> places) {
    const auto place = [&](Eigen::Index k) { return places[static_cast<std::size_t>(k)]; };
    reaches_ = twin::infer::reaches_of(
        size_, static_cast<Eigen::Index>(places.size()), within(radius_),
        {.to_variable = [&](Eigen::Index v, Eigen::Index k) { return distance(v, place(k)); },
         .between_observations = [&](Eigen::Index j,
                                     Eigen::Index k) { return distance(place(j), place(k)); }});
  }
  [[nodiscard]] double distance(Eigen::Index a, Eigen::Index b) const {
    const auto at = [](Eigen::Index i) { return static_cast<double>(i); };
    const Eigen::Index width = geometry_.width;
    return geometry_.distance(at(a % width), at(a / width), at(b % width), at(b / width));
  }

  SerialScheme scheme_;
  double radius_;  // [places] 0: all reach all
  Eigen::Index size_;
  Geometry geometry_;
  bool moves_;
  std::vector<twin::infer::Reach> reaches_;
};

// Any of them on a forecast whose variance is first multiplied by what innovations have taught.
class Adaptive : public Analyst {
 public:
  explicit Adaptive(std::unique_ptr<Analyst> inner) : inner_(std::move(inner)) {}

  Answer analyse(const Look& look, Eigen::MatrixXd& x) override {
    found_.update(look.hx, look.y, look.noise);
    Eigen::MatrixXd hx = look.hx;
    twin::infer::inflate(Eigen::VectorXd::Constant(hx.rows(), found_.lambda), hx);
    twin::infer::inflate(Eigen::VectorXd::Constant(x.rows(), found_.lambda), x);
    return inner_->analyse({.hx = hx,
                            .y = look.y,
                            .noise = look.noise,
                            .places = look.places,
                            .draw = look.draw,
                            .cycle = look.cycle},
                           x);
  }

 private:
  std::unique_ptr<Analyst> inner_;
  twin::infer::MomentInflation found_;
};

// Start of an A made of these options, adaptive if the sheet says so.
template <class A, class... Options>
Start start_of(Sheet& sheet, const Options&... options) {
  if (sheet.yes("adaptive", false)) {
    return [options...](const Scene& scene) {
      return std::make_unique<Adaptive>(std::make_unique<A>(options..., scene));
    };
  }
  return [options...](const Scene& scene) { return std::make_unique<A>(options..., scene); };
}

twin::infer::Inflation read_inflation(Sheet& sheet) {
  twin::infer::Inflation inflation;
  inflation.factor = sheet.number("inflation", {.least = Range::Tiny, .most = 100.0}, 1.0);
  inflation.rtpp = sheet.number("rtpp", {.least = 0.0, .most = 1.0}, 0.0);
  inflation.rtps = sheet.number("rtps", {.least = 0.0, .most = 1.0}, 0.0);
  return inflation;
}

Rotation read_rotation(Sheet& sheet) {
  return sheet.yes("rotate", false) ? Rotation::Random : Rotation::None;
}

double read_radius(Sheet& sheet) {
  return sheet.number("radius", {.least = 0.0, .most = 1e6}, 0.0);
}

void read_filter(Filter filter, Sheet& sheet, Method& method) {
  Scheme scheme;
  scheme.filter = filter;
  scheme.inflation = read_inflation(sheet);
  scheme.rotation = read_rotation(sheet);
  if (filter == Filter::FiniteSize) {
    scheme.certainty = sheet.number("certainty", Range::positive(), 1.0);
  }
  const Locality locality{.radius = read_radius(sheet),
                          .batch = sheet.integer("batch", {.least = 1.0, .most = 1e6}, 1)};
  method.start = start_of<EnsembleFilter>(sheet, scheme, locality);
}

void read_serial(Sheet& sheet, Method& method) {
  static const std::vector<std::string> filters = {"eakf", "enkf"}, orders = {"given", "random"},
                                        corrections = {"none", "sampling-error", "threshold"};
  SerialScheme scheme;
  scheme.filter = sheet.choice("filter", filters, "eakf") == "enkf" ? SerialFilter::Perturbed
                                                                    : SerialFilter::Adjustment;
  scheme.inflation = read_inflation(sheet);
  scheme.rotation = read_rotation(sheet);
  if (sheet.choice("order", orders, "given") == "random") {
    scheme.order = twin::infer::Order::Random;
  }
  const std::string correction = sheet.choice("correlations", corrections, "none");
  if (correction == "sampling-error") scheme.adaptive = twin::infer::Adaptive::SamplingError;
  if (correction == "threshold") scheme.adaptive = twin::infer::Adaptive::Threshold;
  method.start = start_of<SerialLocalFilter>(sheet, scheme, read_radius(sheet));
}

const std::vector<Key> InflationKeys = {
    {"inflation", "1", "factor on the analysis anomalies"},
    {"rtpp", "0", "relaxation to prior perturbations, 0 to 1"},
    {"rtps", "0", "relaxation to prior spread, 0 to 1"},
    {"adaptive", "false",
     "inflates the forecast by a factor learnt from the innovations (Miyoshi 2011)"},
    {"rotate", "false", "a random rotation that keeps the mean, after each analysis"},
    {"radius", "0", "of localisation, in places of the model's ring or grid; 0: none"},
};

std::vector<Key> with_inflation(const std::vector<Key>& more) {
  std::vector<Key> keys = InflationKeys;
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

MethodEntry filter(std::string name, std::string text, Filter filter,
                   const std::vector<Key>& more = {}) {
  std::vector<Key> keys = with_inflation({{"batch", "1", "side of a local domain, in places"}});
  keys.insert(keys.end(), more.begin(), more.end());
  return {std::move(name), std::move(text), std::move(keys),
          [filter](Sheet& sheet, Method& method) { read_filter(filter, sheet, method); }};
}

}  // namespace

std::vector<MethodEntry> ensemble_filters() {
  return {
      filter("enkf", "EnKF with perturbed observations (Burgers et al. 1998)",
             Filter::PerturbedEnkf),
      filter("etkf",
             "ETKF, symmetric root (Bishop et al. 2001); with a radius LETKF (Hunt et al. "
             "2007)",
             Filter::Etkf),
      filter("estkf", "error-subspace transform filter (Nerger et al. 2012)", Filter::Estkf),
      filter("denkf", "deterministic EnKF (Sakov and Oke 2008)", Filter::Denkf),
      filter("ensrf", "serial square-root filter (Whitaker and Hamill 2002)", Filter::SerialEnsrf),
      filter("enkf-n", "finite-size EnKF-N, which finds its own inflation (Bocquet 2011)",
             Filter::FiniteSize,
             {{"certainty", "1", "of the hyperprior, in ensemble sizes; 2 suits Lorenz-96"}}),
      {"serial",
       "one observation after the other, localised in the space of the state (Anderson 2003)",
       with_inflation({{"filter", "\"eakf\"", "eakf, or enkf with perturbed observations"},
                       {"order", "\"given\"", "in which observations are taken in, or random"},
                       {"correlations", "\"none\"",
                        "against those of chance, beside distance: none, sampling-error or "
                        "threshold"}}),
       read_serial}};
}

}  // namespace apps::fabtwin::assimilate
