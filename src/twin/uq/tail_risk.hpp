// How bad the bad cases are: value at risk and conditional value at risk of an ensemble of losses,
// exact for what an ensemble is, a discrete distribution. Greater is worse.
#pragma once
#include <cstddef>
#include <span>

namespace twin::uq {

struct TailRisk {
  double value_at_risk = 0.0;              // the least x with P(loss <= x) >= level
  double conditional_value_at_risk = 0.0;  // mean of the worst 1 - level of all probability
};

// R. T. Rockafellar and S. Uryasev, Journal of Banking and Finance 26, 2002, proposition 8: an atom
// that the level cuts through counts with the part above. Shares of weight are compared to the level to
// 1e-12, so that 95 of 100 equal members are 95 %. 0 <= level < 1; level 0 is the mean. core::Error for
// losses that are none or not finite, weights that are no weights, and a level that is none.
TailRisk tail_risk(std::span<const double> losses, double level);
TailRisk tail_risk(std::span<const double> losses, std::span<const double> weights, double level);

// t + E[(loss - t)_+] / (1 - level), which is convex in t with the minimum CVaR at VaR (Rockafellar and
// Uryasev, Journal of Risk 2, 2000, theorem 1): what an optimiser or a linear program needs.
double rockafellar_uryasev(std::span<const double> losses, double level, double t);

// Standard error of the CVaR of n independent losses: sd((loss - VaR)_+) / ((1 - level) sqrt(n))
// (A. A. Trindade, S. Uryasev, A. Shapiro and G. Zrazhevsky, Journal of Banking and Finance 31, 2007).
// Infinite below two losses; too small where fewer than ten or so lie beyond the level.
double conditional_value_at_risk_error(std::span<const double> losses, double level);

// Closed forms. mean, deviation >= 0 of the loss; 0 < level < 1.
TailRisk normal_tail_risk(double mean, double deviation, double level);
TailRisk exponential_tail_risk(double mean, double level);

}  // namespace twin::uq
