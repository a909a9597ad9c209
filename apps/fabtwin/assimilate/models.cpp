#include "apps/fabtwin/assimilate/models.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "apps/fabtwin/assimilate/plants.hpp"
#include "apps/fabtwin/assimilate/vector_subject.hpp"
#include "twins/toys/kuramoto_sivashinsky.hpp"
#include "twins/toys/linear_advection.hpp"
#include "twins/toys/lorenz63.hpp"
#include "twins/toys/lorenz96.hpp"
#include "twins/toys/quasi_geostrophic.hpp"
#include "twins/toys/sampled.hpp"

namespace apps::fabtwin::assimilate {
namespace {

using twin::core::Parameter;

struct Thetas {
  std::vector<double> members, truth;
};

// The members' theta, and the truth's, which is the members' where nothing else is said.
Thetas read_thetas(const ModelEntry& entry, const Request& request) {
  Thetas thetas;
  Sheet model = request.model.table("theta"), truth = request.truth.table("theta");
  for (const Parameter& p : entry.theta) {
    const Range range{.least = p.lower, .most = p.upper};
    thetas.members.push_back(model.number(p.name, range, p.nominal));
    thetas.truth.push_back(truth.number(p.name, range, thetas.members.back()));
  }
  model.finish();
  truth.finish();
  return thetas;
}

template <class M>
Built vector_model(M model, std::string title, Geometry geometry, Thetas thetas) {
  return {.subject = std::make_unique<VectorSubject<M>>(
              std::move(model),
              typename VectorSubject<M>::Options{.title = std::move(title),
                                                 .geometry = geometry,
                                                 .theta = std::move(thetas.members),
                                                 .truth_theta = std::move(thetas.truth)}),
          .ticks_per_unit = 1.0};
}

// f(std::integral_constant<std::size_t, n>) for the n of Sizes that stands under `key`.
template <std::size_t... Sizes, class F>
Built with_size(Sheet& sheet, const std::string& key, std::int64_t standard, const F& f) {
  const std::int64_t size = sheet.integer(key, {.least = 1}, standard);
  Built built;
  const bool found = ((size == static_cast<std::int64_t>(Sizes) &&
                       (built = f(std::integral_constant<std::size_t, Sizes>()), true)) ||
                      ...);
  if (!found) {
    const std::vector<std::size_t> sizes = {Sizes...};
    sheet.refuse(key, fmt::format("{} = {} (one of {})", key, size, fmt::join(sizes, ", ")));
  }
  return built;
}

Geometry ring(std::size_t size) {
  return {.kind = Geometry::Kind::Ring, .width = static_cast<Eigen::Index>(size)};
}

Built lorenz63(const ModelEntry& entry, const Request& request) {
  return vector_model(twins::toys::Lorenz63(), "Lorenz-63", {}, read_thetas(entry, request));
}

Built lorenz96(const ModelEntry& entry, const Request& request) {
  const Thetas thetas = read_thetas(entry, request);
  return with_size<8, 20, 40, 80, 160, 320, 640, 1000>(request.model, "size", 40, [&](auto size) {
    return vector_model(twins::toys::Lorenz96<decltype(size)::value>(),
                        fmt::format("Lorenz-96, {} variables", size()), ring(size()), thetas);
  });
}

Built advection(const ModelEntry& entry, const Request& request) {
  const Thetas thetas = read_thetas(entry, request);
  return with_size<100, 1000>(request.model, "size", 1000, [&](auto size) {
    return vector_model(twins::toys::LinearAdvection<decltype(size)::value>(),
                        fmt::format("linear advection, {} cells", size()), ring(size()), thetas);
  });
}

Built kuramoto_sivashinsky(const ModelEntry& entry, const Request& request) {
  const Thetas thetas = read_thetas(entry, request);
  const double step = request.model.number("step", {.least = Range::Tiny, .most = 0.5}, 0.5);
  return with_size<64, 128, 256>(request.model, "size", 128, [&](auto size) {
    return vector_model(twins::toys::KuramotoSivashinsky<decltype(size)::value>(step),
                        fmt::format("Kuramoto-Sivashinsky, {} points, step {}", size(), step),
                        ring(size()), thetas);
  });
}

// Samples of the climate, four for each member; and the truth's must not be one of the members'.
std::size_t samples_for(Eigen::Index members) {
  auto samples = std::max<std::size_t>(100, 4 * static_cast<std::size_t>(members));
  while (twin::infer::TruthMember % samples < static_cast<std::size_t>(members)) ++samples;
  return samples;
}

Built quasi_geostrophic(const ModelEntry& entry, const Request& request) {
  const Thetas thetas = read_thetas(entry, request);
  const double step = request.model.number("step", {.least = Range::Tiny, .most = 2.5}, 1.25);
  const double spin_up = request.model.number("spin_up", {.least = 0.0, .most = 1e6}, 3500.0);
  return with_size<32, 64, 128>(request.model, "cells", 128, [&](auto cells) {
    using Gyre = twins::toys::QuasiGeostrophic<decltype(cells)::value>;
    const auto ticks = [&](double time) {
      return static_cast<twin::core::Tick>(time / step + 0.5);
    };
    const twins::toys::FreeRun run{.theta = thetas.truth,
                                   .draw = {.seed = 1, .member = 0},
                                   .spin_up = ticks(spin_up),
                                   .spacing = ticks(50.0),
                                   .samples = samples_for(request.members)};
    const auto side = static_cast<Eigen::Index>(Gyre::Side);
    return vector_model(
        twins::toys::Sampled<Gyre>(Gyre(step), run),
        fmt::format("quasi-geostrophic gyre, {0} x {0} points, step {1}", side, step),
        {.kind = Geometry::Kind::Grid, .width = side, .height = side}, thetas);
  });
}

Built mm1(const ModelEntry& entry, const Request& request) {
  Thetas thetas = read_thetas(entry, request);
  const double deviation =
      request.model.number("prior_deviation", {.least = Range::Tiny, .most = 3.0}, 0.3);
  using Queue = ParameterSubject<QueuePlant>;
  Queue::Options options{.title = "M/M/1 queue, its two times learnt",
                         .learnt = {},
                         .theta = std::move(thetas.members),
                         .truth_theta = std::move(thetas.truth),
                         .prior_deviation = deviation,
                         .quantities = QueuePlant::Quantities};
  for (std::size_t i = 0; i < entry.theta.size(); ++i) {
    options.learnt.push_back({i, entry.theta[i].lower, entry.theta[i].upper});
  }
  return {.subject = std::make_unique<Queue>(QueuePlant(), std::move(options)),
          .ticks_per_unit = static_cast<double>(twins::toys::Mm1Queue::Unit)};
}

Built fab(const ModelEntry&, const Request& request) { return build_fab(request); }

constexpr double Large = 1e6;

const std::vector<ModelEntry>& list_models() {
  static const std::vector<ModelEntry> all = {
      {"lorenz63",
       "convection in 3 variables (Lorenz 1963)",
       "steps of 0.01",
       {{"sigma", "1", 10.0, -Large, Large, "Prandtl number"},
        {"rho", "1", 28.0, -Large, Large, "relative Rayleigh number"},
        {"beta", "1", 8.0 / 3.0, -Large, Large, "shape of the convection cell"}},
       {},
       lorenz63,
       Ability::Tangent},
      {"lorenz96",
       "waves on a ring (Lorenz 1996)",
       "steps of 0.05",
       {{"F", "1", 8.0, -Large, Large, "forcing; chaotic from about 4 on"}},
       {{"size", "40", "variables: 8, 20, 40, 80, 160, 320, 640 or 1000"}},
       lorenz96,
       Ability::Tangent},
      {"advection",
       "a wave carried round a ring by a steady wind (Evensen 2004)",
       "steps",
       {{"c", "1", 1.0, 0.0, 1.0, "Courant number"}},
       {{"size", "1000", "cells: 100 or 1000"}},
       advection},
      {"ks",
       "flame fronts on a ring of length 32 pi (Kuramoto, Sivashinsky)",
       "steps",
       {{"c", "1", 1.0, -Large, Large, "factor of the nonlinear term"}},
       {{"size", "128", "points: 64, 128 or 256"}, {"step", "0.5", "time of a step, at most 0.5"}},
       kuramoto_sivashinsky},
      {"qg",
       "a wind-driven ocean gyre (Sakov and Oke 2008), started from samples of a free run",
       "steps",
       {{"rkb", "1", 0.0, 0.0, Large, "bottom friction"},
        {"rkh", "1", 0.0, 0.0, Large, "horizontal friction"},
        {"rkh2", "1", 2e-12, 0.0, Large, "biharmonic friction; coarser grids need more"},
        {"r", "1", 1e-5, 0.0, Large, "factor of the advection"}},
       {{"cells", "128", "cells of a side: 32, 64 or 128; one point more"},
        {"step", "1.25", "time of a step, at most 2.5"},
        {"spin_up", "3500", "time of the free run before its first sample"}},
       quasi_geostrophic},
      {"mm1",
       "one queue, one server; what is learnt are the logarithms of its two mean times, from the "
       "rates of arrivals and departures and the mean length since the last look",
       "time units",
       {{"between", "time unit", 1.25, 1e-3, 1e3, "mean time between arrivals"},
        {"service", "time unit", 1.0, 1e-3, 1e3, "mean time of a service"}},
       {{"prior_deviation", "0.3", "of the members' logarithms at the start"}},
       mm1,
       Ability::Parameters},
      {"fab",
       "a fab of a data set; what is learnt are the logarithms of some of its parameters, from the "
       "share of time that each tool group processes, and its jobs a tool and hour, since the last "
       "look",
       "hours",
       {},
       {{"data", "", "the data set's folder"},
        {"rule", "\"published\"", "the dispatching rule"},
        {"learn", "", "names of the parameters to learn, [\"process.Litho_Me\", ...]"},
        {"prior_deviation", "0.3", "of the members' logarithms at the start"}},
       fab,
       Ability::Parameters},
  };
  return all;
}

}  // namespace

std::span<const ModelEntry> models() { return list_models(); }

Built build_model(Sheet& model, Sheet& truth, Eigen::Index members) {
  std::vector<std::string> names;
  for (const ModelEntry& entry : list_models()) names.push_back(entry.name);
  const std::string name = model.choice("name", names);
  for (const ModelEntry& entry : list_models()) {
    if (entry.name != name) continue;
    Built built = entry.build(entry, {.model = model, .truth = truth, .members = members});
    model.finish();
    truth.finish();
    return built;
  }
  return {};
}

}  // namespace apps::fabtwin::assimilate
