// The words that all procedures of ranking and selection share: which runs they want next, when they
// stop. A procedure is a value; it never runs anything. Its caller runs what it wants, in any order
// and on any number of threads, and gives the results back in the order in which they were wanted.
//
//   while (!kn.wanted().empty()) kn.take(results of kn.wanted());
//
// Less is better. Replication r of every alternative is to be run with the draws of member r: then
// all share their randomness, and replications can be asked for one by one.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "twin/core/error.hpp"

namespace twin::decide {

struct Runs {
  std::size_t alternative = 0;
  std::uint64_t first = 0;  // replications first, first + 1, ...
  std::uint64_t count = 0;
  bool operator==(const Runs&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("alternative", self.alternative);
    archive("first", self.first);
    archive("count", self.count);
  }
};

enum class Stand : std::uint8_t {
  Open,        // wants runs
  Decided,     // as sure as it was to be
  BudgetSpent  // not as sure, but no runs are left
};

inline std::uint64_t runs_in(std::span<const Runs> wanted) {
  std::uint64_t n = 0;
  for (const Runs& r : wanted) n += r.count;
  return n;
}

// The first of the least: ties go to the lower number, so that the answer is one.
inline std::size_t least_of(std::span<const double> x) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    if (x[i] < x[best]) best = i;
  }
  return best;
}

// core::Error for a budget [runs] in which not every alternative gets its first replications.
inline void expect_budget_for_first(std::uint64_t budget, std::size_t alternatives,
                                    std::uint64_t first) {
  if (budget / alternatives >= first) return;
  throw core::Error("budget = " + std::to_string(budget) + " runs (" +
                    std::to_string(alternatives) + " alternatives need " + std::to_string(first) +
                    " first replications each)");
}

}  // namespace twin::decide
