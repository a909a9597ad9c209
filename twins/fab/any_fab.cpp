#include "twins/fab/any_fab.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"
#include "twins/fab/fab.hpp"
#include "twins/fab/forecast/sightings.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/rules/atc.hpp"
#include "twins/fab/rules/atcs.hpp"
#include "twins/fab/rules/batcs.hpp"
#include "twins/fab/rules/cr.hpp"
#include "twins/fab/rules/edd.hpp"
#include "twins/fab/rules/fasfs.hpp"
#include "twins/fab/rules/fifo.hpp"
#include "twins/fab/rules/fsvct.hpp"
#include "twins/fab/rules/mod.hpp"
#include "twins/fab/rules/odd.hpp"
#include "twins/fab/rules/published.hpp"
#include "twins/fab/rules/random.hpp"
#include "twins/fab/rules/spt.hpp"
#include "twins/fab/rules/srpt.hpp"
#include "twins/fab/rules/wmod.hpp"
#include "twins/fab/rules/wspt.hpp"

namespace twins::fab {

namespace {

// The registry: a new rule is one small file and its name here.
using Rules = std::tuple<Published, Fifo, Fasfs, Random, Cr, Spt, Wspt, Srpt, Edd, Odd, Mod, Wmod,
                         Fsvct, Atc, Atcs, Batcs>;

template <class Rule>
class RuledFab final : public AnyFab {
 public:
  RuledFab(std::shared_ptr<const Layout> layout, Rule rule, Beside beside)
      : fab_(std::move(layout), rule, std::move(beside)) {}
  [[nodiscard]] const Layout& layout() const override { return fab_.layout(); }
  [[nodiscard]] State initial(std::span<const double> theta, twin::core::Draw draw) const override {
    return fab_.initial(theta, draw);
  }
  void advance(State& x, std::span<const double> theta, Tick until,
               twin::core::Draw draw) const override {
    fab_.advance(x, theta, until, draw);
  }
  void advance(State& x, std::span<const double> theta, Tick until, twin::core::Draw draw,
               LogSink& log) const override {
    fab_.advance(x, theta, until, draw, log);
    log.pause(x);
  }
  void advance(State& x, std::span<const double> theta, Tick until, twin::core::Draw draw,
               forecast::Sightings& sightings) const override {
    fab_.advance(x, theta, until, draw, sightings);
  }
  [[nodiscard]] double queue_key(const Lot& lot, Tick now) const override {
    if constexpr (Rule::Dynamic) return static_cast<double>(lot.since);
    return fab_.rule()(fab_.layout(), lot, Look{now});
  }
  [[nodiscard]] const Beside& beside() const override { return fab_.beside(); }

 private:
  Fab<Rule> fab_;
};

// A rule behind a pointer. The simulator is compiled once for all rules that share it, not once for each
// (docs/decisions/0020): a static rule is asked once a lot and queue, so the call does not show.
template <class Traits>
class Shared : public Traits {
 public:
  template <class Rule>
  explicit Shared(const Rule& rule) : ask_(&ask<Rule>) {
    static_assert(std::is_trivially_copyable_v<Rule> && sizeof(Rule) <= sizeof parameters_);
    std::memcpy(parameters_.data(), &rule, sizeof rule);
  }
  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    return ask_(*this, m, lot, look);
  }

 private:
  template <class Rule>
  static double ask(const Shared& self, const Layout& m, const Lot& lot, const Look& look) {
    Rule rule;
    std::memcpy(static_cast<void*>(&rule), self.parameters_.data(), sizeof rule);
    return rule(m, lot, look);
  }

  double (*ask_)(const Shared&, const Layout&, const Lot&, const Look&);
  alignas(double) std::array<std::byte, 2 * sizeof(double)> parameters_{};
};

// The others are asked for each waiting lot at each decision, or much used, and are compiled for themselves.
template <class Rule>
using RunsAs = std::conditional_t<
    !Rule::Dynamic && !std::is_same_v<Rule, Fifo>, Shared<StaticRule>,
    std::conditional_t<std::is_same_v<Rule, Random> || std::is_same_v<Rule, Mod> ||
                           std::is_same_v<Rule, Wmod>,
                       Shared<DynamicRule>, Rule>>;

template <class Rule>
std::unique_ptr<AnyFab> ruled_fab(std::shared_ptr<const Layout> layout, const Rule& rule,
                                  Beside beside) {
  using Runs = RunsAs<Rule>;
  return std::make_unique<RuledFab<Runs>>(std::move(layout), Runs(rule), std::move(beside));
}

template <class F>
void for_each_rule(const F& f) {
  std::apply([&](const auto&... rule) { (f(rule), ...); }, Rules{});
}

std::string_view bare_name(std::string_view text) { return text.substr(0, text.find(':')); }

// A rule and what stands beside it, as their text says.
template <class Rule>
struct Worded {
  Rule rule;
  Dispatching how;
  std::vector<NamedValue> release, qualified, planned;

