#include "twin/decide/rule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>

#include "twin/core/expect.hpp"
#include "twin/decide/rule_arithmetic.hpp"

namespace twin::decide {

std::size_t Rule::begin_of(std::size_t root) const {
  TWIN_EXPECT(root < nodes.size(), root, nodes.size());
  std::size_t open = 1, i = root + 1;
  while (open > 0) {
    TWIN_EXPECT(i > 0, root);
    --i;
    open += arity(nodes[i].op);
    --open;
  }
  return i;
}

std::size_t Rule::depth() const {
  std::vector<std::size_t> stack;
  for (const RuleNode& node : nodes) {
    std::size_t deepest = 0;
    for (std::size_t k = 0; k < arity(node.op); ++k) {
      deepest = std::max(deepest, stack.back());
      stack.pop_back();
    }
    stack.push_back(deepest + 1);
  }
  return stack.empty() ? 0 : stack.back();
}

bool Rule::valid(std::size_t attributes) const {
  std::size_t have = 0;
  for (const RuleNode& node : nodes) {
    if (static_cast<std::size_t>(node.op) >= RuleOps) return false;
    if (node.op == RuleOp::Attribute && node.attribute >= attributes) return false;
    if (node.op == RuleOp::Number && !(std::abs(node.number) <= RuleLimit)) return false;
    if (have < arity(node.op)) return false;
    have -= arity(node.op);
    ++have;
  }
  return have == 1;
}

int compared(std::span<const RuleNode> a, std::span<const RuleNode> b) {
  // Attributes before functions, numbers last; then what is longer comes first, as people write it.
  const auto kind = [](RuleOp op) {
    return op == RuleOp::Number ? 2 : op == RuleOp::Attribute ? 0 : 1;
  };
  const int ka = kind(a.back().op), kb = kind(b.back().op);
  if (ka != kb) return ka < kb ? -1 : 1;
  if (a.size() != b.size()) return a.size() > b.size() ? -1 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].op != b[i].op) return a[i].op < b[i].op ? -1 : 1;
    if (a[i].attribute != b[i].attribute) return a[i].attribute < b[i].attribute ? -1 : 1;
    if (a[i].number != b[i].number) return a[i].number < b[i].number ? -1 : 1;
  }
  return 0;
}

double evaluate(const Rule& rule, std::span<const double> attributes) {
  std::array<double, 64> few;
  std::vector<double> many;
  double* stack = few.data();
  if (rule.size() > few.size()) {
    many.resize(rule.size());
    stack = many.data();
  }
  std::size_t top = 0;
  for (const RuleNode& node : rule.nodes) {
    if (node.op == RuleOp::Number) {
      stack[top++] = node.number;
    } else if (node.op == RuleOp::Attribute) {
      stack[top++] = attributes[node.attribute];
    } else if (node.op == RuleOp::If) {
      top -= 2;
      stack[top - 1] = stack[top - 1] > 0.0 ? stack[top] : stack[top + 1];
    } else {
      --top;
      stack[top - 1] = applied(node.op, stack[top - 1], stack[top]);
    }
  }
  TWIN_EXPECT(top == 1, top);
  return stack[0];
}

namespace {

constexpr std::size_t Block = 256;  // lots; a stack of 16 of them lies in the first cache

template <class F>
void each(double* a, const double* b, std::size_t n, const F& f) {
  for (std::size_t i = 0; i < n; ++i) a[i] = f(a[i], b[i]);
}

void apply(RuleOp op, double* a, const double* b, const double* c, std::size_t n) {
  switch (op) {
    case RuleOp::Add: return each(a, b, n, [](double x, double y) { return kept(x + y); });
    case RuleOp::Subtract: return each(a, b, n, [](double x, double y) { return kept(x - y); });
    case RuleOp::Multiply: return each(a, b, n, [](double x, double y) { return kept(x * y); });
    case RuleOp::Divide: return each(a, b, n, divided);
    case RuleOp::Max: return each(a, b, n, [](double x, double y) { return x < y ? y : x; });
    case RuleOp::Min: return each(a, b, n, [](double x, double y) { return y < x ? y : x; });
    case RuleOp::If:
      for (std::size_t i = 0; i < n; ++i) a[i] = a[i] > 0.0 ? b[i] : c[i];
      return;
    default: return;
  }
}

}  // namespace

void RuleBatch::evaluate(const Rule& rule, std::span<const std::span<const double>> columns,
                         std::span<double> out) {
  if (out.empty()) return;
  std::size_t deepest = 0, open = 0;
  for (const RuleNode& node : rule.nodes) {
    open += 1 - arity(node.op);
    deepest = std::max(deepest, open);
  }
  TWIN_EXPECT(open == 1, open);
  if (stack_.size() < deepest * Block) stack_.resize(deepest * Block);
  for (std::size_t from = 0; from < out.size(); from += Block) {
    const std::size_t n = std::min(Block, out.size() - from);
    double* top = stack_.data();  // the next free row
    for (const RuleNode& node : rule.nodes) {
      switch (node.op) {
        case RuleOp::Number: std::fill_n(top, n, node.number); break;
        case RuleOp::Attribute: std::copy_n(columns[node.attribute].data() + from, n, top); break;
        case RuleOp::If: apply(node.op, top - 3 * Block, top - 2 * Block, top - Block, n); break;
        default: apply(node.op, top - 2 * Block, top - Block, nullptr, n);
      }
      top = top + Block - arity(node.op) * Block;
    }
    std::copy_n(stack_.data(), n, out.data() + from);
  }
}

}  // namespace twin::decide
