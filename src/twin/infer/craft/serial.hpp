// The serial local filter: observations are taken in one after the other, each corrects the variables
// and the later observations that it reaches. Cost: members times the sum of all reaches; no matrix
// of observations by observations, so it serves any number of them.
#pragma once
#include <Eigen/Dense>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "twin/infer/craft/censored.hpp"
#include "twin/infer/craft/reach.hpp"
#include "twin/infer/ensemble/analysis.hpp"

namespace twin::infer {

enum class SerialFilter : std::uint8_t {
  // Ensemble adjustment (Anderson 2001) in two steps: the observed members are moved so that their
  // mean and variance are right, then the state follows by regression (Anderson 2003, his least-squares
  // framework). For one observation at a time this is the EnSRF of Whitaker, Hamill (2002) with the taper
  // on its gain.
  Adjustment,
  // Perturbed observations (Burgers et al. 1998; Houtekamer, Mitchell 2001) with tapered gains.
  Perturbed
};

enum class Order : std::uint8_t { AsGiven, Random };  // in which observations are taken in

// What is done about small samples besides distance: craft/correlation.hpp.
enum class Adaptive : std::uint8_t { None, SamplingError, Threshold };

struct SerialScheme {
  SerialFilter filter = SerialFilter::Adjustment;
  Inflation inflation = {};  // of the analysis anomalies, as everywhere
  Rotation rotation = Rotation::None;
  Order order = Order::AsGiven;
  Adaptive adaptive = Adaptive::None;
  double threshold = 0.0;  // of correlations, [0, 1); 0: universal_threshold of the state's size
};

enum SerialDraw : std::uint32_t { OrderDraw = 0xA5000010, VirtualReadingDraw = 0xA5000011 };

void check_scheme(const SerialScheme& scheme);

// What analyse_serially takes beside the members.
struct SerialObservations {
  Eigen::MatrixXd observed;       // [observation][member], what each member would show
  Eigen::VectorXd y;              // [observation], readings, or limits where it was censored
  std::vector<Reading> readings;  // [observation]; empty: values all
};

// x: [variable][member], the forecast, overwritten by the analysis. reaches: [observation]; empty: all
// reach all, and then errors may be correlated. The innovation sums up what each observation met when
// its turn came; censored ones count in log_likelihood only. Draws are named as by analyse().
// Errors: as analyse(); reaches of other sizes; correlated errors with reaches or censored readings; a
// threshold outside [0, 1), or a universal one that is.
Innovation analyse_serially(const SerialScheme& scheme, const std::vector<Reach>& reaches,
                            const SerialObservations& observations, const Noise& noise,
                            const core::Draw& draw, std::uint32_t occasion,
                            Eigen::Ref<Eigen::MatrixXd> x);

}  // namespace twin::infer
