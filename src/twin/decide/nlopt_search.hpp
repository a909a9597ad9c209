// NLopt (S. G. Johnson) for a policy's two to ten parameters, where a simplex or a controlled random search
// needs fewer runs than a CMA-ES. The one search that calls: NLopt's methods run to their end and cannot be
// stopped half way, so this is no value with wanted() and take(). Its arithmetic is the C library's: the
// same result on one machine each time, not the same bits on every machine.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "twin/core/draw.hpp"
#include "twin/decide/box.hpp"

namespace twin::decide {

enum class NloptMethod : std::uint8_t {
  Sbplx,  // local, simplex in subspaces (T. H. Rowan, 1990): LN_SBPLX
  Crs2,  // global, controlled random search with local mutation (P. Kaelo and M. M. Ali, J. Optimization
         // Theory and Applications 130, 2006): GN_CRS2_LM
  Isres  // global, stochastic ranking (T. P. Runarsson and X. Yao, IEEE Trans. SMC C 35, 2005): GN_ISRES
};

struct NloptOptions {
  NloptMethod method = NloptMethod::Sbplx;
  Box box{};      // global methods: finite
  Point start{};  // inside the box [parameter]
  Point step{};   // first step > 0 [parameter]; empty: NLopt's own guess. Sbplx alone
  std::uint64_t budget = 10'000;  // [evaluations] at most, at least 1
  std::uint64_t population = 0;   // of the global ones; 0: NLopt's own
  // Stops at a value this low, or when it gains no more than this, or moves no further [share of the
  // place]; the last two are for Sbplx, since a random search cannot tell.
  double target = -std::numeric_limits<double>::infinity();
  double least_difference = 1e-10;
  double least_step = 1e-8;
};

struct NloptFound {
  Stand stand = Stand::Decided;  // BudgetSpent: it was not done
  Best best;
  std::uint64_t spent = 0;  // [evaluations]
  std::string end;          // why, in NLopt's word: "XTOL_REACHED"
};

// f: called from this thread alone, one point after the other, always inside the box; +infinity for what
// cannot be run. core::Error for options that cannot be meant and for a value that is NaN or -infinity.
// Whatever f throws comes out here, unchanged; no exception passes through NLopt, which is C. draw seeds
// NLopt's generator, which is the thread's own; but its Crs2 keeps one sentinel for all trees of a process
// (util/redblack.c of 2.7.1), so not two of Crs2 at once.
NloptFound nlopt_search(const NloptOptions& options, core::Draw draw,
                        const std::function<double(const Point&)>& f);

}  // namespace twin::decide
