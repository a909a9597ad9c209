// Random commands for the guard, by seed: mostly good ones with a few quantities at other levels.
#pragma once
#include <cstdint>
#include <string>

#include "twin/guard/scenario.hpp"

namespace twin::guard::scenario {

struct Tries {
  std::uint64_t tried = 0, passed = 0, unsafe = 0, refused_wrongly = 0;
  std::string first;  // that was judged wrongly: its levels
};

// SplitMix64 (Steele, Lea and Flood 2014): fast, and good enough to choose levels.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t roll() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(roll() % n); }

 private:
  std::uint64_t state_;
};

inline Tries try_randomly(std::uint64_t seed, std::uint64_t count) {
  Dice dice(seed);
  Tried t;
  t.limits = example::limits();
  Tries tries;
  for (; tries.tried < count; ++tries.tried) {
    Levels l{};
    for (std::size_t changes = dice.below(6); changes > 0; --changes) {
      const auto q = static_cast<Quantity>(dice.below(Quantities));
      l[q] = static_cast<std::uint8_t>(dice.below(count_of(q)));
    }
    make(l, t);
    const bool passes = verdict(t) == Granted, may = may_pass(l);
    tries.passed += passes ? 1 : 0;
    tries.unsafe += passes && !may ? 1 : 0;
    tries.refused_wrongly += !passes && may ? 1 : 0;
    if (passes != may && tries.first.empty()) {
      for (const std::uint8_t level : l) tries.first += std::to_string(level) + " ";
    }
  }
  return tries;
}

}  // namespace twin::guard::scenario
