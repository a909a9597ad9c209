// The arithmetic of rules, total over the finite numbers: what evaluates rules and what simplifies them
// must agree to the bit.
#pragma once
#include "twin/decide/rule.hpp"

namespace twin::decide {

// Inside +-RuleLimit. x: not NaN, which sums and products of what is inside cannot be.
inline double kept(double x) {
  const double low = x < -RuleLimit ? -RuleLimit : x;
  return low > RuleLimit ? RuleLimit : low;
}

inline double divided(double a, double b) { return b == 0.0 ? 1.0 : kept(a / b); }

// Of a function of two.
inline double applied(RuleOp op, double a, double b) {
  switch (op) {
    case RuleOp::Add: return kept(a + b);
    case RuleOp::Subtract: return kept(a - b);
    case RuleOp::Multiply: return kept(a * b);
    case RuleOp::Divide: return divided(a, b);
    case RuleOp::Max: return a < b ? b : a;
    case RuleOp::Min: return b < a ? b : a;
    default: return 0.0;
  }
}

}  // namespace twin::decide
