// If these failed, what people did would be counted twice, or not, or forgotten with its case.
#include "twin/people/learning.hpp"

#include <gtest/gtest.h>

#include "twin/core/archive.hpp"
#include "twin/people/example.hpp"
#include "twin/people/people.hpp"

namespace twin::people {
namespace {

constexpr core::Tick Minute = 60'000;

struct Shift {  // drives People, at a clock of its own
  People people = {};
  core::Tick now = example::Now;

  void take(Asked a) {
    const Case* one = people.find(a.id);
    if (one != nullptr && a.capacity < Capacity::Twin) a.seen = one->digest;
    const Moment moment{.now = now, .state = {0x0123456789ABCDEF}, .target = {42}};
    ASSERT_EQ(refusal(example::rules(), one, a, moment), "");
    people.apply(people.note(one, a, moment));
  }
  void propose(Recommendation r, const char* kind = nullptr, std::uint32_t level = 5) {
    if (kind != nullptr) r.act.kind = kind;
    r.level = level;
    take({.id = r.id, .actor = "twin", .content = r});
  }
  void person(const char* id, Step step, const char* who = "alice", Reason reason = Reason::None) {
    take({.id = id,
          .step = step,
          .actor = who,
          .capacity = Capacity::Approver,
          .reason = reason,
          .remark = reason == Reason::Other ? "so" : ""});
  }
  void link(const char* id, Step step, Reason reason = Reason::None) {
    take({.id = id, .step = step, .actor = "link", .capacity = Capacity::Link, .reason = reason});
  }
  void came(const char* id, Became became, Interval realised) {
    people.apply(people.note(outcome_of(*people.find(id),
                                        {.became = became,
                                         .from = now,
                                         .until = now + Minute,
                                         .realised = realised,
                                         .method = "replay"},
                                        now + 2 * Minute)));
  }
  [[nodiscard]] const Tally& all() const { return people.learning().all(); }
};

TEST(Learning, CountsCasesOnceHoweverManyEntriesTheyTook) {
  Shift s;
  s.propose(example::set_point());
  for (const double value : {1.0, 1.25}) {  // edited twice, approved by two persons
    Recommendation edited = s.people.find("R-2")->content;
    edited.act.value = value;
    s.take({.id = "R-2",
            .step = Step::Edit,
            .actor = "eve",
            .capacity = Capacity::Engineer,
            .reason = Reason::TooRisky,
            .content = edited});
  }
  s.now += 3 * Minute;
  s.person("R-2", Step::Approve, "alice");
  EXPECT_EQ(s.all().at(Stage::Approved), 0U);
  s.now += 4 * Minute;
  s.person("R-2", Step::Approve, "bob");
  EXPECT_EQ(s.all().at(Stage::Proposed), 1U);
  EXPECT_EQ(s.all().at(Stage::Edited), 1U);
  EXPECT_EQ(s.all().at(Stage::Approved), 1U);
  EXPECT_EQ(
      s.all().reasons,
      (std::map<std::pair<Step, Reason>, std::uint64_t>{{{Step::Edit, Reason::TooRisky}, 2}}));
  EXPECT_EQ(s.all().waits.total(), 1U);  // from the proposal to the second person
  EXPECT_EQ(Waits::bin_of(*s.all().waits.quantile(0.5)), Waits::bin_of(7 * Minute));
  s.person("R-2", Step::Reject, "carol", Reason::Other);  // before it is sent, anybody may
  EXPECT_EQ(s.all().at(Stage::Rejected), 1U);
  EXPECT_EQ(s.all().waits.total(), 1U) << "it was decided once";
  EXPECT_EQ(s.all().accepted, 1U);
  EXPECT_EQ(response_of(*s.people.find("R-2"), *s.people.sequel("R-2")), Response::Overruled);
}

TEST(Learning, TellsSilenceFromApprovalAndWithdrawalFromJudgement) {
  Shift s;
  s.propose(example::advice("M"), "measure", SentUnlessVetoed);
  s.propose(example::advice("S"));
  s.propose(example::advice("W"));
  s.propose(example::advice("F"));
  s.propose(example::advice("E"));
  s.now += 5 * Minute;
  s.take({.id = "M", .step = Step::Approve, .actor = "twin", .reason = Reason::NoVeto});
  s.person("S", Step::Reject, "bob", Reason::Superseded);
  s.person("W", Step::Reject, "bob", Reason::WrongModel);
  s.person("F", Step::Approve);
  for (const char* id : {"M", "F"}) s.link(id, Step::Send);
  s.link("M", Step::Acknowledge);
  s.link("M", Step::Verify);
  s.link("F", Step::Fail, Reason::ToolRefused);
  s.now = example::advice().expires;
  s.take({.id = "E", .step = Step::Expire, .actor = "twin", .reason = Reason::TimePassed});
  EXPECT_EQ(s.all().unvetoed, 1U);
  EXPECT_EQ(s.all().accepted, 1U);
  EXPECT_EQ(s.all().waits.total(), 3U) << "silence and expiry are no decisions";
  const Interval good{.low = 0.1, .mean = 1, .high = 2}, bad{.low = -2, .mean = -1, .high = -0.1},
      open{.low = -1, .mean = 0.3, .high = 1};
  s.came("M", Became::CarriedOut, good);
  s.came("S", Became::NotCarriedOut, bad);
  s.came("W", Became::NotCarriedOut, good);
  s.came("F", Became::NotCarriedOut, bad);
  s.came("E", Became::NotCarriedOut, open);
  const Reliance& r = s.all().reliance;
  EXPECT_EQ(r.of(Response::Unvetoed, Effect::Helped), 1U);
  EXPECT_EQ(r.of(Response::Overruled, Effect::Helped), 1U);
  EXPECT_EQ(r.of(Response::Followed, Effect::Harmed), 1U);
  EXPECT_EQ(r.of(Response::Lapsed, Effect::Harmed), 1U);
  EXPECT_EQ(r.of(Response::Lapsed, Effect::Unclear), 1U);
  EXPECT_EQ(s.all().held, (Held{.count = 5, .inside = 3, .nominal = 4.5}));
  ASSERT_EQ(s.all().measures.size(), 1U);
  EXPECT_EQ(s.all().measures[0].gains.count(), 5U);
  ASSERT_EQ(s.people.learning().classes().size(), 2U);
  const Tally& measure = s.people.learning().classes().at("measure");
  EXPECT_EQ(measure.at(Stage::Verified), 1U);
  EXPECT_EQ(measure.held.count, 1U);
  EXPECT_EQ(s.people.learning().classes().at("prefer").at(Stage::Failed), 1U);
  EXPECT_EQ(core::load<People>(core::save(s.people)), s.people);
}

TEST(Learning, OtherUnitsAreNotAddedUp) {
  Shift s;
  for (const char* unit : {"h", "min", "h"}) {
    Recommendation r = example::advice(std::string("R-") + std::to_string(s.people.trail().size()));
    r.benefit.unit = unit;
    s.propose(r);
    s.person(r.id.c_str(), Step::Reject, "bob", Reason::NotNow);
    s.came(r.id.c_str(), Became::NotCarriedOut, {.low = 0, .mean = 1, .high = 2});
  }
  ASSERT_EQ(s.all().measures.size(), 2U);
  EXPECT_EQ(s.all().measures[0].unit, "h");
  EXPECT_EQ(s.all().measures[0].gains.count(), 2U);
  EXPECT_EQ(s.all().measures[1].gains.count(), 1U);
  EXPECT_EQ(s.all().held.count, 3U);
}

TEST(Learning, IsBoundedWhateverIsWritten) {
  Learning learning;
  Case one{.content = example::advice(), .stage = Stage::Rejected};
  Sequel sequel;
  for (std::size_t k = 0; k < ClassesMax + 5; ++k) {
    one.content.act.kind = "class-" + std::to_string(k);
    for (std::size_t m = 0; m < MeasuresMax + 5; ++m) {
      one.content.benefit.objective = "objective " + std::to_string(m);
      sequel.outcome = outcome_of(one, {.became = Became::NotCarriedOut}, 1);
      learning.came(one, sequel);
    }
  }
  EXPECT_EQ(learning.classes().size(), ClassesMax);
  EXPECT_EQ(learning.all().measures.size(), MeasuresMax);
  EXPECT_EQ(learning.all().held.count, (ClassesMax + 5) * (MeasuresMax + 5));
  EXPECT_LT(core::encode(learning).size(), 300'000U);
}

TEST(Learning, StaysWhenCasesAreForgotten) {
  Shift s;
  for (std::size_t k = 0; k < CasesMax + 20; ++k) {
    const std::string id = "R-" + std::to_string(k);
    s.propose(example::advice(id));
    s.person(id.c_str(), Step::Reject, "bob", Reason::NotNow);
    if (k == 0) s.came("R-0", Became::NotCarriedOut, {.low = 1, .mean = 2, .high = 3});
  }
  EXPECT_EQ(s.people.find("R-0"), nullptr);
  EXPECT_EQ(s.people.sequel("R-0"), nullptr);
  EXPECT_EQ(s.all().at(Stage::Proposed), CasesMax + 20);
  EXPECT_EQ(s.all().at(Stage::Rejected), CasesMax + 20);
  EXPECT_EQ(s.all().reliance.of(Response::Overruled, Effect::Helped), 1U);
}

}  // namespace
}  // namespace twin::people
