// If these failed, what people did could be changed afterwards, or be forgotten by a restart.
#include "twin/people/people.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/people/example.hpp"

namespace twin::people {
namespace {

// Two recommendations and an account, as a record.
std::vector<core::Note> sample() {
  People people;
  std::vector<core::Note> notes;
  const Moment moment{.now = example::Now, .state = {0x0123456789ABCDEF}, .target = {42}};
  const auto take = [&](const core::Note& note) {
    notes.push_back(note);
    people.apply(note);
  };
  const auto ask = [&](Asked a) {
    const Case* one = people.find(a.id);
    if (one != nullptr) a.seen = one->digest;
    EXPECT_EQ(refusal(example::rules(), one, a, moment), "");
    take(people.note(one, a, moment));
  };
  take(people.note(AccountEntry{
      .at = example::Now - 5, .actor = "start", .account = "admin", .roles = Roles{Role::Admin}}));
  ask({.id = "R-1", .actor = "twin", .content = example::advice()});
  ask({.id = "R-2", .actor = "twin", .content = example::set_point()});
  ask({.id = "R-1", .step = Step::Approve, .actor = "alice", .capacity = Capacity::Approver});
  ask({.id = "R-2",
       .step = Step::Reject,
       .actor = "bob",
       .capacity = Capacity::Approver,
       .reason = Reason::Other,
       .remark = "no \"wafers\" left"});
  ask({.id = "R-1", .step = Step::Send, .actor = "link", .capacity = Capacity::Link});
  return notes;
}

Trail trail_of(const std::vector<core::Note>& notes) {
  People people;
  for (const core::Note& note : notes) people.apply(note);
  return people.trail();
}
// True where the fold or, at the end, a head kept elsewhere says that something is wrong.
bool detected(const std::vector<core::Note>& notes, const Digest& head, People people = {},
              std::size_t from = 0) {
  try {
    for (std::size_t k = from; k < notes.size(); ++k) people.apply(notes[k]);
    return people.trail().head() != head;
  } catch (const core::Error&) {
    return true;
  }
}

TEST(People, AreTheFoldOfTheirNotes) {
  const auto notes = sample();
  People people;
  people.apply({.at = 1, .kind = "quarantine", .text = "of others"});
  EXPECT_EQ(people, People());
  for (const core::Note& note : notes) people.apply(note);
  EXPECT_EQ(people.trail().size(), 6U);
  EXPECT_EQ(people.find("R-1")->stage, Stage::Sent);
  EXPECT_EQ(people.find("R-2")->stage, Stage::Rejected);
  EXPECT_EQ(people.cases().size(), 2U);
  EXPECT_NE(people.accounts().find("admin"), nullptr);
}

TEST(People, TamperingWithAnyEntryIsFound) {  // reliability C4, test 28
  const auto notes = sample();
  const Digest head = trail_of(notes).head();
  ASSERT_FALSE(detected(notes, head));
  std::size_t tried = 0;
  People before;  // of entry k
  for (std::size_t k = 0; k < notes.size(); before.apply(notes[k++])) {
    auto deleted = notes;
    deleted.erase(deleted.begin() + static_cast<std::ptrdiff_t>(k));
    EXPECT_TRUE(detected(deleted, head)) << "without " << k;
    auto doubled = notes;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(k), notes[k]);
    EXPECT_TRUE(detected(doubled, head)) << "twice " << k;
    for (std::size_t j = 0; j < k; ++j) {
      auto swapped = notes;
      std::swap(swapped[j], swapped[k]);
      EXPECT_TRUE(detected(swapped, head)) << j << " and " << k;
    }
    for (std::size_t at = 0; at < notes[k].text.size(); ++at) {  // every bit of every byte
      for (int bit = 0; bit < 8; ++bit) {
        auto flipped = notes;
        flipped[k].text[at] = static_cast<char>(flipped[k].text[at] ^ (1 << bit));
        ASSERT_TRUE(detected(flipped, head, before, k)) << k << " at " << at;
        ++tried;
      }
    }
    auto later = notes;
    later[k].at += 1;
    EXPECT_TRUE(detected(later, head));
    auto renamed = notes;
    renamed[k].kind = "quarantine";
    EXPECT_TRUE(detected(renamed, head));
  }
  EXPECT_GT(tried, 40'000U);
}

TEST(People, WhoeverRewritesAllTheRestIsFoundByTheHead) {
  // With the format known, every later entry can be made to fit; only the end is another one then.
  const auto notes = sample();
  People people;
  people.apply(notes[0]);
  const Moment moment{.now = example::Now, .state = {0x0123456789ABCDEF}, .target = {42}};
  Recommendation other = example::advice();
  other.benefit.gain = {.low = 5, .mean = 6, .high = 7};
  for (const Asked& a : {Asked{.id = "R-1", .actor = "twin", .content = other}})
    people.apply(people.note(people.find(a.id), a, moment));
  EXPECT_NE(people.trail().head(), trail_of({notes[0], notes[1]}).head());
}

TEST(People, SayWhichEntryIsWrong) {
  auto notes = sample();
  const auto refused = [&] {
    return contract::refusal([&] { static_cast<void>(trail_of(notes)); });
  };
  notes.erase(notes.begin() + 2);
  EXPECT_EQ(refused(), "people.decision: entry 3 stands where 2 should");
  notes = sample();
  notes[3].text.insert(1, " ");
  EXPECT_EQ(refused(), "people.decision: is not as it was written");
}

TEST(People, ForgetOnlyWhatHasEndedAndTheSameInEveryFold) {
  People people;
  std::vector<core::Note> notes;
  const Moment moment{.now = example::Now, .state = {0x0123456789ABCDEF}, .target = {42}};
  const auto ask = [&](Asked a) {
    const Case* one = people.find(a.id);
    if (one != nullptr) a.seen = one->digest;
    ASSERT_EQ(refusal(example::rules(), one, a, moment), "");
    notes.push_back(people.note(one, a, moment));
    people.apply(notes.back());
  };
  for (std::size_t k = 0; k < CasesMax + 50; ++k) {
    const std::string id = "R-" + std::to_string(k);
    ask({.id = id, .actor = "twin", .content = example::advice(id)});
    if (k >= 10)
      ask({.id = id,
           .step = Step::Reject,
           .actor = "bob",
           .capacity = Capacity::Approver,
           .reason = Reason::NotNow});
  }
  EXPECT_EQ(people.cases().size(), CasesMax);
  EXPECT_NE(people.find("R-0"), nullptr) << "it is still open";
  EXPECT_EQ(people.find("R-10"), nullptr);
  People again;
  for (const core::Note& note : notes) again.apply(note);
  EXPECT_EQ(again, people);
}

}  // namespace
}  // namespace twin::people
