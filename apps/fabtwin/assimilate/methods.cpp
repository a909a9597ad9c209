#include "apps/fabtwin/assimilate/methods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "twin/core/expect.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/ensemble/taper.hpp"

namespace apps::fabtwin::assimilate {
namespace {

using twin::infer::Domain;
using twin::infer::Filter;
using twin::infer::Innovation;
using twin::infer::Rotation;
using twin::infer::Scheme;

struct Locality {
  double radius = 0.0;     // [places] 0: none
  Eigen::Index batch = 1;  // [places] of a domain's side
};

// Corrects nothing: the members run free.
class Bystander : public Analyst {
 public:
  std::optional<Innovation> analyse(const Look&, Eigen::MatrixXd&) override { return {}; }
};

class EnsembleFilter : public Analyst {
 public:
  EnsembleFilter(const Scheme& scheme, const Locality& locality, const Subject& subject,
                 bool network_moves)
      : scheme_(scheme), locality_(locality), geometry_(subject.geometry()), moves_(network_moves) {
    if (locality_.radius > 0.0) cut(subject.size());
  }

  std::optional<Innovation> analyse(const Look& look, Eigen::MatrixXd& x) override {
    if (locality_.radius == 0.0) {
      return twin::infer::analyse(scheme_, look.hx, look.y, look.noise, look.draw, look.cycle, x);
    }
    if (domains_.empty() || moves_) find_domains(look.places);
    return twin::infer::analyse(scheme_, domains_, look.hx, look.y, look.noise, look.draw,
                                look.cycle, x);
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
    domains_ = twin::infer::domains_of(
        groups_, static_cast<Eigen::Index>(places.size()),
        {.half_support = twin::infer::half_support_of_radius(locality_.radius),
         .least_weight = 1e-3},
        [&](std::size_t g, Eigen::Index k) {
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

decltype(Method::start) read_bystander(Sheet&, const MethodEntry&) {
  return [](const Subject&, const Network&) { return std::make_unique<Bystander>(); };
}

decltype(Method::start) read_filter(Filter filter, Sheet& sheet) {
  Scheme scheme;
  scheme.filter = filter;
  scheme.inflation.factor = sheet.number("inflation", {.least = Range::Tiny, .most = 100.0}, 1.0);
  scheme.inflation.rtpp = sheet.number("rtpp", {.least = 0.0, .most = 1.0}, 0.0);
  scheme.inflation.rtps = sheet.number("rtps", {.least = 0.0, .most = 1.0}, 0.0);
  if (sheet.yes("rotate", false)) scheme.rotation = Rotation::Random;
  if (filter == Filter::FiniteSize) {
    scheme.certainty = sheet.number("certainty", Range::positive(), 1.0);
  }
  const Locality locality{.radius = sheet.number("radius", {.least = 0.0, .most = 1e6}, 0.0),
                          .batch = sheet.integer("batch", {.least = 1.0, .most = 1e6}, 1)};
  return [scheme, locality](const Subject& subject, const Network& network) {
    return std::make_unique<EnsembleFilter>(scheme, locality, subject, network.moves());
  };
}

const std::vector<Key>& filter_keys() {
  static const std::vector<Key> keys = {
      {"inflation", "1", "factor on the analysis anomalies"},
      {"rtpp", "0", "relaxation to prior perturbations, 0 to 1"},
      {"rtps", "0", "relaxation to prior spread, 0 to 1"},
      {"rotate", "false", "a random rotation that keeps the mean, after each analysis"},
      {"radius", "0",
       "of localisation, in places of the model's ring or grid; 0: none (LETKF and kin)"},
      {"batch", "1", "side of a local domain, in places"},
  };
  return keys;
}

MethodEntry filter(std::string name, std::string text, Filter filter,
                   const std::vector<Key>& more = {}) {
  std::vector<Key> keys = filter_keys();
  keys.insert(keys.end(), more.begin(), more.end());
  return {std::move(name), std::move(text), std::move(keys),
          [filter](Sheet& sheet, const MethodEntry&) { return read_filter(filter, sheet); }};
}

const std::vector<MethodEntry>& list() {
  static const std::vector<MethodEntry> all = {
      {"free", "no analysis: what the members alone are worth", {}, read_bystander},
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
  };
  return all;
}

}  // namespace

std::span<const MethodEntry> methods() { return list(); }

std::span<const Key> method_keys() {
  static const std::vector<Key> keys = {
      {"name", "", "the method"},
      {"label", "name and members", "what the table calls it"},
      {"members", "", "size of the ensemble, 2 to 10000"},
  };
  return keys;
}

Method read_method(Sheet& sheet) {
  std::vector<std::string> names;
  for (const MethodEntry& entry : list()) names.push_back(entry.name);
  Method method;
  method.name = sheet.choice("name", names);
  method.members = sheet.integer("members", {.least = 2.0, .most = 10000.0}, {});
  method.label = sheet.text("label", fmt::format("{} {}", method.name, method.members));
  const auto entry = std::ranges::find(list(), method.name, &MethodEntry::name);
  method.start = entry->read(sheet, *entry);
  sheet.finish();
  return method;
}

void check_method(const Sheet& sheet, const Subject& subject, const Network& network) {
  Sheet again = sheet;
  if (again.number("radius", {}, 0.0) == 0.0) return;
  if (subject.geometry().kind == Geometry::Kind::None) {
    again.refuse("radius", "radius (the variables of this model have no distance) leave it out?");
  }
  if (!network.noise().is_diagonal()) {
    again.refuse("radius",
                 "radius with correlated errors (each observation needs a weight of its own) leave "
                 "correlation out?");
  }
}

}  // namespace apps::fabtwin::assimilate
