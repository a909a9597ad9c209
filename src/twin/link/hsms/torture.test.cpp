// If these failed, what a session makes of a message would depend on how TCP cut it, or a question
// would be answered twice or never on a bad line. Virtual time; one number reproduces a failure.
#include <gtest/gtest.h>

#include <map>

#include "twin/core/draw.hpp"
#include "twin/link/hsms/wire.hpp"
#include "twin/link/secs/example.hpp"

namespace twin::link::hsms {
namespace {

using TortureWhat = Event::What;
using TortureBytes = std::vector<std::uint8_t>;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : draw_{.seed = seed} {}
  std::uint32_t below(std::uint32_t n) { return draw_.block(1, turn_++, 0)[0] % n; }

 private:
  core::Draw draw_;
  std::uint32_t turn_ = 0;
};

struct Told {
  TortureWhat what;
  Why why;
  secs::Message message;
  bool operator==(const Told&) const = default;
};

// Everything that a passive host makes of these bytes, and what it answers.
std::pair<std::vector<Told>, TortureBytes> made_of(const TortureBytes& bytes, Chance* cut) {
  Options options;
  options.role = Role::Passive;
  Session session(options);
  session.connected(0);
  std::vector<Told> told;
  TortureBytes answers;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t most = bytes.size() - at;
    const std::size_t size =
        cut == nullptr ? most : std::min<std::size_t>(most, 1 + cut->below(40));
    session.received(std::span(bytes).subspan(at, size), 0);
    at += size;
    const TortureBytes some = taken_from(session, 0);
    answers.insert(answers.end(), some.begin(), some.end());
    for (const Event& event : all_events(session))
      told.push_back({event.what, event.why, event.message});
    session.tick(0);
  }
  return {told, answers};
}

TEST(Torture, HowTheBytesAreCutDoesNotMatter) {
  Chance chance(1);
  TortureBytes bytes;
  append_frame(control(Type::SelectReq, 1), bytes);
  for (std::uint64_t k = 0; k < 300; ++k) {
    const std::uint32_t kind = chance.below(5);
    if (kind == 0) {
      append_frame(control(Type{static_cast<std::uint8_t>(chance.below(9))}, chance.below(9)),
                   bytes);
      bytes.back() = static_cast<std::uint8_t>(k);
      continue;
    }
    secs::Message message = secs::primary(6, 11, secs::Reply::Wanted, secs::example_item(4, k));
    if (kind == 1) message.function = 12;
    append_frame(message, bytes);
  }
  const auto whole = made_of(bytes, nullptr);
  ASSERT_GT(whole.first.size(), 200U);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Chance cut(seed);
    EXPECT_EQ(made_of(bytes, &cut), whole) << "seed " << seed;
  }
}

// A host and a tool on a line that is cut now and then, with a peer that is slow or forgets: each
// question has exactly one outcome, a reply is the reply to its question, and nothing comes twice.
void torture(std::uint64_t seed) {
  Chance chance(seed);
  Options options;
  options.pace = seed % 2 == 0 ? Pace::OneAtATime : Pace::Together;
  options.timers = {.reply = 2'000, .separation = 500, .linktest = 3'000};
  Wire wire(options, options);
  std::map<std::uint32_t, std::uint64_t> asked;  // system bytes -> what was asked
  std::map<std::uint64_t, int> outcomes, arrivals;
  std::vector<secs::Message> unanswered;
  std::uint64_t questions = 0;
  const auto look = [&] {
    for (const Event& event : all_events(wire.tool)) {
      if (event.what == TortureWhat::Lost) unanswered.clear();
      if (event.what != TortureWhat::Primary) continue;
      ++arrivals[event.message.body->as_u64().value()];
      if (chance.below(10) != 0) unanswered.push_back(event.message);
    }
    for (const Event& event : all_events(wire.host)) {
      if (event.what != TortureWhat::Reply && event.what != TortureWhat::Failed) continue;
      const auto question = asked.find(event.system);
      ASSERT_NE(question, asked.end());
      ++outcomes[question->second];
      if (event.what == TortureWhat::Reply) {
        ASSERT_EQ(event.message.body->as_u64(), question->second);
      }
      asked.erase(question);
    }
  };
  for (int turn = 0; turn < 2'000; ++turn) {
    if (wire.host.wants_line(wire.now)) wire.connect();
    switch (chance.below(6)) {
      case 0:
      case 1: {
        const Sent sent =
            wire.host.send(secs::primary(1, 3, secs::Reply::Wanted, secs::u8(questions)), wire.now);
        if (sent) {
          ASSERT_TRUE(asked.emplace(sent.system, questions++).second);
        }
        break;
      }
      case 2:
      case 3:
        if (!unanswered.empty()) {
          const std::size_t which = chance.below(static_cast<std::uint32_t>(unanswered.size()));
          const secs::Message question = unanswered[which];
          unanswered.erase(unanswered.begin() + static_cast<std::ptrdiff_t>(which));
          ASSERT_TRUE(wire.tool.reply(secs::reply_to(question, question.body), wire.now));
        }
        break;
      case 4: wire.advance(chance.below(400)); break;
      default:
        if (chance.below(20) == 0) {
          wire.dead = true;
          wire.move();
          wire.dead = false;
          wire.cut();
        }
        break;
    }
    if (chance.below(3) != 0) wire.move();
    look();
  }
  wire.cut();
  look();
  ASSERT_GT(questions, 200U);
  for (std::uint64_t k = 0; k < questions; ++k) {
    ASSERT_EQ(outcomes[k], 1) << "question " << k;
    ASSERT_LE(arrivals[k], 1) << "question " << k;
  }
}

TEST(Torture, EachQuestionHasOneOutcomeOnABadLine) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    torture(seed);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace twin::link::hsms
