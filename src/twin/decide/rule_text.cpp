// How a rule is written and read: infix, as few brackets as it takes.
#include <array>
#include <charconv>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/decide/rule.hpp"

namespace twin::decide {
namespace {

constexpr int Sum = 1, Product = 2, Atom = 3;  // how tightly a text binds

struct Text {
  std::string text;
  int binds = Atom;
};

std::string bracketed(const Text& t, int least) {
  return t.binds >= least ? t.text : "(" + t.text + ")";
}

std::string number_text(double x) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr;
  return {digits.data(), end};
}

class Reader {
 public:
  Reader(std::string_view text, std::span<const std::string> attributes)
      : text_(text), attributes_(attributes) {}

  Rule read() {
    sum(0);
    blanks();
    if (at_ < text_.size()) refuse("an end or an operator");
    return std::move(rule_);
  }

 private:
  static constexpr int Deepest = 200;  // brackets: what nobody reads any more

  [[noreturn]] void refuse(const std::string& expected) const {
    const std::string found =
        at_ < text_.size() ? "'" + std::string(text_.substr(at_, 12)) + "'" : "the end";
    throw core::Error("rule, column " + std::to_string(at_ + 1) + ": " + found + " (expected " +
                      expected + ")");
  }
  void blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool next_is(char c) {
    blanks();
    return at_ < text_.size() && text_[at_] == c;
  }
  bool takes(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }
  void need(char c) {
    if (!takes(c)) refuse(std::string("'") + c + "'");
  }
  void put(RuleOp op) { rule_.nodes.push_back({.op = op}); }

  void sum(int depth) {
    if (depth > Deepest) refuse("fewer brackets within brackets");
    product(depth);
    for (;;) {
      if (takes('+')) {
        product(depth);
        put(RuleOp::Add);
      } else if (takes('-')) {
        product(depth);
        put(RuleOp::Subtract);
      } else {
        return;
      }
    }
  }
  void product(int depth) {
    atom(depth);
    for (;;) {
      if (takes('*')) {
        atom(depth);
        put(RuleOp::Multiply);
      } else if (takes('/')) {
        atom(depth);
        put(RuleOp::Divide);
      } else {
        return;
      }
    }
  }
  void pair(RuleOp op, int depth) {
    need('(');
    sum(depth + 1);
    need(',');
    sum(depth + 1);
    need(')');
    put(op);
  }
  void atom(int depth) {
    if (takes('(')) {
      sum(depth + 1);
      need(')');
      return;
    }
    blanks();
    if (at_ >= text_.size()) refuse("an attribute, a number or a function");
    const char c = text_[at_];
    if (c == '-' || c == '.' || (c >= '0' && c <= '9')) return number();
    const std::string name = word();
    if (name == "max") return pair(RuleOp::Max, depth);
    if (name == "min") return pair(RuleOp::Min, depth);
    if (name == "if") {
      need('(');
      sum(depth + 1);
      need('>');
      if (!takes('0')) refuse("'0': a condition is a comparison with 0");
      need(',');
      sum(depth + 1);
      need(',');
      sum(depth + 1);
      need(')');
      return put(RuleOp::If);
    }
    for (std::uint32_t a = 0; a < attributes_.size(); ++a) {
      if (attributes_[a] == name) {
        rule_.nodes.push_back({.op = RuleOp::Attribute, .attribute = a});
        return;
      }
    }
    at_ -= name.size();
    std::string known;
    for (const std::string& a : attributes_) known += (known.empty() ? "" : ", ") + a;
    refuse(known.empty() ? "a number or a function" : "one of " + known);
  }
  void number() {
    double x = 0.0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), x);
    if (error != std::errc() || !(std::abs(x) <= RuleLimit)) refuse("a number up to 1e100");
    at_ = static_cast<std::size_t>(end - text_.data());
    rule_.nodes.push_back({.op = RuleOp::Number, .number = x});
  }
  std::string word() {
    const std::size_t from = at_;
    const auto inside = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    while (at_ < text_.size() && inside(text_[at_])) ++at_;
    if (at_ == from) refuse("an attribute, a number or a function");
    return std::string(text_.substr(from, at_ - from));
  }

  std::string_view text_;
  std::span<const std::string> attributes_;
  std::size_t at_ = 0;
  Rule rule_;
};

}  // namespace

std::string print(const Rule& rule, std::span<const std::string> attributes) {
  std::vector<Text> stack;
  const auto pop = [&] {
    Text t = std::move(stack.back());
    stack.pop_back();
    return t;
  };
  for (const RuleNode& node : rule.nodes) {
    if (node.op == RuleOp::Number) {
      // A sign in front binds as a sum would, but at the beginning it cannot be taken for one.
      stack.push_back({number_text(node.number), std::signbit(node.number) ? Sum : Atom});
      continue;
    }
    if (node.op == RuleOp::Attribute) {
      TWIN_EXPECT(node.attribute < attributes.size(), node.attribute, attributes.size());
      stack.push_back({attributes[node.attribute], Atom});
      continue;
    }
    const Text b = pop(), a = pop();
    const auto infix = [&](const char* sign, int binds) {
      return Text{bracketed(a, binds) + sign + bracketed(b, binds + 1), binds};
    };
    switch (node.op) {
      case RuleOp::Add: stack.push_back(infix(" + ", Sum)); break;
      case RuleOp::Subtract: stack.push_back(infix(" - ", Sum)); break;
      case RuleOp::Multiply: stack.push_back(infix(" * ", Product)); break;
      case RuleOp::Divide: stack.push_back(infix(" / ", Product)); break;
      case RuleOp::Max: stack.push_back({"max(" + a.text + ", " + b.text + ")", Atom}); break;
      case RuleOp::Min: stack.push_back({"min(" + a.text + ", " + b.text + ")", Atom}); break;
      default: {
        const Text c = pop();
        stack.push_back({"if(" + c.text + " > 0, " + a.text + ", " + b.text + ")", Atom});
      }
    }
  }
  TWIN_EXPECT(stack.size() == 1, stack.size());
  return stack.back().text;
}

Rule parse_rule(std::string_view text, std::span<const std::string> attributes) {
  return Reader(text, attributes).read();
}

}  // namespace twin::decide