  [[nodiscard]] Beside beside(const Layout& layout, std::string_view whole) const {
    Beside made = how;
    if (auto control = release_control(layout, release, whole))
      made.release = std::make_shared<const ReleaseControl>(std::move(*control));
    if (auto which = qualification(layout, qualified, whole))
      made.qualified = std::make_shared<const Qualification>(std::move(*which));
    if (auto plan = group_plan(layout, planned, whole))
      made.planned = std::make_shared<const GroupPlan>(std::move(*plan));
    return made;
  }
};

std::optional<double> number_in(std::string_view digits) {
  double value = 0.0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

BatchPolicy batch_policy(std::string_view word, const std::string& where) {
  using Start = BatchPolicy::Start;
  if (word == "mcb") return {Start::Fullest};
  if (word == "bof") return {Start::BestOfFamily};
  const auto fill = number_in(word);
  if (!fill || !(*fill >= 0.0 && *fill <= 1.0))
    throw twin::core::Error("batch=" + std::string(word) + where +
                            " (must be a share of the maximum from 0 to 1, mcb or bof)");
  return {Start::Fill, *fill};
}

SetupRank setup_rank(std::string_view word, const std::string& where) {
  if (word == "avoid") return SetupRank::Avoid;
  if (word == "ignore") return SetupRank::Ignore;
  throw twin::core::Error("setups=" + std::string(word) + where + " (must be avoid or ignore)");
}

template <class Rule>
void set_parameter(Worded<Rule>& worded, std::string_view assignment, std::string_view whole) {
  const std::size_t equals = assignment.find('=');
  const std::string_view name = assignment.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? "" : assignment.substr(equals + 1);
  const std::string where = " in rule '" + std::string(whole) + "'";
  if (name == "batch") {
    worded.how.batch = batch_policy(value, where);
    return;
  }
  if (name == "setups") {
    if (Rule::WeighsSetup)
      throw twin::core::Error(std::string(assignment) + where +
                              " (this rule weighs setups itself)");
    worded.how.setups = setup_rank(value, where);
    return;
  }
  if (is_release_parameter(name)) {
    worded.release.push_back({name, value});
    return;
  }
  if (is_qualification_parameter(name)) {
    worded.qualified.push_back({name, value});
    return;
  }
  if (is_plan_parameter(name)) {
    worded.planned.push_back({name, value});
    return;
  }
  if constexpr (requires { Rule::Parameters; }) {
    for (const auto& parameter : Rule::Parameters) {
      if (parameter.name != name) continue;
      const auto number = number_in(value);
      if (!number || !(*number > 0.0))
        throw twin::core::Error(std::string(assignment) + where +
                                " (must be name=number, the number positive)");
      worded.rule.*parameter.value = *number;
      return;
    }
  }
  throw twin::core::Error("no parameter '" + std::string(name) + "'" + where +
                          " (the rule does not have it)");
}

template <class Rule>
Worded<Rule> with_parameters(Rule rule, std::string_view text) {
  Worded<Rule> worded{rule, {}, {}, {}, {}};
  std::size_t from = text.find(':');
  while (from != std::string_view::npos) {
    const std::size_t comma = text.find(',', from + 1);
    set_parameter(worded,
                  text.substr(from + 1, comma == std::string_view::npos ? comma : comma - from - 1),
                  text);
    from = comma;
  }
  return worded;
}

[[noreturn]] void unknown_rule(std::string_view name) {
  std::vector<std::string> known;
  for_each_rule([&](const auto& rule) { known.emplace_back(rule.Name.name); });
  std::string message = "unknown rule '" + std::string(name) + "' (known:";
  for (const std::string& k : known) message += " " + k;
  message += ")";
  if (const auto guess = twin::core::nearest(name, known))
    message += " did you mean " + *guess + "?";
  throw twin::core::Error(message);
}

}  // namespace

std::unique_ptr<AnyFab> make_fab(std::shared_ptr<const Layout> layout, std::string_view text) {
  if (bare_name(text) ==
      Published::Name.name) {  // one criterion everywhere runs as that rule: the same order, faster
    const Beside beside = with_parameters(Published{}, text).beside(*layout, text);
    bool any_cr = false, any_fifo = false;
    for (const GroupInfo& g : layout->groups) (g.critical_ratio ? any_cr : any_fifo) = true;
    if (!any_cr) return ruled_fab(std::move(layout), Fifo{}, beside);
    if (!any_fifo) return ruled_fab(std::move(layout), Cr{}, beside);
  }
  std::unique_ptr<AnyFab> fab;
  for_each_rule([&](const auto& rule) {
    using Rule = std::remove_cvref_t<decltype(rule)>;
    if (Rule::Name.name != bare_name(text)) return;
    const Worded<Rule> worded = with_parameters(rule, text);
    fab = ruled_fab(layout, worded.rule, worded.beside(*layout, text));
  });
  if (!fab) unknown_rule(bare_name(text));
  return fab;
}

LayoutOptions with_rule(LayoutOptions options, std::string_view text) {
  bool known = false;
  for_each_rule([&](const auto& rule) {
    if (rule.Name.name != bare_name(text)) return;
    known = true;
    if (rule.WeighsSetup) options.setup_lines = true;
  });
  if (!known) unknown_rule(bare_name(text));
  return options;
}

std::vector<RuleName> rule_names() {
  std::vector<RuleName> names;
  for_each_rule([&](const auto& rule) { names.push_back(rule.Name); });
  return names;
}

std::vector<std::string> rule_parameters(std::string_view name) {
  std::vector<std::string> lines;
  for_each_rule([&](const auto& rule) {
    using Rule = std::remove_cvref_t<decltype(rule)>;
    if constexpr (requires { Rule::Parameters; }) {
      if (Rule::Name.name != name) return;
      for (const auto& p : Rule::Parameters) {
        std::array<char, 32> digits{};
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), rule.*p.value).ptr;
        lines.push_back(std::string(p.name) + " = " + std::string(digits.data(), end));
      }
    }
  });
  return lines;
}

}  // namespace twins::fab
