// What a rule says in fewer nodes. Only rewrites that keep every value exactly: a rule that is simplified
// must dispatch the same lots, so what is true of real numbers alone, as (x + 1) - 1 = x, is left.
#include <algorithm>
#include <optional>

#include "twin/core/expect.hpp"
#include "twin/decide/rule.hpp"
#include "twin/decide/rule_arithmetic.hpp"

namespace twin::decide {
namespace {

using Nodes = std::vector<RuleNode>;

std::optional<double> number(const Nodes& x) {
  if (x.size() == 1 && x[0].op == RuleOp::Number) return x[0].number;
  return std::nullopt;
}
bool is(const Nodes& x, double value) { return number(x) == value; }
Nodes of(double value) { return {{.op = RuleOp::Number, .number = value}}; }

Nodes joined(const Nodes& a, const Nodes& b, RuleOp op) {
  Nodes out = a;
  out.insert(out.end(), b.begin(), b.end());
  out.push_back({.op = op});
  return out;
}

bool commutes(RuleOp op) {
  return op == RuleOp::Add || op == RuleOp::Multiply || op == RuleOp::Max || op == RuleOp::Min;
}

// Attributes may be anything, so of what is not a number only this is known: a maximum with a number is no
// less than it, a minimum no more.
std::optional<double> at_least(const Nodes& x) {
  if (number(x)) return number(x);
  if (x.back().op == RuleOp::Max && x[x.size() - 2].op == RuleOp::Number)
    return x[x.size() - 2].number;
  return std::nullopt;
}
std::optional<double> at_most(const Nodes& x) {
  if (number(x)) return number(x);
  if (x.back().op == RuleOp::Min && x[x.size() - 2].op == RuleOp::Number)
    return x[x.size() - 2].number;
  return std::nullopt;
}

Nodes two(RuleOp op, Nodes a, Nodes b) {
  if (number(a) && number(b)) return of(applied(op, *number(a), *number(b)));
  if (commutes(op) && compared(a, b) > 0) std::swap(a, b);  // numbers stand last now
  switch (op) {
    case RuleOp::Add:
      if (is(b, 0.0)) return a;
      break;
    case RuleOp::Subtract:
      if (is(b, 0.0)) return a;
      if (a == b) return of(0.0);
      break;
    case RuleOp::Multiply:
      if (is(b, 1.0)) return a;
      if (is(b, 0.0)) return of(0.0);
      break;
    case RuleOp::Divide:
      if (is(b, 1.0)) return a;
      if (is(b, 0.0) || a == b) return of(1.0);
      break;
    case RuleOp::Max:
      if (a == b) return a;
      if (at_least(a) && number(b) && *at_least(a) >= *number(b)) return a;
      if (at_most(a) && number(b) && *at_most(a) <= *number(b)) return b;
      break;
    case RuleOp::Min:
      if (a == b) return a;
      if (at_most(a) && number(b) && *at_most(a) <= *number(b)) return a;
      if (at_least(a) && number(b) && *at_least(a) >= *number(b)) return b;
      break;
    default: break;
  }
  // max(max(x, 2), 3) = max(x, 3), and so for min.
  if ((op == RuleOp::Max || op == RuleOp::Min) && number(b) && a.back().op == op &&
      a[a.size() - 2].op == RuleOp::Number) {
    a[a.size() - 2].number = applied(op, a[a.size() - 2].number, *number(b));
    return a;
  }
  return joined(a, b, op);
}

Nodes choice(Nodes c, const Nodes& a, const Nodes& b) {
  if (a == b) return a;
  if (at_least(c) && *at_least(c) > 0.0) return a;
  if (at_most(c) && *at_most(c) <= 0.0) return b;
  // c > 0 if max(c, 0) > 0, and the other way round.
  if (c.back().op == RuleOp::Max && c[c.size() - 2].op == RuleOp::Number &&
      c[c.size() - 2].number <= 0.0) {
    c.resize(c.size() - 2);
  }
  Nodes out = std::move(c);
  out.insert(out.end(), a.begin(), a.end());
  out.insert(out.end(), b.begin(), b.end());
  out.push_back({.op = RuleOp::If});
  return out;
}

}  // namespace

Rule simplified(const Rule& rule) {
  std::vector<Nodes> stack;
  const auto pop = [&] {
    TWIN_EXPECT(!stack.empty());
    Nodes x = std::move(stack.back());
    stack.pop_back();
    return x;
  };
  for (const RuleNode& node : rule.nodes) {
    if (node.op == RuleOp::Number) {
      stack.push_back(of(node.number + 0.0));  // -0 becomes 0
    } else if (node.op == RuleOp::Attribute) {
      stack.push_back({node});
    } else if (node.op == RuleOp::If) {
      Nodes b = pop(), a = pop(), c = pop();
      stack.push_back(choice(std::move(c), a, b));
    } else {
      Nodes b = pop(), a = pop();
      stack.push_back(two(node.op, std::move(a), std::move(b)));
    }
  }
  TWIN_EXPECT(stack.size() == 1, stack.size());
  return {std::move(stack.back())};
}

}  // namespace twin::decide
