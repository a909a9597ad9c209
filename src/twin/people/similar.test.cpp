// If these failed, people would be shown other cases than those that were like theirs, or other numbers.
#include "twin/people/similar.hpp"

#include <gtest/gtest.h>

#include "twin/people/example.hpp"

namespace twin::people {
namespace {

Recommendation plain(const std::string& id, double gain = 1.25) {
  Recommendation r = example::advice(id);
  r.benefit.gain = {.low = gain - 1, .mean = gain, .high = gain + 1};
  return r;
}

// Proposed, rejected, and replayed.
void add(People& people, const Recommendation& r, double realised) {
  const Moment moment{.now = example::Now, .state = {1}, .target = {42}};
  Asked a{.id = r.id, .actor = "twin", .content = r};
  people.apply(people.note(nullptr, a, moment));
  a = {.id = r.id,
       .step = Step::Reject,
       .actor = "bob",
       .capacity = Capacity::Approver,
       .reason = Reason::TooRisky};
  people.apply(people.note(people.find(r.id), a, moment));
  people.apply(people.note(
      outcome_of(*people.find(r.id),
                 {.became = Became::NotCarriedOut,
                  .from = example::Now,
                  .until = example::Now + 1,
                  .realised = {.low = realised - 1, .mean = realised, .high = realised + 1},
                  .method = "replay"},
                 example::Now + 2)));
}

TEST(Similar, LikenessIsTheSumThatIsToldAndWithinItsBounds) {
  const Recommendation one = plain("A");
  EXPECT_DOUBLE_EQ(likeness(one, one), 1.0);
  EXPECT_LE(likeness(one, one), 1.0);
  const auto with = [&](auto change) {
    Recommendation r = one;
    change(r);
    return likeness(r, one);
  };
  using R = Recommendation;
  EXPECT_DOUBLE_EQ(with([](R& r) { r.act.kind = "offset"; }), 0.5);
  EXPECT_DOUBLE_EQ(with([](R& r) { r.act.target = "L8"; }), 0.8);
  EXPECT_DOUBLE_EQ(with([](R& r) { r.benefit.gain.mean = -1.25; }), 0.85);
  EXPECT_DOUBLE_EQ(with([](R& r) { r.benefit.gain.mean = 3.75; }), 0.85 + 0.15 * 0.5);
  EXPECT_DOUBLE_EQ(with([](R& r) { r.why.factors.clear(); }), 0.85);
  EXPECT_DOUBLE_EQ(with([](R& r) { r.why.factors[1].value = 2.0; }), 0.85 + 0.15 * 0.75);
  EXPECT_DOUBLE_EQ(with([](R& r) { r.why.factors[0].unit = "min"; }), 0.85 + 0.15 * 0.5);
  EXPECT_DOUBLE_EQ(with([](R& r) { r.why.factors.push_back({"one more", 1, "", 0}); }), 1.0);
  EXPECT_DOUBLE_EQ(with([](R& r) {
                     r.act.kind = "offset";
                     r.act.target = "L8";
                     r.benefit.gain.mean = -1;
                     r.why.factors.clear();
                   }),
                   0.0);
}

TEST(Similar, GivesTheLikestFirstAndOfEquallyLikeOnesTheNewest) {
  People people;
  EXPECT_TRUE(similar(people, plain("X")).empty());
  for (int k = 0; k < 6; ++k) add(people, plain("SAME-" + std::to_string(k)), k);
  Recommendation elsewhere = plain("ELSEWHERE");
  elsewhere.act.target = "L8";
  add(people, elsewhere, 7);
  for (int k = 0; k < 3; ++k) {
    Recommendation other = plain("OTHER-" + std::to_string(k));
    other.act.kind = "offset";
    add(people, other, 8);
  }
  Recommendation minutes = plain("MINUTES");
  minutes.benefit.unit = "min";
  add(people, minutes, 9);
  const Moment moment{.now = example::Now, .state = {1}, .target = {42}};
  const Asked open{.id = "OPEN", .actor = "twin", .content = plain("OPEN")};
  people.apply(people.note(nullptr, open, moment));

  const std::vector<Past> past = similar(people, plain("X"));
  std::vector<std::string> names;
  for (const Past& p : past) names.push_back(p.id);
  EXPECT_EQ(names, (std::vector<std::string>{"SAME-5", "SAME-4", "SAME-3", "SAME-2", "SAME-1",
                                             "SAME-0", "ELSEWHERE", "OTHER-2"}));
  EXPECT_EQ(past[0].realised, 5.0);
  EXPECT_EQ(past[0].promised, 1.25);
  EXPECT_EQ(past[0].outcome, "rejected (too-risky)");
  EXPECT_EQ(similar(people, plain("SAME-5"))[0].id, "SAME-4") << "nothing is its own past";
  Recommendation told = plain("X");
  told.past = past;
  check(told, "recommendation");
}

}  // namespace
}  // namespace twin::people
