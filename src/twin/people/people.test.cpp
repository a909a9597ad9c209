// If these failed, what people did could be changed afterwards, or be forgotten by a restart.
#include "twin/people/people.hpp"

#include <gtest/gtest.h>

#include <span>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/people/example.hpp"

namespace twin::people {
namespace {

// Two recommendations, what came of one, and an account, as a record.
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
  take(people.note(outcome_of(*people.find("R-2"),
                              {.became = Became::NotCarriedOut,
                               .from = example::Now,
                               .until = example::Now + 5'000,
                               .realised = {.low = -1, .mean = 0, .high = 1},
                               .method = "10 pairs of replays"},
                              example::Now + 6'000)));
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
  EXPECT_EQ(people.trail().size(), 7U);
  EXPECT_TRUE(people.sequel("R-2")->outcome);
  EXPECT_FALSE(people.sequel("R-1")->outcome);
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

TEST(People, ComeBackFromASnapshotAndGoOnEqually) {
  // At any entry: a restart that begins at a snapshot must know the same as one that folds it all.
  auto notes = sample();
  People people;
  const AccountEntry token{.at = example::Now,
                           .step = AccountStep::Issue,
                           .actor = "start",
                           .account = "admin",
                           .token = Bits64{5},
                           .hash = sha256("secret"),
                           .expires = example::Now + 1,
                           .use = TokenUse::Once};
  for (const core::Note& note : notes) people.apply(note);
  notes.push_back(people.note(token));
  for (std::size_t cut = 0; cut <= notes.size(); ++cut) {
    People whole;
    for (std::size_t k = 0; k < cut; ++k) whole.apply(notes[k]);
    People again = core::load<People>(core::save(whole));
    ASSERT_EQ(again, whole) << cut;
    for (std::size_t k = cut; k < notes.size(); ++k) {
      whole.apply(notes[k]);
      again.apply(notes[k]);
    }
    ASSERT_EQ(again, whole) << cut;
    ASSERT_EQ(core::fingerprint(again), core::fingerprint(whole)) << cut;
    EXPECT_EQ(again.find("R-1")->stage, Stage::Sent);
    EXPECT_NE(again.accounts().find(Bits64{5}), nullptr);
  }
}

TEST(People, ASnapshotWithANameTwiceIsRefused) {
  People people;
  for (const core::Note& note : sample()) people.apply(note);
  std::string bytes;
  for (const std::byte b : core::encode(people)) bytes += static_cast<char>(b);
  // The name stands in the content of its case, as a length and its letters.
  const auto at = bytes.find(std::string("\3\0\0\0\0\0\0\0R-2", 11));
  ASSERT_NE(at, std::string::npos);
  bytes[at + 10] = '1';
  EXPECT_EQ(contract::refusal([&] {
              static_cast<void>(
                  core::decode<People>(std::as_bytes(std::span(bytes.data(), bytes.size()))));
            }),
            "saved people: 'R-1' stands there twice");
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
  EXPECT_EQ(people.sequels().size(), CasesMax);
  People again;
  for (const core::Note& note : notes) again.apply(note);
  EXPECT_EQ(again, people);
}

}  // namespace
}  // namespace twin::people
