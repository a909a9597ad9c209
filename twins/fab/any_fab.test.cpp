// If these failed, a user would run another rule than the one named.
#include "twins/fab/any_fab.hpp"

#include <gmock/gmock.h>

#include "twin/core/error.hpp"
#include "twins/fab/fab.hpp"
#include "twins/fab/rules/atcs.hpp"
#include "twins/fab/rules/fifo.hpp"
#include "twins/fab/rules/fsvct.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::shared_ptr<const Layout> layout(std::string_view rule) {
  return compile(semantics::busy_fab().description, with_rule({}, rule));
}

State run(const AnyFab& fab) {
  const auto theta = fab.layout().nominal_theta();
  State x = fab.initial(theta, {.seed = 1, .member = 0});
  fab.advance(x, theta, static_cast<Tick>(DayMs), {.seed = 1, .member = 0});
  return x;
}

template <class Rule>
State run_typed(const std::shared_ptr<const Layout>& m, Rule rule, Dispatching how = {}) {
  const Fab<Rule> fab(m, rule, how);
  const auto theta = m->nominal_theta();
  State x = fab.initial(theta, {.seed = 1, .member = 0});
  fab.advance(x, theta, static_cast<Tick>(DayMs), {.seed = 1, .member = 0});
  return x;
}

std::string refusal(std::string_view rule) {
  try {
    make_fab(layout("fifo"), rule);
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return "accepted";
}

// Wrong: a mistyped rule would run as another one, or the user would not learn which there are.
TEST(AnyFab, UnknownRulesAreNamedWithTheNearest) {
  EXPECT_THAT(refusal("fifoo"), AllOf(HasSubstr("unknown rule 'fifoo'"), HasSubstr("published"),
                                      HasSubstr("did you mean fifo?")));
  EXPECT_THAT(refusal(""), HasSubstr("unknown rule ''"));
  EXPECT_THROW(with_rule({}, "nonsense"), twin::core::Error);
}

// Wrong: a parameter would be dropped in silence.
TEST(AnyFab, WrongParametersAreRefused) {
  EXPECT_THAT(refusal("atcs:k3=1"), HasSubstr("no parameter 'k3' in rule 'atcs:k3=1'"));
  EXPECT_THAT(refusal("fifo:k1=1"), HasSubstr("no parameter 'k1'"));
  EXPECT_THAT(refusal("atcs:k1=fast"), HasSubstr("k1=fast"));
  EXPECT_THAT(refusal("atcs:k1=0"), HasSubstr("must be name=number, the number positive"));
  EXPECT_THAT(refusal("atcs:k1=1,k2"), HasSubstr("k2"));
  EXPECT_EQ(refusal("atcs:k1=1,k2=2.5"), "accepted");
  EXPECT_THAT(refusal("fifo:batch=1.5"),
              HasSubstr("a share of the maximum from 0 to 1, mcb or bof"));
  EXPECT_THAT(refusal("published:batch=full"), HasSubstr("batch=full in rule"));
  EXPECT_THAT(refusal("spt:setups=no"), HasSubstr("must be avoid or ignore"));
  EXPECT_THAT(refusal("atcs:setups=avoid"), HasSubstr("this rule weighs setups itself"));
  EXPECT_EQ(refusal("batcs:k1=3,batch=bof,k2=0.01"), "accepted");
}

// Wrong: what stands beside a rule would be lost on its way to the engine, for one rule or another.
TEST(AnyFab, BatchesAndSetupsStandBesideAnyRule) {
  const auto m = layout("fifo");
  const State plain = run(*make_fab(m, "fifo"));
  const Dispatching how{.batch = {BatchPolicy::Start::Fill, 1.0}, .setups = SetupRank::Ignore};
  const State with = run(*make_fab(m, "fifo:setups=ignore,batch=1"));
  EXPECT_TRUE(with == run_typed(m, Fifo{}, how));
  EXPECT_FALSE(with == plain);
  EXPECT_TRUE(run(*make_fab(m, "fifo:setups=avoid")) == plain);  // as the data set has it
  for (const RuleName& rule : rule_names()) {
    const std::string name(rule.name);
    const auto mine = layout(name);
    EXPECT_FALSE(run(*make_fab(mine, name + ":batch=1")) == run(*make_fab(mine, name))) << name;
  }
}

// Wrong: a name would not be the rule it names, or its parameters would not reach it.
TEST(AnyFab, ANameIsItsRule) {
  const auto m = layout("fifo");
  EXPECT_TRUE(run(*make_fab(m, "fifo")) == run_typed(m, Fifo{}));
  Fsvct fsvct;
  fsvct.flow_factor = 3.5;
  EXPECT_TRUE(run(*make_fab(m, "fsvct:flow_factor=3.5")) == run_typed(m, fsvct));
  EXPECT_FALSE(run(*make_fab(m, "fsvct")) == run_typed(m, Fifo{}));
  const auto weighing = layout("atcs");
  EXPECT_TRUE(weighing->options.setup_lines);
  Atcs atcs;
  atcs.k1 = 1.5;
  atcs.k2 = 0.25;
  EXPECT_TRUE(run(*make_fab(weighing, "atcs:k1=1.5,k2=0.25")) == run_typed(weighing, atcs));
}

// Wrong: a data set of one criterion would run the slow rule, or the fast one would be another
// order.
TEST(AnyFab, PublishedIsThePlainRuleWhereAllGroupsAgree) {
  semantics::TinyFab fab = semantics::busy_fab();
  for (ToolGroup& g : fab.description.tool_groups)
    g.rank = {Criterion::HighestPriority, Criterion::LeastSetup, Criterion::Fifo};
  const auto m = compile(fab.description);
  EXPECT_TRUE(run(*make_fab(m, "published")) == run(*make_fab(m, "fifo")));
  for (ToolGroup& g : fab.description.tool_groups) g.rank.back() = Criterion::CriticalRatio;
  const auto ratios = compile(fab.description);
  EXPECT_TRUE(run(*make_fab(ratios, "published")) == run(*make_fab(ratios, "cr")));
}

// Wrong: the list that help prints would not be the list that runs.
TEST(AnyFab, EveryListedRuleRuns) {
  const auto names = rule_names();
  EXPECT_GE(names.size(), 16U);
  for (const RuleName& rule : names) {
    EXPECT_FALSE(rule.text.empty());
    EXPECT_GT(run(*make_fab(layout(rule.name), rule.name)).events, 500U) << rule.name;
  }
  EXPECT_THAT(rule_parameters("atcs"), testing::ElementsAre("k1 = 2", "k2 = 0.5"));
  EXPECT_TRUE(rule_parameters("fifo").empty());
}

}  // namespace
}  // namespace twins::fab
