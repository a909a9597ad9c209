#include "twin/infer/ensemble/analysis.hpp"

#include <fmt/core.h>

#include <cmath>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/letkf/apply.hpp"
#include "twin/infer/letkf/letkf.hpp"
#include "twin/infer/letkf/system.hpp"

namespace twin::infer {
namespace {

Transform transform_of(const Scheme& scheme, const Observed& observed) {
  switch (scheme.filter) {
    case Filter::PerturbedEnkf: return perturbed_enkf(observed);
    case Filter::Etkf: return etkf(observed);
    case Filter::Denkf: return denkf(observed);
    case Filter::Estkf: return estkf(observed);
    case Filter::SerialEnsrf: return serial_ensrf(observed);
    case Filter::FiniteSize: return finite_size_enkf(observed, scheme.certainty);
  }
  TWIN_EXPECT(false, static_cast<int>(scheme.filter));
  return {};
}

void check_members(Eigen::Index state, Eigen::Index observed) {
  if (state != observed) {
    throw core::Error(fmt::format("{} members of the state and {} observed ones (must be as many)",
                                  state, observed));
  }
}

Observed look(const Scheme& scheme, const Eigen::Ref<const Eigen::MatrixXd>& observed,
              const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
              const core::Draw& draw, std::uint32_t occasion, Eigen::Index members) {
  check_scheme(scheme);
  check_members(members, observed.cols());
  Observed result = observe(observed, y, noise);
  if (scheme.filter == Filter::PerturbedEnkf) perturb(result, draw, PerturbationDraw, occasion);
  return result;
}

void check_domain(const Domain& domain, Eigen::Index variables, Eigen::Index observations) {
  if (domain.observations.size() != domain.weights.size()) {
    throw core::Error(fmt::format("a domain has {} observations and {} weights (must be as many)",
                                  domain.observations.size(), domain.weights.size()));
  }
  for (const Eigen::Index i : domain.variables) {
    if (i < 0 || i >= variables) {
      throw core::Error(fmt::format("a domain has variable {} (the state has {})", i, variables));
    }
  }
  for (const Eigen::Index k : domain.observations) {
    if (k < 0 || k >= observations) {
      throw core::Error(fmt::format("a domain has observation {} (there are {})", k, observations));
    }
  }
}

// What the domain sees: rows of S, d and E times the root of their weights.
void restrict_to(const Domain& domain, const Observed& all, Observed& local) {
  const auto count = static_cast<Eigen::Index>(domain.observations.size());
  local.anomalies.resize(count, all.members());
  local.innovation.resize(count);
  local.perturbations.resize(all.perturbations.rows() > 0 ? count : 0, all.members());
  for (Eigen::Index i = 0; i < count; ++i) {
    const Eigen::Index k = domain.observations[static_cast<std::size_t>(i)];
    const double root = std::sqrt(domain.weights[static_cast<std::size_t>(i)]);
    local.anomalies.row(i) = root * all.anomalies.row(k);
    local.innovation[i] = root * all.innovation[k];
    if (local.perturbations.rows() > 0) {
      local.perturbations.row(i) = root * all.perturbations.row(k);
    }
  }
}

// The rotation of an analysis in the coordinates of subspace_basis; empty: none. Row-major.
std::vector<double> rotation_of(const Scheme& scheme, Eigen::Index members, const core::Draw& draw,
                                std::uint32_t occasion) {
  if (scheme.rotation == Rotation::None) return {};
  const Eigen::MatrixXd turned =
      subspace_rotation(members, draw, RotationDraw, occasion).transpose();
  return {turned.data(), turned.data() + turned.size()};
}

// The ETKF without eigenvectors (letkf/).
Innovation fast_etkf(const Scheme& scheme, const Eigen::Ref<const Eigen::MatrixXd>& observed,
                     const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                     const core::Draw& draw, std::uint32_t occasion,
                     Eigen::Ref<Eigen::MatrixXd> x) {
  check_scheme(scheme);
  check_members(x.cols(), observed.cols());
  letkf::AlignedDoubles room;
  const letkf::System system(observed, y, noise, 1, room);
  if (system.observations() == 0) return {};
  const Transform t = system.transform(letkf::kernel_of(letkf::Path::Best),
                                       rotation_of(scheme, x.cols(), draw, occasion));
  letkf::apply_fast(t, {.inflation = scheme.inflation}, x);
  return t.innovation;
}

Innovation fast_letkf(const Scheme& scheme, std::span<const Domain> domains,
                      const Eigen::Ref<const Eigen::MatrixXd>& observed,
                      const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                      const core::Draw& draw, std::uint32_t occasion,
                      Eigen::Ref<Eigen::MatrixXd> x) {
  check_scheme(scheme);
  check_members(x.cols(), observed.cols());
  check_observed(observed, y, noise);
  Letkf letkf({.inflation = scheme.inflation});
  if (y.size() > 0) letkf.rotate_by(rotation_of(scheme, x.cols(), draw, occasion));
  return letkf.analyse(letkf::Listed(domains, static_cast<std::size_t>(observed.rows())),
                       letkf::DomainRows::listed(domains, static_cast<std::size_t>(x.rows())),
                       observed, y, noise, x);
}

}  // namespace

void check_scheme(const Scheme& scheme) {
  check_inflation(scheme.inflation);
  if (!(scheme.certainty > 0.0) || !std::isfinite(scheme.certainty)) {
    throw core::Error(
        fmt::format("certainty = {} (must be positive and finite)", scheme.certainty));
  }
}

Innovation analyse(const Scheme& scheme, const Eigen::Ref<const Eigen::MatrixXd>& observed,
                   const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                   const core::Draw& draw, std::uint32_t occasion, Eigen::Ref<Eigen::MatrixXd> x,
                   std::span<Eigen::MatrixXd> past) {
  if (scheme.filter == Filter::Etkf && noise.is_diagonal() && past.empty()) {
    return fast_etkf(scheme, observed, y, noise, draw, occasion, x);
  }
  const Observed seen = look(scheme, observed, y, noise, draw, occasion, x.cols());
  if (seen.size() == 0) return {};
  Transform t = transform_of(scheme, seen);
  if (scheme.rotation == Rotation::Random) {
    t.anomalies *= mean_preserving_rotation(x.cols(), draw, RotationDraw, occasion);
  }
  apply(t, scheme.inflation, x);
  for (Eigen::MatrixXd& earlier : past) apply(t, {}, earlier);
  return t.innovation;
}

Innovation analyse(const Scheme& scheme, std::span<const Domain> domains,
                   const Eigen::Ref<const Eigen::MatrixXd>& observed,
                   const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                   const core::Draw& draw, std::uint32_t occasion, Eigen::Ref<Eigen::MatrixXd> x,
                   std::span<Eigen::MatrixXd> past) {
  if (!noise.is_diagonal()) {
    throw core::Error(
        "localisation with correlated observation errors (each observation needs a weight of its "
        "own) give a diagonal covariance?");
  }
  if (scheme.filter == Filter::Etkf && past.empty()) {
    return fast_letkf(scheme, domains, observed, y, noise, draw, occasion, x);
  }
  const Observed seen = look(scheme, observed, y, noise, draw, occasion, x.cols());
  for (const Domain& domain : domains) check_domain(domain, x.rows(), seen.size());
  for (const auto& p : past) TWIN_EXPECT(p.rows() == x.rows(), p.rows(), x.rows());
  if (seen.size() == 0) return {};
  Eigen::MatrixXd rotation;
  if (scheme.rotation == Rotation::Random) {
    rotation = mean_preserving_rotation(x.cols(), draw, RotationDraw, occasion);
  }
  Observed local;
  for (const Domain& domain : domains) {
    restrict_to(domain, seen, local);
    Transform t = transform_of(scheme, local);
    if (rotation.size() > 0) t.anomalies *= rotation;
    apply(t, scheme.inflation, domain.variables, x);
    for (Eigen::MatrixXd& earlier : past) apply(t, {}, domain.variables, earlier);
  }
  const Gram gram = gram_of(seen);
  return innovation_of(gram, spectrum_of(gram.c, gram.b));
}

}  // namespace twin::infer
