// The mean of an expensive model with the help of cheap ones whose means are not known either: approximate control
// variates (A. A. Gorodetsky, G. Geraci, M. S. Eldred and J. D. Jakeman, J. Computational Physics 408, 2020). With
// ever more runs of the cheap ones they come to what all of them say together, multi-fidelity Monte Carlo only to
// what the best one says alone.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/math/statistics.hpp"
#include "twin/uq/multi_fidelity.hpp"
#include "twin/uq/points.hpp"

namespace twin::uq {

// Which points the cheap models see. Each sees the first model's too; what counts is the mean over all of its points
// less that over those of the reference.
enum class AcvFamily : std::uint8_t {
  Mf,   // ACV-MF: nested points; the reference is the first model's points
  Is,   // ACV-IS: beyond the first model's points each has its own; the same reference
  Mfmc  // multi_fidelity.hpp's: nested points; the reference is the points of the model before
};

struct AcvWeights {
  // [model] -alpha of theirs, so that a weight has the sign of the correlation; 1 at first
  std::vector<double> weights;
  double r_squared = 0.0;  // share of the first model's variance that is taken away
};

// The best weights, alpha = -[C o F]^-1 [diag(F) o c], for covariance [model][model] and ratios [model] of runs to
// those of the first, which is 1; a ratio may be infinite, as if the mean were known. core::Error as below, for a
// ratio that is not above the reference's, and where the differences say the same, so that no weights are best.
AcvWeights acv_weights(std::span<const double> covariance, std::span<const double> ratios,
                       AcvFamily family);

struct AcvPlan {
  AcvFamily family = AcvFamily::Mf;
  MultiFidelityPlan samples = {};  // weights are the best ones for the whole numbers of evaluations
  double variance = 0.0;           // of the estimate with those evaluations
};

// The choice and numbers of models with the least variance for a budget, in whole numbers; the first is run at
// least twice. All choices are tried, the ratios of each by a pattern search over their logarithms. ACV-MF has
// several local optima: of 1,890 random problems the best known was missed in 6, by up to 2 %. core::Error for no
// models or more than 8, a cost that is not above 0, a covariance that is not finite, symmetric and positive
// semidefinite, a model that does not vary, and a budget below two evaluations of the first or above 2^53 of any.
AcvPlan acv_plan(std::span<const double> covariance, std::span<const double> costs, double budget,
                 AcvFamily family);

struct AcvMean {
  math::Interval mean = {};             // of the first model
  AcvPlan plan = {};                    // by the pilot's figures
  std::vector<double> covariance = {};  // [model][model] as the pilot saw it; empty without a pilot
  std::uint64_t failed = 0;  // points that were left out, as a model gave no number there
};

// As multi_fidelity_mean: the pilot's points are others, so that the estimate has no bias. Its error is by the
// spread within each part of the points that the same models see, with the degrees of freedom of F. E.
// Satterthwaite (Biometrics Bulletin 2, 1946). Points that are left out do no harm as long as runs fail by chance,
// wherever they are. The same bits for any number of threads. core::Error as above, for a pilot of fewer than 10
// points with values, and a part with fewer than two.
AcvMean acv_mean(const MultiFidelityStudy& study, std::span<const AnyFunction> models,
                 AcvFamily family = AcvFamily::Mf);
// Without a pilot, by a plan that acv_plan made for these models; the study's costs, budget and pilot play no part.
AcvMean acv_mean(const MultiFidelityStudy& study, std::span<const AnyFunction> models,
                 const AcvPlan& plan);

}  // namespace twin::uq
