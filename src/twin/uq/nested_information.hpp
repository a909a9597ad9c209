// What an experiment would tell where nothing is Gaussian: expected information by nested Monte Carlo,
// from log-likelihoods alone, with its standard error and an estimate of its bias.
#pragma once
#include <cstddef>
#include <span>

namespace twin::uq {

struct NestedInformation {
  double information = 0.0;     // [nats]
  double standard_error = 0.0;  // of it, by the outer draws; infinite for one
  double excess = 0.0;          // its bias, about: it falls as 1 / inner
};

// own[n]: log p(y_n | theta_n), y_n drawn from theta_n. inner[n x M + m]: log p(y_n | theta_nm) of M fresh
// draws of theta from the prior, fresh for each n. Mean over n of own - ln(mean of exp(inner)) (K. J.
// Ryan, J. Computational and Graphical Statistics 12, 2003): too large by about the mean over n of
// Var(ratio) / (2 M), which is estimated; for a given work N x M the error is least for M about sqrt(N)
// (T. Rainforth et al., ICML 2018). core::Error for what is not finite, no draws, or inner of another
// number than own's times a whole one; an inner log-likelihood may be minus infinity, but not all of one n.
NestedInformation nested_information(std::span<const double> own, std::span<const double> inner);

}  // namespace twin::uq
