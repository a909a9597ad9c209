// Genetic programming of dispatching rules, an offline job: a population of readable rules (rule.hpp) is
// bred until the budget is spent (J. R. Koza, Genetic Programming, 1992; for dispatching C. W. Pickardt,
// T. Hildebrandt and J. Branke, Int. J. Production Economics 145, 2013). A value with wanted() and take(),
// saved and gone on with at any generation; it runs no fab.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/decide/rule.hpp"
#include "twin/decide/selection.hpp"

namespace twin::decide {

enum class Scenarios : std::uint8_t {
  Same,  // a rule's value stays its value: it is asked for once
  Renewed  // each generation is tried on scenarios of its own, so that rules for one set of luck die out
  // (T. Hildebrandt, J. Heger and B. Scholz-Reiter, GECCO 2010): each rule is asked for again
};

struct EvolveOptions {
  std::uint32_t attributes = 0;  // that rules may name, at least 1
  std::uint64_t population = 500;
  std::uint64_t generations = 50;
  std::uint64_t tournament = 7;  // rules of which the best has offspring
  std::uint64_t elites = 5;      // best rules that go on as they are
  std::size_t largest = 60;      // [nodes] of a rule
  std::size_t deepest = 10;      // [levels]
  // Shares of offspring; the rest are copies with numbers or names changed.
  double crossover = 0.75;  // a subtree of one in place of one of another
  double regrown = 0.10;    // a new subtree
  double hoisted = 0.05;    // a subtree alone (K. E. Kinnear, 1993)
  // Of two rules whose values differ by at most this the smaller is the better one (lexicographic
  // parsimony: S. Luke and L. Panait, GECCO 2002) [the values' unit].
  double least_difference = 0.0;
  Scenarios scenarios = Scenarios::Same;
  double target = -std::numeric_limits<double>::infinity();          // stops at a value this low
  std::uint64_t budget = std::numeric_limits<std::uint64_t>::max();  // [evaluations]
  std::vector<Rule> known{};  // rules that people have, to begin with

  bool operator==(const EvolveOptions&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("attributes", self.attributes);
    archive("population", self.population);
    archive("generations", self.generations);
    archive("tournament", self.tournament);
    archive("elites", self.elites);
    archive("largest", self.largest);
    archive("deepest", self.deepest);
    archive("crossover", self.crossover);
    archive("regrown", self.regrown);
    archive("hoisted", self.hoisted);
    archive("least_difference", self.least_difference);
    archive("scenarios", self.scenarios);
    archive("target", self.target);
    archive("budget", self.budget);
    archive("known", self.known);
  }
};

struct ValuedRule {
  Rule rule;
  double value = 0.0;  // less is better; +infinity: it cannot be run
  bool operator==(const ValuedRule&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("rule", self.rule);
    archive("value", self.value);
  }
};

class EvolveRule {
 public:
  EvolveRule() = default;  // of nothing
  // core::Error for options that cannot be meant.
  EvolveRule(const EvolveOptions& options, core::Draw draw);

  // Rules of this generation whose values are not known, each once and simplified; empty when it has
  // stopped.
  [[nodiscard]] const std::vector<Rule>& wanted() const { return wanted_; }
  // values: of wanted(), in its order. core::Error, and nothing is taken, for NaN or -infinity.
  void take(std::span<const double> values);

  [[nodiscard]] Stand stand() const { return stand_; }
  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  [[nodiscard]] std::uint64_t spent() const { return spent_; }  // [evaluations]
  // Of all that were valued (Same), or of the last generation that was (Renewed): none is both smaller and
  // better than another; ascending in size, so descending in value. A person picks from it.
  [[nodiscard]] const std::vector<ValuedRule>& front() const { return front_; }
  // Of the front the best, where sizes matter as in breeding; nothing was valued: an empty rule.
  [[nodiscard]] ValuedRule best() const;

  bool operator==(const EvolveRule&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("options", self.options_);
    archive("seed", self.seed_);
    archive("member", self.member_);
    archive("stand", self.stand_);
    archive("generation", self.generation_);
    archive("spent", self.spent_);
    archive("population", self.population_);
    archive("values", self.values_);
    archive("remembered", self.remembered_);
    archive("front", self.front_);
    archive("wanted", self.wanted_);
  }

 private:
  void ask();  // what of the population is not known
  void breed();
  [[nodiscard]] std::optional<double> value_of(const Rule& rule) const;
  [[nodiscard]] bool better(std::size_t i, std::size_t j) const;
  void to_front(const Rule& rule, double value);

  EvolveOptions options_;
  std::uint64_t seed_ = 0;
  std::uint32_t member_ = 0;
  Stand stand_ = Stand::Decided;
  std::uint64_t generation_ = 0, spent_ = 0;
  std::vector<Rule> population_;  // [slot]
  std::vector<double> values_;    // [slot] of the generation that was valued last
  // Fingerprint of a rule and its value, ascending: of this generation, or of all (Same).
  std::vector<std::pair<std::uint64_t, double>> remembered_;
  std::vector<ValuedRule> front_;
  std::vector<Rule> wanted_;
};

}  // namespace twin::decide
