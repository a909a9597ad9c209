#include "twin/decide/evolve_rule.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/decide/box.hpp"
#include "twin/decide/rule_breeding.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide {
namespace {

void check(const EvolveOptions& o) {
  if (o.attributes == 0) throw core::Error("no attributes (a rule needs at least one to name)");
  if (o.population < 2 || o.generations < 1 || o.tournament < 1 || o.elites >= o.population) {
    throw core::Error("population, generations, tournament, elites = " +
                      core::show_values(o.population, o.generations, o.tournament, o.elites) +
                      " (at least 2, 1 and 1, and fewer elites than rules)");
  }
  if (o.largest < 3 || o.deepest < 2 || o.deepest > 100) {
    throw core::Error("largest, deepest = " + core::show_values(o.largest, o.deepest) +
                      " (at least 3 nodes, and 2 to 100 levels)");
  }
  for (const double share : {o.crossover, o.regrown, o.hoisted})
    score::need_probability(share, "share of offspring");
  score::need_probability(o.crossover + o.regrown + o.hoisted, "crossover + regrown + hoisted");
  if (!(o.least_difference >= 0.0) || std::isnan(o.target)) {
    throw core::Error(
        "least_difference, target = " + core::show_values(o.least_difference, o.target) +
        " (must be numbers, the first not negative)");
  }
  for (std::size_t i = 0; i < o.known.size(); ++i) {
    if (o.known[i].valid(o.attributes)) continue;
    throw core::Error("known[" + std::to_string(i) + "] is no rule over " +
                      std::to_string(o.attributes) + " attributes");
  }
}

}  // namespace

EvolveRule::EvolveRule(const EvolveOptions& options, core::Draw draw)
    : options_(options), seed_(draw.seed), member_(draw.member) {
  check(options);
  stand_ = Stand::Open;
  for (const Rule& rule : options.known) {
    if (population_.size() < options.population) population_.push_back(simplified(rule));
  }
  // Ramped half and half (Koza 1992): depths 2 to 6, each full and grown.
  while (population_.size() < options.population) {
    const auto slot = static_cast<std::uint32_t>(population_.size());
    Chance chance{draw, slot, 0};
    const std::size_t depth = std::min<std::size_t>(2 + slot / 2 % 5, options.deepest);
    Rule rule =
        random_rule(depth, slot % 2 == 0 ? Shape::Full : Shape::Grown, options.attributes, chance);
    for (std::size_t less = depth; rule.size() > options.largest && less > 2; --less)
      rule = random_rule(less - 1, Shape::Grown, options.attributes, chance);
    if (rule.size() > options.largest)
      rule = random_rule(1, Shape::Full, options.attributes, chance);
    population_.push_back(simplified(rule));
  }
  ask();
}

std::optional<double> EvolveRule::value_of(const Rule& rule) const {
  const std::uint64_t key = core::fingerprint(rule);
  const auto at =
      std::ranges::lower_bound(remembered_, key, {}, &std::pair<std::uint64_t, double>::first);
  if (at == remembered_.end() || at->first != key) return std::nullopt;
  return at->second;
}

void EvolveRule::ask() {
  wanted_.clear();
  if (options_.scenarios == Scenarios::Renewed) remembered_.clear();
  std::vector<std::pair<std::uint64_t, std::size_t>> unknown;
  for (std::size_t i = 0; i < population_.size(); ++i) {
    if (!value_of(population_[i])) unknown.emplace_back(core::fingerprint(population_[i]), i);
  }
  std::ranges::sort(unknown);
  std::vector<std::size_t> first;
  for (std::size_t j = 0; j < unknown.size(); ++j) {
    if (j == 0 || unknown[j].first != unknown[j - 1].first) first.push_back(unknown[j].second);
  }
  std::ranges::sort(first);
  for (const std::size_t i : first) wanted_.push_back(population_[i]);
  if (options_.budget - spent_ < wanted_.size()) {
    wanted_.clear();
    stand_ = Stand::BudgetSpent;
  }
}

