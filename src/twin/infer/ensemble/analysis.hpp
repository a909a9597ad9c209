// One analysis step of an ensemble filter: forecast members and observations in, analysed members
// out. Which filter, and what is done beside it against the smallness of the ensemble, is a Scheme.
#pragma once
#include <Eigen/Dense>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "twin/core/draw.hpp"
#include "twin/infer/ensemble/domains.hpp"
#include "twin/infer/ensemble/filters.hpp"
#include "twin/infer/ensemble/transform.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {

enum class Filter : std::uint8_t { PerturbedEnkf, Etkf, Denkf, Estkf, SerialEnsrf, FiniteSize };
inline constexpr std::array<std::string_view, 6> FilterNames = {"enkf",  "etkf",  "denkf",
                                                                "estkf", "ensrf", "enkf-n"};

enum class Rotation : std::uint8_t { None, Random };  // Random: mean_preserving_rotation, each time

struct Scheme {
  Filter filter = Filter::Etkf;
  Inflation inflation = {};
  Rotation rotation = Rotation::None;
  double certainty = 1.0;  // of the hyperprior; FiniteSize only
};

// The names of the random numbers that an analysis draws; beyond those that models count from 0.
enum AnalysisDraw : std::uint32_t { PerturbationDraw = 0xA5000001, RotationDraw = 0xA5000002 };

// Error for an inflation or a certainty that cannot be.
void check_scheme(const Scheme& scheme);

// x: [variable][member], the forecast, overwritten by the analysis. observed: [observation][member],
// what each member of x would show; y: [observation]. occasion: the number of the analysis, which
// names its draws. Errors: as observe and check_scheme; x and observed of different sizes. Without
// any observations x stays as it is, to the bit: neither inflated nor rotated. past: ensembles of
// earlier times, [variable][member], which the same weights correct but nothing inflates (the EnKS of
// Evensen, van Leeuwen 2000; see smooth/trail.hpp).
Innovation analyse(const Scheme& scheme, const Eigen::Ref<const Eigen::MatrixXd>& observed,
                   const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                   const core::Draw& draw, std::uint32_t occasion, Eigen::Ref<Eigen::MatrixXd> x,
                   std::span<Eigen::MatrixXd> past = {});

// The same in each domain by itself (LETKF: Hunt et al. 2007; local DEnKF, ESTKF and so on with the
// other filters), observation errors divided by the weights. Perturbations and rotation are the same
// in all domains. The innovation is that of all observations together, without localisation.
// Further errors: noise that is not diagonal; a domain whose numbers are out of range. The past is
// corrected in the domains of the present.
Innovation analyse(const Scheme& scheme, std::span<const Domain> domains,
                   const Eigen::Ref<const Eigen::MatrixXd>& observed,
                   const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                   const core::Draw& draw, std::uint32_t occasion, Eigen::Ref<Eigen::MatrixXd> x,
                   std::span<Eigen::MatrixXd> past = {});

}  // namespace twin::infer
