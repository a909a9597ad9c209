// How rules have offspring: random ones, subtrees exchanged, regrown, hoisted, numbers and names changed.
// Each call draws under the name that its Chance carries, so slots of a generation can be bred in any order.
#pragma once
#include <cstddef>
#include <cstdint>

#include "twin/core/draw.hpp"
#include "twin/decide/rule.hpp"

namespace twin::decide {

// Draws of one slot of one generation: `what` says which, and `place` goes up within it.
struct Chance {
  core::Draw draw;
  std::uint32_t slot = 0, generation = 0;
  std::uint32_t place = 0;

  double uniform() { return draw.uniform(place++, slot, generation); }
  std::size_t below(std::size_t n) {  // 0 to n - 1
    const auto i = static_cast<std::size_t>(uniform() * static_cast<double>(n));
    return i < n ? i : n - 1;
  }
};

struct RuleSize {
  std::uint32_t attributes = 1;
  std::size_t largest = 60;  // [nodes]
  std::size_t deepest = 10;  // [levels]
};

// Each branch ends at exactly `depth` (Full) or wherever chance has it (Grown); Koza's two ways.
enum class Shape : std::uint8_t { Full, Grown };
Rule random_rule(std::size_t depth, Shape shape, std::uint32_t attributes, Chance& chance);

// A subtree of b in place of one of a. All of these keep within the size: where a few tries do not, a.
Rule crossed(const Rule& a, const Rule& b, const RuleSize& size, Chance& chance);
Rule regrown(const Rule& a, const RuleSize& size, Chance& chance);
Rule hoisted(const Rule& a, Chance& chance);
// A number is moved, or an attribute or a function exchanged for another.
Rule nudged(const Rule& a, const RuleSize& size, Chance& chance);

}  // namespace twin::decide
