// If these failed, people would decide on less than a recommendation must say, or on something else than
// what was computed.
#include "twin/people/recommendation.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/people/example.hpp"

namespace twin::people {
namespace {

using nlohmann::json;

std::string refused_recommendation(const json& x) {
  return contract::refusal(
      [&] { static_cast<void>(from_json<Recommendation>(x.dump(), "recommendation")); });
}
std::string refused_recommendation(const Recommendation& r) {
  return contract::refusal([&] { check(r, "recommendation"); });
}
json sample_recommendation() { return json::parse(to_json(example::set_point())); }

TEST(Recommendation, ComesBackWholeFromJsonAndFromBytes) {
  for (const Recommendation& r : {example::advice(), example::set_point()}) {
    EXPECT_EQ(from_json<Recommendation>(to_json(r), "r"), r);
    EXPECT_EQ(core::decode<Recommendation>(core::encode(r)), r);
    EXPECT_EQ(refused_recommendation(r), "accepted");
  }
}

// The places of all members, "a/0/b".
void places(const json& x, const std::string& at, std::vector<std::string>& to) {
  for (const auto& [name, value] : x.items()) {
    to.push_back(at + "/" + name);
    if (value.is_structured()) places(value, at + "/" + name, to);
  }
}

TEST(Recommendation, EveryMemberCountsForItsDigest) {
  const std::string whole = to_json(example::set_point());
  std::vector<std::string> all;
  places(sample_recommendation(), "", all);
  ASSERT_GT(all.size(), 80U);
  for (const std::string& place : all) {
    json x = sample_recommendation();
    json& member = x[json::json_pointer(place)];
    if (member.is_structured()) continue;
    member = member.is_string() ? json(member.get<std::string>() + "x") : json("x");
    EXPECT_NE(sha256(x.dump()), sha256(sample_recommendation().dump())) << place;
  }
  EXPECT_EQ(digest_of(example::set_point()), sha256(whole));
}

TEST(Recommendation, WithoutAMemberOrWithAWrongOneIsRefused) {
  // Nothing that a person must be told may be left out; only these may.
  const std::vector<std::string> optional = {"/act/tool", "/act/from", "/edit", "/command"};
  std::vector<std::string> all;
  places(sample_recommendation(), "", all);
  for (const std::string& place : all) {
    json x = sample_recommendation();
    const std::string parent = place.substr(0, place.rfind('/'));
    const std::string name = place.substr(place.rfind('/') + 1);
    json& holder = x[json::json_pointer(parent)];
    json replaced = x;
    replaced[json::json_pointer(place)] = nullptr;
    EXPECT_NE(refused_recommendation(replaced), "accepted") << place << " = null";
    if (holder.is_array()) continue;
    holder.erase(name);
    const bool may_lack = std::ranges::count(optional, place) != 0;
    EXPECT_EQ(refused_recommendation(x) == "accepted", may_lack) << "without " << place;
  }
}

TEST(Recommendation, SaysExactlyWhatIsWrong) {
  const auto with = [](const char* place, const json& value) {
    json x = sample_recommendation();
    x[json::json_pointer(place)] = value;
    return refused_recommendation(x);
  };
  EXPECT_EQ(with("/benefit/probability_best", 1.5),
            "recommendation.benefit.probability_best: 1.5 (at most 1)");
  EXPECT_EQ(with("/benefit/gain/mean", "much"),
            "recommendation.benefit.gain.mean: \"much\" (a number is wanted)");
  EXPECT_EQ(with("/benefit/gain/low", 9),
            "recommendation.benefit.gain: low, mean and high are not in this order");
  EXPECT_EQ(with("/benefit/gain/share", 0.1),
            "recommendation.benefit.gain.share: 0.1 (at least 0.5)");
  EXPECT_EQ(with("/benefit/runs", 2.5),
            "recommendation.benefit.runs: 2.5 (a whole number is wanted)");
  EXPECT_EQ(with("/benefit/runs", -1),
            "recommendation.benefit.runs: -1 (a whole number is wanted)");
  EXPECT_EQ(
      with("/role", "aprover"),
      "recommendation.role: 'aprover' (one of viewer, engineer, approver, operator, admin) did "
      "you mean 'approver'?");
  EXPECT_EQ(with("/role", "viewer"), "recommendation: its role may not approve anything");
  EXPECT_EQ(with("/why/faktors", json::array()),
            "recommendation.why: knows no 'faktors' (it has rule, binding, factors, flips) did you "
            "mean 'factors'?");
  EXPECT_EQ(with("/why/flips", json::array()), "recommendation.why: has no counterfactual");
  EXPECT_EQ(with("/why/factors/0/weight", 7),
            "recommendation.why.factors[0].weight: 7 (at most 1)");
  EXPECT_EQ(with("/id", "R 1"),
            "recommendation.id: is no name (1 to 64 visible ASCII characters without \" \\ , =)");
  EXPECT_EQ(with("/act/words", "a\nb"), "recommendation.act.words: holds the control character 10");
  EXPECT_EQ(with("/act/words", ""), "recommendation.act.words: is empty");
  EXPECT_EQ(with("/act/words", std::string(301, 'x')),
            "recommendation.act.words: has 301 characters (at most 300)");
  EXPECT_EQ(with("/act/value", 2.5), "recommendation: its act's value is outside its own bounds");
  EXPECT_EQ(with("/assumed/seed", 12),
            std::string("recommendation.assumed.seed: 12 (") + Bits64::Pattern + " is wanted)");
  EXPECT_EQ(with("/expires", 1), "recommendation: expires before it was made");
  EXPECT_EQ(with("/undo/how", ""), "recommendation.undo: can be taken back, but does not say how");
  EXPECT_EQ(with("/undo/cannot", ""), "recommendation.undo: does not say what cannot be undone");
  json x = sample_recommendation();
  x.erase("downside");
  EXPECT_EQ(refused_recommendation(x), "recommendation: has no 'downside'");
  x = sample_recommendation();
  x["act"].erase("unit");
  EXPECT_EQ(refused_recommendation(x),
            "recommendation.act: value, parameter and unit come together or not at all");
  json many = sample_recommendation();
  many["past"] = json::array();
  for (int k = 0; k < 9; ++k) many["past"].push_back(sample_recommendation()["past"][0]);
  EXPECT_EQ(refused_recommendation(many), "recommendation.past: has 9 elements (at most 8)");
}

TEST(Recommendation, MadeInMemoryIsCheckedTheSame) {
  Recommendation r = example::set_point();
  r.downside.cvar = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refused_recommendation(r), "recommendation.downside.cvar: is not finite");
  r = example::set_point();
  r.assumed.state_at = r.made + 1;
  EXPECT_EQ(refused_recommendation(r), "recommendation: rests on a state later than itself");
  r = example::advice();
  r.edit = Bound{0, 1};
  EXPECT_EQ(refused_recommendation(r), "recommendation: may be edited, but its act has no value");
}

}  // namespace
}  // namespace twin::people