void EvolveRule::take(std::span<const double> values) {
  TWIN_EXPECT(!wanted_.empty() && values.size() == wanted_.size(), values.size(), wanted_.size());
  need_values(values);
  spent_ += values.size();
  if (options_.scenarios == Scenarios::Renewed) front_.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    remembered_.emplace_back(core::fingerprint(wanted_[i]), values[i]);
    to_front(wanted_[i], values[i]);
  }
  std::ranges::sort(remembered_);
  for (;;) {
    values_.clear();
    for (const Rule& rule : population_) values_.push_back(*value_of(rule));
    if (!front_.empty() && front_.back().value <= options_.target) {
      stand_ = Stand::Decided;
      wanted_.clear();
      return;
    }
    ++generation_;
    if (generation_ >= options_.generations) {
      stand_ = Stand::Decided;
      wanted_.clear();
      return;
    }
    breed();
    ask();
    if (!wanted_.empty() || stand_ != Stand::Open) return;
    // All offspring were known already: on to the next generation.
  }
}

// Of fewer nodes where values are as good as equal; ties stay with the lower slot.
bool EvolveRule::better(std::size_t i, std::size_t j) const {
  const double a = values_[i], b = values_[j];
  const bool alike = a == b || std::abs(a - b) <= options_.least_difference;
  if (!alike) return a < b;
  return population_[i].size() < population_[j].size();
}

void EvolveRule::breed() {
  const core::Draw draw{seed_, member_};
  const RuleSize size{options_.attributes, options_.largest, options_.deepest};
  std::vector<Rule> next;
  // Elites: the best values, of equals the smaller, each rule once.
  std::vector<std::size_t> order(population_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t i, std::size_t j) {
    if (values_[i] != values_[j]) return values_[i] < values_[j];
    return population_[i].size() < population_[j].size();
  });
  for (const std::size_t i : order) {
    if (next.size() == options_.elites) break;
    if (std::ranges::find(next, population_[i]) == next.end()) next.push_back(population_[i]);
  }
  while (next.size() < options_.population) {
    Chance chance{draw, static_cast<std::uint32_t>(next.size()),
                  static_cast<std::uint32_t>(generation_)};
    const auto parent = [&] {
      std::size_t best = chance.below(population_.size());
      for (std::uint64_t k = 1; k < options_.tournament; ++k) {
        const std::size_t other = chance.below(population_.size());
        if (better(other, best)) best = other;
      }
      return best;
    };
    const double way = chance.uniform();
    const Rule& a = population_[parent()];
    Rule child;
    if (way < options_.crossover) {
      child = crossed(a, population_[parent()], size, chance);
    } else if (way < options_.crossover + options_.regrown) {
      child = regrown(a, size, chance);
    } else if (way < options_.crossover + options_.regrown + options_.hoisted) {
      child = hoisted(a, chance);
    } else {
      child = nudged(a, size, chance);
    }
    next.push_back(simplified(child));
  }
  population_ = std::move(next);
}

void EvolveRule::to_front(const Rule& rule, double value) {
  if (!std::isfinite(value)) return;
  for (const ValuedRule& f : front_) {
    if (f.rule.size() <= rule.size() && f.value <= value) return;
  }
  std::erase_if(front_, [&](const ValuedRule& f) {
    return f.rule.size() >= rule.size() && f.value >= value;
  });
  const auto at = std::ranges::find_if(
      front_, [&](const ValuedRule& f) { return f.rule.size() > rule.size(); });
  front_.insert(at, {rule, value});
}

ValuedRule EvolveRule::best() const {
  if (front_.empty()) return {};
  for (const ValuedRule& f : front_) {  // ascending in size
    if (f.value - front_.back().value <= options_.least_difference) return f;
  }
  return front_.back();
}

}  // namespace twin::decide
