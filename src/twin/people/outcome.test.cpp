// If these failed, promises would be compared with what never came, with another promise, or twice.
#include "twin/people/outcome.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/people/example.hpp"
#include "twin/people/people.hpp"

namespace twin::people {
namespace {

constexpr Moment Here{.now = example::Now, .state = {0x0123456789ABCDEF}, .target = {42}};

void take(People& people, Asked a) {
  const Case* one = people.find(a.id);
  if (one != nullptr) a.seen = one->digest;
  ASSERT_EQ(refusal(example::rules(), one, a, Here), "");
  people.apply(people.note(one, a, Here));
}
void propose(People& people) {
  take(people, {.id = "R-1", .actor = "twin", .content = example::advice()});
}
void step(People& people, Step s, Reason reason = Reason::None) {
  const bool person = s == Step::Approve || s == Step::Reject;
  take(people, {.id = "R-1",
                .step = s,
                .actor = person ? "alice" : "link",
                .capacity = person ? Capacity::Approver : Capacity::Link,
                .reason = reason});
}
OutcomeEntry found(const People& people, Became became, double mean = 0.9) {
  return outcome_of(*people.find("R-1"),
                    {.became = became,
                     .from = example::Now,
                     .until = example::Now + 7'200'000,
                     .realised = {.low = mean - 0.5, .mean = mean, .high = mean + 0.5},
                     .method = "20 pairs of replays, common random numbers"},
                    example::Now + 8'000'000);
}
std::string refused_outcome(const People& people, const OutcomeEntry& entry) {
  People after = people;
  const std::string why = contract::refusal([&] { after.apply(after.note(entry)); });
  EXPECT_EQ(after == people, why != "accepted") << "a refusal must leave it unchanged";
  return why;
}

TEST(Outcome, IsKeptBesideItsCaseOnce) {
  People people;
  propose(people);
  step(people, Step::Reject, Reason::NotNow);
  const OutcomeEntry entry = found(people, Became::NotCarriedOut);
  EXPECT_TRUE(entry.inside);  // 0.2 <= 0.9 <= 2.5
  people.apply(people.note(entry));
  ASSERT_NE(people.sequel("R-1"), nullptr);
  ASSERT_TRUE(people.sequel("R-1")->outcome);
  EXPECT_EQ(people.sequel("R-1")->outcome->realised, entry.realised);
  EXPECT_EQ(people.sequel("R-1")->outcome->number, 2U);
  EXPECT_EQ(people.sequel("R-1")->rejected, Reason::NotNow);
  EXPECT_EQ(people.sequel("R-1")->proposed, example::Now);
  EXPECT_EQ(people.sequel("R-2"), nullptr);
  EXPECT_EQ(people.trail().size(), 3U);
  EXPECT_EQ(refused_outcome(people, entry), "people.outcome: what came of 'R-1' is known already");
  EXPECT_EQ(core::load<People>(core::save(people)), people);
}

TEST(Outcome, ComesOnlyOfWhatHasEndedOrWasAcknowledgedAndAsItEnded) {
  constexpr Became Yes = Became::CarriedOut, No = Became::NotCarriedOut;
  People people;
  propose(people);
  EXPECT_EQ(refused_outcome(people, found(people, No)),
            "people.outcome: 'R-1' is proposed: nothing has come of it yet");
  People rejected = people;
  step(rejected, Step::Reject, Reason::TooRisky);
  EXPECT_EQ(refused_outcome(rejected, found(rejected, Yes)),
            "people.outcome: 'R-1' is rejected, which is not carried-out");
  EXPECT_EQ(refused_outcome(rejected, found(rejected, No)), "accepted");
  step(people, Step::Approve);
  EXPECT_EQ(refused_outcome(people, found(people, Yes)),
            "people.outcome: 'R-1' is approved: nothing has come of it yet");
  step(people, Step::Send);
  EXPECT_EQ(refused_outcome(people, found(people, Yes)),
            "people.outcome: 'R-1' is sent: nothing has come of it yet");
  People failed = people;
  step(failed, Step::Fail, Reason::NoAnswer);
  EXPECT_EQ(refused_outcome(failed, found(failed, Yes)),
            "accepted");  // nobody knows what a silent tool did
  EXPECT_EQ(refused_outcome(failed, found(failed, No)), "accepted");
  step(people, Step::Acknowledge);
  EXPECT_EQ(refused_outcome(people, found(people, Yes)), "accepted");
  EXPECT_EQ(refused_outcome(people, found(people, No)),
            "people.outcome: 'R-1' is acknowledged, which is not not-carried-out");
  step(people, Step::Verify);
  EXPECT_EQ(refused_outcome(people, found(people, Yes)), "accepted");
  OutcomeEntry unknown = found(people, Yes);
  unknown.id = "R-9";
  EXPECT_EQ(refused_outcome(people, unknown), "people.outcome: there is no recommendation 'R-9'");
}

TEST(Outcome, AgreesWithItsNumbersAndWithThePromise) {
  People people;
  propose(people);
  step(people, Step::Reject, Reason::NotNow);
  const OutcomeEntry right = found(people, Became::NotCarriedOut);
  const auto with = [&](auto change) {
    OutcomeEntry e = right;
    change(e);
    return refused_outcome(people, e);
  };
  using E = OutcomeEntry;
  EXPECT_EQ(with([](E&) {}), "accepted");
  EXPECT_EQ(with([](E& e) { e.inside = false; }),
            "people.outcome: says outside, but its realised mean is within the promised interval");
  EXPECT_EQ(with([](E& e) { e.realised = {.low = 2, .mean = 3, .high = 4}; }),
            "people.outcome: says inside, but its realised mean is not within the promised "
            "interval");
  EXPECT_EQ(with([](E& e) { e.until = e.from; }), "people.outcome: replays no time");
  EXPECT_EQ(with([](E& e) { e.until = e.at + 1; }),
            "people.outcome: replays what has not been yet");
  EXPECT_EQ(with([](E& e) {
              e.from -= 2;
              e.until = e.from + 1;
            }),
            "people.outcome: 'R-1' was proposed at 1795935600000, after all that is replayed");
  EXPECT_EQ(with([](E& e) { e.realised.low = 5; }),
            "people.outcome.realised: low, mean and high are not in this order");
  EXPECT_EQ(with([](E& e) {
              e.realised = {.low = 0, .mean = 1e101, .high = 1e102};
              e.inside = false;
            }),
            "people.outcome: has a gain beyond all measure");
  const std::string other = "people.outcome: 'R-1' has promised something else";
  EXPECT_EQ(with([](E& e) { e.promised.high = 3; }), other);
  EXPECT_EQ(with([](E& e) { e.unit = "min"; }), other);
  EXPECT_EQ(with([](E& e) { e.objective = "cycle time"; }), other);
  EXPECT_FALSE(found(people, Became::NotCarriedOut, -0.1).inside);
  EXPECT_TRUE(found(people, Became::NotCarriedOut, 0.2).inside) << "both ends belong to it";
}

}  // namespace
}  // namespace twin::people
