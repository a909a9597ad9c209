// If these failed, the rule that people read would not be the rule that dispatches.
#include "twin/decide/rule.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/decide/rule_breeding.hpp"
#include "twin/math/distributions.hpp"

namespace twin::decide {
namespace {

using contract::refusal;
constexpr std::uint64_t RuleSeed = 20261204;

const std::vector<std::string> RuleNames = {"p", "w", "d", "t", "s"};

Rule parse(std::string_view text) { return parse_rule(text, RuleNames); }

Rule any_rule(std::uint32_t world) {
  Chance chance{{RuleSeed, world}, 0, 0};
  return random_rule(2 + world % 6, world % 2 == 0 ? Shape::Full : Shape::Grown, 5, chance);
}
// Attributes of many sizes, zeros and equals among them.
std::vector<double> any_lot(std::uint32_t world) {
  std::vector<double> x;
  for (std::uint32_t a = 0; a < 5; ++a) {
    const double u = core::Draw{RuleSeed, world}.uniform(1'000, a, 0);
    const double v = core::Draw{RuleSeed, world}.uniform(1'001, a, 0);
    x.push_back(u < 0.2   ? 0.0
                : u < 0.4 ? 2.0
                : u < 0.5 ? 1e60 * math::normal(v)
                          : 10.0 * math::normal(v));
  }
  return x;
}

// As a tree, in the plainest way.
double obvious(const Rule& rule, std::size_t root, const std::vector<double>& x) {
  const RuleNode& node = rule.nodes[root];
  const auto clip = [](double v) { return std::min(std::max(v, -1e100), 1e100); };
  if (node.op == RuleOp::Number) return node.number;
  if (node.op == RuleOp::Attribute) return x[node.attribute];
  const std::size_t rb = root - 1, ra = rule.begin_of(rb) - 1;
  const double b = obvious(rule, rb, x), a = obvious(rule, ra, x);
  switch (node.op) {
    case RuleOp::Add: return clip(a + b);
    case RuleOp::Subtract: return clip(a - b);
    case RuleOp::Multiply: return clip(a * b);
    case RuleOp::Divide: return b == 0 ? 1 : clip(a / b);
    case RuleOp::Max: return std::max(a, b);
    case RuleOp::Min: return std::min(a, b);
    default: return obvious(rule, rule.begin_of(ra) - 1, x) > 0 ? a : b;
  }
}

// Wrong: it would not say what stands there.
TEST(Rule, MeansWhatItSays) {
  const std::vector<double> x = {4, 3, 20, 10, 0};
  EXPECT_EQ(evaluate(parse("w / p"), x), 0.75);
  EXPECT_EQ(evaluate(parse("1 + 2 * p - w - 1"), x), 5.0);
  EXPECT_EQ(evaluate(parse("(1 + 2) * (p - (w - 1))"), x), 6.0);
  EXPECT_EQ(evaluate(parse("d / p / 5"), x), 1.0);
  EXPECT_EQ(evaluate(parse("w / s"), x), 1.0);  // protected
  EXPECT_EQ(evaluate(parse("if(t - d > 0, p, max(w, -2))"), x), 3.0);
  EXPECT_EQ(evaluate(parse("if(s > 0, 1, min(w, 2.5e-1))"), x), 0.25);
  EXPECT_EQ(evaluate(parse("-3 - -4"), x), 1.0);
  EXPECT_EQ(evaluate(parse("1e90 * 1e90 / 1e99"), x), 10.0);
}

// Wrong: a rule that was printed and read again would be another one; texts would have needless brackets.
TEST(Rule, IsReadAsItIsPrinted) {
  for (const char* text :
       {"w / p * max(d - t, 0)", "p - (w - d)", "p - w - d", "p / (w * d)", "p * w / d",
        "if(d - t - p > 0, w / p, 10 * w)", "(p + w) * (-0.5)", "-1 + p", "0.1"}) {
    EXPECT_EQ(print(parse(text), RuleNames), text);
  }
  SCOPED_TRACE(RuleSeed);
  for (std::uint32_t w = 0; w < 2'000; ++w) {
    const Rule rule = any_rule(w);
    ASSERT_TRUE(rule.valid(5));
    EXPECT_EQ(parse(print(rule, RuleNames)), rule) << print(rule, RuleNames);
  }
}

// Wrong: lots would be ranked by something else when there are many, or a rule go off into infinity.
TEST(Rule, IsTheSameBySlowAndFastWays) {
  SCOPED_TRACE(RuleSeed);
  constexpr std::size_t Lots = 700;  // three blocks
  std::vector<std::vector<double>> columns(5), lots;
  for (std::uint32_t i = 0; i < Lots; ++i) {
    lots.push_back(any_lot(i));
    for (std::size_t a = 0; a < 5; ++a) columns[a].push_back(lots.back()[a]);
  }
  const std::vector<std::span<const double>> spans(columns.begin(), columns.end());
  RuleBatch batch;
  std::vector<double> out(Lots);
  for (std::uint32_t w = 0; w < 400; ++w) {
    const Rule rule = any_rule(w);
    batch.evaluate(rule, spans, out);
    for (std::size_t i = 0; i < Lots; ++i) {
      const double slow = obvious(rule, rule.size() - 1, lots[i]);
      ASSERT_TRUE(std::abs(slow) <= RuleLimit);
      ASSERT_EQ(out[i], slow) << print(rule, RuleNames);
      ASSERT_EQ(evaluate(rule, lots[i]), slow);
    }
  }
}

// Wrong: a simplified rule would dispatch other lots. Equal to the bit, never longer, and simple already.
TEST(Simplified, KeepsEveryValue) {
  SCOPED_TRACE(RuleSeed);
  std::size_t before = 0, after = 0;
  for (std::uint32_t w = 0; w < 3'000; ++w) {
    const Rule rule = any_rule(w), less = simplified(rule);
    ASSERT_TRUE(less.valid(5));
    ASSERT_LE(less.size(), rule.size());
    ASSERT_EQ(simplified(less), less) << print(rule, RuleNames) << " -> " << print(less, RuleNames);
    before += rule.size();
    after += less.size();
    for (std::uint32_t i = 0; i < 30; ++i)
      ASSERT_EQ(evaluate(less, any_lot(i)), evaluate(rule, any_lot(i))) << print(rule, RuleNames);
  }
  EXPECT_LT(after, before);
  RecordProperty("nodes_before", std::to_string(before));
  RecordProperty("nodes_after", std::to_string(after));
}

// Wrong: people would have to read what says nothing.
TEST(Simplified, LeavesOutWhatSaysNothing) {
  const std::pair<const char*, const char*> pairs[] = {
      {"2 * 3 + p * 1", "p + 6"},       {"p * w - w * p", "0"},
      {"(p - p) * d + w / w", "1"},     {"if(2 > 0, p, w)", "p"},
      {"if(max(p, 3) > 0, d, w)", "d"}, {"if(max(p, 0) > 0, d, w)", "if(p > 0, d, w)"},
      {"if(p > 0, w, w)", "w"},         {"max(max(p, 2), 3)", "max(p, 3)"},
      {"min(max(p, 2), 1)", "1"},       {"max(5, w)", "max(w, 5)"},
      {"p / 0 + s / 1", "s + 1"},       {"0 - p", "0 - p"},  // cannot be said shorter
      {"(p + 1) - 1", "p + 1 - 1"},                          // true of numbers, not of doubles
  };
  for (const auto& [text, simple] : pairs)
    EXPECT_EQ(print(simplified(parse(text)), RuleNames), simple) << text;
}

// Wrong: a typing error in a rule would dispatch.
TEST(Rule, RefusesNonsense) {
  EXPECT_EQ(refusal([] { parse("w / q"); }), "rule, column 5: 'q' (expected one of p, w, d, t, s)");
  EXPECT_EQ(refusal([] { parse("w / "); }),
            "rule, column 5: the end (expected an attribute, a number or a function)");
  EXPECT_EQ(refusal([] { parse("max(w p)"); }), "rule, column 7: 'p)' (expected ',')");
  EXPECT_EQ(refusal([] { parse("if(w > 1, p, d)"); }),
            "rule, column 8: '1, p, d)' (expected '0': a condition is a comparison with 0)");
  EXPECT_EQ(refusal([] { parse("w p"); }), "rule, column 3: 'p' (expected an end or an operator)");
  EXPECT_EQ(refusal([] { parse("1e400"); }),
            "rule, column 1: '1e400' (expected a number up to 1e100)");
  for (const char* text :
       {"", "(w", "w)", "nan", "inf", "-inf", "1e101", "max()", "w ^ 2", "if(w, p, d)"})
    EXPECT_NE(refusal([&] { parse(text); }), "accepted") << text;
  EXPECT_NE(refusal([] { parse(std::string(100'000, '(') + "p"); }), "accepted");
  EXPECT_FALSE(Rule{}.valid(5));
  EXPECT_FALSE((Rule{{{.op = RuleOp::Add}}}.valid(5)));
  EXPECT_FALSE((Rule{{{.op = RuleOp::Attribute, .attribute = 5}}}.valid(5)));
  EXPECT_FALSE((Rule{{{.number = 1}, {.number = 2}}}.valid(5)));
}

// Wrong: a rule could not be kept in a record.
TEST(Rule, IsAValue) {
  const Rule rule = parse("if(d - t > 0, w / p, 3)");
  EXPECT_EQ(core::load<Rule>(core::save(rule)), rule);
  EXPECT_EQ(rule.depth(), 3U);
  EXPECT_EQ(rule.size(), 8U);
  EXPECT_EQ(rule.begin_of(2), 0U);
}

}  // namespace
}  // namespace twin::decide
