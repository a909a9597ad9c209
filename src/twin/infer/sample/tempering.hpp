// From the prior to the posterior in steps that an ensemble can take: likelihoods raised to powers that grow to 1
// (P. Del Moral, A. Doucet and A. Jasra, J. Royal Statistical Society B 68, 2006). Finds several places at once,
// and gives the evidence, by which models are compared.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "twin/infer/sample/target.hpp"

namespace twin::infer {

struct TemperingOptions {
  std::size_t particles = 1'000;
  double effective = 0.5;  // share of particles that stay effective from one power to the next
  // Of each particle at each power. Where some of the posterior is narrow, as a scale near 0 is, more are needed:
  // with 15 too few scales were small, by ranks of 6,000 truths; with 80 that did not show.
  std::size_t moves = 10;
  std::size_t levels = 200;  // powers at most
  std::uint64_t seed = 1;
};

struct Tempered {
  std::size_t dimensions = 0;
  std::vector<double> x;           // [particle][dimension], of equal weight
  std::vector<double> likelihood;  // [particle] logarithm
  std::vector<double> powers;      // [level], the last one 1 where it arrived
  std::vector<double> accepted;    // [level] share of moves
  double log_evidence = 0.0;  // of the prior's mean of the likelihood; its exponential has no bias
  std::uint64_t evaluations = 0, failed = 0;
  [[nodiscard]] bool arrived() const { return !powers.empty() && powers.back() == 1.0; }
};

// The prior is standard normal, likelihood.log_density is the likelihood alone; particles move as in pCN. A run
// that fails has likelihood 0. core::Error for no dimensions, fewer than 10 particles, no moves, a share that is
// none, and where no particle of the prior has a likelihood.
Tempered temper(const Target& likelihood, const TemperingOptions& options);

}  // namespace twin::infer
