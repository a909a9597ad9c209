#include "twin/decide/rule_breeding.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"

namespace twin::decide {
namespace {

// What functions are drawn from: the four species of arithmetic most often, choices seldom.
constexpr std::array Functions = {RuleOp::Add,      RuleOp::Add,      RuleOp::Subtract,
                                  RuleOp::Subtract, RuleOp::Multiply, RuleOp::Multiply,
                                  RuleOp::Divide,   RuleOp::Divide,   RuleOp::Max,
                                  RuleOp::Max,      RuleOp::Min,      RuleOp::If};
constexpr std::array Pairs = {RuleOp::Add,    RuleOp::Subtract, RuleOp::Multiply,
                              RuleOp::Divide, RuleOp::Max,      RuleOp::Min};

// As people write numbers: two digits, three of large ones. Divided by a power of ten, so that the double
// is the one that its short text is read as.
double readable(double x) {
  const double size = std::abs(x);
  const double parts = size < 0.1 ? 1'000.0 : size < 1.0 ? 100.0 : size < 10.0 ? 10.0 : 1.0;
  return std::round(x * parts) / parts;
}

// Small whole ones, or any size from 0.01 to 100.
double random_number(Chance& chance) {
  if (chance.uniform() < 0.5) return static_cast<double>(chance.below(6));
  return readable(math::exp(math::uniform(chance.uniform(), math::log(0.01), math::log(100.0))));
}

RuleNode leaf(std::uint32_t attributes, Chance& chance) {
  if (chance.uniform() < 0.2) return {.op = RuleOp::Number, .number = random_number(chance)};
  return {.op = RuleOp::Attribute,
          .attribute = static_cast<std::uint32_t>(chance.below(attributes))};
}

void grow(std::size_t depth, Shape shape, std::uint32_t attributes, Chance& chance,
          std::vector<RuleNode>& out) {
  if (depth <= 1 || (shape == Shape::Grown && chance.uniform() < 0.3)) {
    out.push_back(leaf(attributes, chance));
    return;
  }
  const RuleOp op = Functions[chance.below(Functions.size())];
  for (std::size_t k = 0; k < arity(op); ++k) grow(depth - 1, shape, attributes, chance, out);
  out.push_back({.op = op});
}

// Nine times in ten a function, where there is one (Koza 1992): leaves alone would exchange little.
std::size_t node_of(const Rule& rule, Chance& chance) {
  std::size_t functions = 0;
  for (const RuleNode& node : rule.nodes) functions += arity(node.op) > 0 ? 1U : 0U;
  if (functions == 0 || chance.uniform() < 0.1) return chance.below(rule.size());
  std::size_t k = chance.below(functions);
  for (std::size_t i = 0; i < rule.size(); ++i) {
    if (arity(rule.nodes[i].op) > 0 && k-- == 0) return i;
  }
  return rule.size() - 1;
}

Rule with(const Rule& a, std::size_t root, std::span<const RuleNode> subtree) {
  const auto begin = static_cast<std::ptrdiff_t>(a.begin_of(root));
  const auto end = static_cast<std::ptrdiff_t>(root + 1);
  Rule out;
  out.nodes.assign(a.nodes.begin(), a.nodes.begin() + begin);
  out.nodes.insert(out.nodes.end(), subtree.begin(), subtree.end());
  out.nodes.insert(out.nodes.end(), a.nodes.begin() + end, a.nodes.end());
  return out;
}

std::span<const RuleNode> subtree(const Rule& a, std::size_t root) {
  const std::size_t begin = a.begin_of(root);
  return std::span(a.nodes).subspan(begin, root + 1 - begin);
}

bool fits(const Rule& rule, const RuleSize& size) {
  return rule.size() <= size.largest && rule.depth() <= size.deepest;
}

constexpr int Tries = 4;

}  // namespace

Rule random_rule(std::size_t depth, Shape shape, std::uint32_t attributes, Chance& chance) {
  TWIN_EXPECT(depth > 0 && attributes > 0, depth, attributes);
  Rule rule;
  grow(depth, shape, attributes, chance, rule.nodes);
  return rule;
}

Rule crossed(const Rule& a, const Rule& b, const RuleSize& size, Chance& chance) {
  for (int i = 0; i < Tries; ++i) {
    const std::size_t to = node_of(a, chance), from = node_of(b, chance);
    Rule child = with(a, to, subtree(b, from));
    if (fits(child, size)) return child;
  }
  return a;
}

Rule regrown(const Rule& a, const RuleSize& size, Chance& chance) {
  for (int i = 0; i < Tries; ++i) {
    const std::size_t to = node_of(a, chance);
    const Rule fresh = random_rule(1 + chance.below(4), Shape::Grown, size.attributes, chance);
    Rule child = with(a, to, fresh.nodes);
    if (fits(child, size)) return child;
  }
  return a;
}

Rule hoisted(const Rule& a, Chance& chance) {
  const auto tree = subtree(a, node_of(a, chance));
  return {{tree.begin(), tree.end()}};
}

Rule nudged(const Rule& a, const RuleSize& size, Chance& chance) {
  Rule child = a;
  RuleNode& node = child.nodes[chance.below(child.size())];
  switch (node.op) {
    case RuleOp::Number: {
      const double factor = math::exp(0.3 * math::normal(chance.uniform()));
      node.number = chance.uniform() < 0.7 ? readable(node.number * factor) : random_number(chance);
      if (!(std::abs(node.number) <= 1e6)) node.number = random_number(chance);
      break;
    }
    case RuleOp::Attribute: node = leaf(size.attributes, chance); break;
    case RuleOp::If: {  // the two ways change places
      const std::size_t root = static_cast<std::size_t>(&node - child.nodes.data());
      const auto b = subtree(a, root - 1);
      const auto other = subtree(a, root - 1 - b.size());
      auto to = child.nodes.begin() + static_cast<std::ptrdiff_t>(root - b.size() - other.size());
      to = std::copy(b.begin(), b.end(), to);
      std::copy(other.begin(), other.end(), to);
      break;
    }
    default: node.op = Pairs[chance.below(Pairs.size())];
  }
  return child;
}

}  // namespace twin::decide
