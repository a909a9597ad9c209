// A dispatching rule that was found, not written: an index over a lot's attributes that a person can read,
// as  w / p * max(d - t, 0).  A plain value; the lot with the largest index goes first.
//
// Functions: + - * /, max, min, and if(c > 0, a, b). A rule has a value for all finite attributes: x / 0 is 1
// (J. R. Koza, Genetic Programming, 1992, "protected"), and what leaves +-10^100 is put back there, so
// that no infinity and no NaN ever comes up.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace twin::decide {

inline constexpr double RuleLimit = 1e100;

enum class RuleOp : std::uint8_t {
  Number,
  Attribute,
  Add,
  Subtract,
  Multiply,
  Divide,
  Max,
  Min,
  If
};
inline constexpr std::size_t RuleOps = 9;

constexpr std::size_t arity(RuleOp op) {
  return op <= RuleOp::Attribute ? 0 : op == RuleOp::If ? 3 : 2;
}

struct RuleNode {
  RuleOp op = RuleOp::Number;
  std::uint32_t attribute = 0;  // where op is Attribute
  double number = 0.0;          // where op is Number; finite
  bool operator==(const RuleNode&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("op", self.op);
    archive("attribute", self.attribute);
    archive("number", self.number);
  }
};

struct Rule {
  std::vector<RuleNode> nodes{};  // postfix: operands before their function; of If: c, a, b

  [[nodiscard]] std::size_t size() const { return nodes.size(); }
  [[nodiscard]] std::size_t depth() const;  // a number or an attribute alone: 1
  // The first node of the subtree whose last is `root`.
  [[nodiscard]] std::size_t begin_of(std::size_t root) const;
  // One tree, its attributes below `attributes`, its numbers finite.
  [[nodiscard]] bool valid(std::size_t attributes) const;
  bool operator==(const Rule&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("nodes", self.nodes);
  }
};

// An order over subtrees, for what may be put either way round: -1, 0, 1.
int compared(std::span<const RuleNode> a, std::span<const RuleNode> b);

// Of one lot: attributes[a], all within +-RuleLimit [the caller's duty].
double evaluate(const Rule& rule, std::span<const double> attributes);

// Of many lots at once, with the same bits: columns[attribute][lot], out[lot]. Fast, since each node is
// looked at once for a block of lots.
class RuleBatch {
 public:
  void evaluate(const Rule& rule, std::span<const std::span<const double>> columns,
                std::span<double> out);

 private:
  std::vector<double> stack_;  // [depth][lot of a block]
};

// As it is read and written: print(parse(text)) is the shortest form, parse(print(rule)) == rule.
std::string print(const Rule& rule, std::span<const std::string> attributes);
// core::Error with the place in the text for what cannot be read, and for an unknown attribute.
Rule parse_rule(std::string_view text, std::span<const std::string> attributes);

// The same values, bit for bit but for the sign of zero, from fewer nodes: numbers folded, x - x, x * 0,
// x * 1, max(x, x), if with a known condition and the like; operands that may change places stand in one
// order, so that equal rules look equal.
Rule simplified(const Rule& rule);

}  // namespace twin::decide
