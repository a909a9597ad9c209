// If these failed, a line would stay open when its peer is dead, close when it is alive, or its two
// ends would not find each other. What is sent over it is in transactions.test.cpp.
#include "twin/link/hsms/session.hpp"

#include <gtest/gtest.h>

#include "twin/link/hsms/wire.hpp"

namespace twin::link::hsms {
namespace {

using What = Event::What;
using SessionBytes = std::vector<std::uint8_t>;

constexpr core::Tick SessionStart = 1'000'000;

SessionBytes frame_session(const Header& header) {
  SessionBytes bytes;
  append_frame(header, bytes);
  return bytes;
}
SessionBytes frame_session(const secs::Message& message) {
  SessionBytes bytes;
  append_frame(message, bytes);
  return bytes;
}

Why lost(Session& session) {
  for (const Event& event : all_events(session)) {
    if (event.what == What::Lost) return event.why;
  }
  return Why::None;
}

// A session and a peer who sends what he likes.
struct Probe {
  explicit Probe(Options options = {})
      : session((options.role = Role::Passive, options.first_system = 1, options)) {
    session.connected(now);
  }
  SessionBytes say(const SessionBytes& bytes) {
    session.received(bytes, now);
    return taken_from(session, now);
  }
  SessionBytes say(const Header& header) { return say(frame_session(header)); }
  void select() {
    ASSERT_EQ(say(control(Type::SelectReq, 1)), frame_session(control(Type::SelectRsp, 1, 0, 0)));
    ASSERT_EQ(session.state(), State::Selected);
  }
  void pass(core::Tick by) { session.tick(now += by); }

  core::Tick now = SessionStart;
  Session session;
};

// --- the table of awkward input, the strict column ---

TEST(AwkwardInput, DataBeforeSelectClosesTheLine) {
  Probe probe;
  EXPECT_EQ(probe.say(frame_session(secs::primary(1, 1, secs::Reply::Wanted))), SessionBytes{});
  EXPECT_TRUE(probe.session.closing());
  EXPECT_EQ(lost(probe.session), Why::Premature);
}

TEST(AwkwardInput, LinktestBeforeSelectClosesTheLine) {
  Probe probe;
  EXPECT_EQ(probe.say(control(Type::LinktestReq, 5)), SessionBytes{});
  EXPECT_TRUE(probe.session.closing());
}

TEST(AwkwardInput, ASecondSelectIsAlreadyActive) {
  Probe probe;
  probe.select();
  EXPECT_EQ(probe.say(control(Type::SelectReq, 2)),
            frame_session(control(Type::SelectRsp, 2, 0, 1)));
  EXPECT_EQ(probe.session.state(), State::Selected);
  EXPECT_EQ(probe.session.counts().selections, 1U);
}

TEST(AwkwardInput, AnUnknownTypeIsRejected) {
  Probe probe;
  probe.select();
  EXPECT_EQ(probe.say(control(Type{11}, 3)), frame_session(control(Type::RejectReq, 3, 11, 1)));
  EXPECT_EQ(probe.say(control(Type{8}, 4)), frame_session(control(Type::RejectReq, 4, 8, 1)));
  EXPECT_EQ(probe.session.state(), State::Selected);
}

TEST(AwkwardInput, AnotherPTypeIsRejected) {
  Probe probe;
  probe.select();
  Header header = header_of(secs::primary(1, 1, secs::Reply::Wanted));
  header.ptype = 1;
  header.system = 9;
  Header reject = control(Type::RejectReq, 9, 1, 2);
  reject.session = 0;
  EXPECT_EQ(probe.say(header), frame_session(reject));
  EXPECT_EQ(all_events(probe.session).size(), 1U);  // Selected alone
}

TEST(AwkwardInput, DeselectIsRejected) {
  Probe probe;
  probe.select();
  EXPECT_EQ(probe.say(control(Type::DeselectReq, 6)),
            frame_session(control(Type::RejectReq, 6, 3, 1)));
  EXPECT_EQ(probe.session.state(), State::Selected);
}

TEST(AwkwardInput, OrphanResponsesAreRejected) {
  Probe probe;
  probe.select();
  EXPECT_EQ(probe.say(control(Type::LinktestRsp, 7)),
            frame_session(control(Type::RejectReq, 7, 6, 3)));
  EXPECT_EQ(probe.say(control(Type::SelectRsp, 8)),
            frame_session(control(Type::RejectReq, 8, 2, 3)));
  EXPECT_EQ(probe.session.counts().rejects_sent, 2U);
}

TEST(AwkwardInput, ARejectIsNeverAnswered) {
  Probe probe;
  EXPECT_EQ(probe.say(control(Type::RejectReq, 7, 5, 3)), SessionBytes{});
  probe.select();
  EXPECT_EQ(probe.say(control(Type::RejectReq, 7, 5, 3)), SessionBytes{});
  Header odd = control(Type::RejectReq, 7, 5, 3);
  odd.ptype = 9;
  EXPECT_EQ(probe.say(odd), SessionBytes{});
  EXPECT_EQ(probe.session.counts().rejects_got, 3U);
}

TEST(AwkwardInput, WhoNeverSelectsIsClosedByT7) {
  Probe probe;
  EXPECT_EQ(probe.session.deadline(), SessionStart + 10'000);
  probe.pass(9'999);
  EXPECT_FALSE(probe.session.closing());
  probe.pass(1);
  EXPECT_TRUE(probe.session.closing());
  EXPECT_EQ(lost(probe.session), Why::NotSelectedTime);
}

TEST(AwkwardInput, HalfAFrameIsClosedByT8) {
  Probe probe;
  probe.select();
  SessionBytes half = frame_session(secs::primary(1, 1, secs::Reply::Wanted));
  half.resize(7);
  probe.say(half);
  EXPECT_EQ(probe.session.deadline(), SessionStart + 5'000);
  probe.pass(4'999);
  EXPECT_FALSE(probe.session.closing());
  probe.pass(1);
  EXPECT_TRUE(probe.session.closing());
  EXPECT_EQ(lost(probe.session), Why::InterbyteTime);
}

TEST(AwkwardInput, ASlowFrameIsTakenAsLongAsEachByteComesInTime) {
  Probe probe;
  probe.select();
  for (const std::uint8_t byte : frame_session(secs::primary(1, 1, secs::Reply::No))) {
    probe.pass(4'000);
    probe.say(SessionBytes{byte});
  }
  EXPECT_EQ(all_events(probe.session).back().what, What::Primary);
}

TEST(AwkwardInput, ImpossibleLengthsCloseTheLine) {
  for (const SessionBytes& bytes :
       {SessionBytes{0, 0, 0, 9}, SessionBytes{0, 0, 0, 0}, SessionBytes{0xFF, 0xFF, 0xFF, 0xFF},
        SessionBytes{1, 0, 0, 65}}) {
    Probe probe;
    probe.select();
    probe.say(bytes);
    EXPECT_TRUE(probe.session.closing());
    EXPECT_EQ(lost(probe.session), Why::BadLength);
  }
}

TEST(AwkwardInput, SeparateClosesAtOnce) {
  Probe probe;
  probe.select();
  EXPECT_EQ(probe.say(control(Type::SeparateReq, 3)), SessionBytes{});
  EXPECT_TRUE(probe.session.closing());
  EXPECT_EQ(lost(probe.session), Why::Separated);
}

// --- selecting ---

TEST(Session, BothEndsAreSelectedAfterConnecting) {
  Wire wire;
  EXPECT_TRUE(wire.host.wants_line(wire.now));
  wire.connect();
  EXPECT_EQ(all_events(wire.host).at(0).what, What::Selected);
  EXPECT_EQ(all_events(wire.tool).at(0).what, What::Selected);
}

Session active(Options options = {}) {
  options.role = Role::Active;
  options.first_system = 1;
  Session session(options);
  session.connecting(SessionStart);
  session.connected(SessionStart);
  EXPECT_EQ(taken_from(session, SessionStart), frame_session(control(Type::SelectReq, 1)));
  return session;
}

TEST(Session, ASelectIsRefusedByItsStatus) {
  for (const unsigned status : {2U, 3U, 4U, 255U}) {
    Session session = active();
    session.received(
        frame_session(control(Type::SelectRsp, 1, 0, static_cast<std::uint8_t>(status))),
        SessionStart);
    EXPECT_EQ(lost(session), Why::SelectRefused) << status;
  }
  Session session = active();
  session.received(frame_session(control(Type::SelectRsp, 1, 0, 1)),
                   SessionStart);  // it thinks we are selected
  EXPECT_EQ(session.state(), State::Selected);
}

TEST(Session, ASelectWithoutAnswerEndsByT6AndComesBackByT5) {
  Session session = active();
  EXPECT_EQ(session.deadline(), SessionStart + 5'000);
  session.tick(SessionStart + 5'000);
  EXPECT_EQ(lost(session), Why::ControlTimeout);
  session.closed(SessionStart + 5'000);
  EXPECT_FALSE(session.wants_line(SessionStart + 14'999));
  EXPECT_EQ(session.deadline(), SessionStart + 15'000);
  EXPECT_TRUE(session.wants_line(SessionStart + 15'000));
  session.connecting(SessionStart + 15'000);
  EXPECT_FALSE(session.wants_line(SessionStart + 99'000));
  session.closed(SessionStart + 16'000);  // nobody listens
  EXPECT_EQ(session.deadline(), SessionStart + 26'000);
}

TEST(Session, SelectsMayCross) {
  Session session = active();
  session.received(frame_session(control(Type::SelectReq, 70)), SessionStart);
  EXPECT_EQ(taken_from(session, SessionStart), frame_session(control(Type::SelectRsp, 70, 0, 0)));
  EXPECT_EQ(session.state(), State::Selected);
  session.received(frame_session(control(Type::SelectRsp, 1, 0, 1)), SessionStart);
  EXPECT_EQ(session.state(), State::Selected);
  EXPECT_EQ(taken_from(session, SessionStart), SessionBytes{});
  EXPECT_EQ(session.counts().selections, 1U);
}

TEST(Session, ARejectedSelectEndsTheLine) {
  Session session = active();
  session.received(frame_session(control(Type::RejectReq, 1, 1, 1)), SessionStart);
  EXPECT_EQ(lost(session), Why::SelectRefused);
}

// --- linktests ---

TEST(Session, SilenceIsTestedAndADeadLineEnds) {
  Probe probe;
  probe.select();
  EXPECT_EQ(probe.session.deadline(), SessionStart + 30'000);
  probe.pass(30'000);
  EXPECT_EQ(taken_from(probe.session, probe.now), frame_session(control(Type::LinktestReq, 1)));
  probe.say(control(Type::LinktestRsp, 1));
  EXPECT_EQ(probe.session.state(), State::Selected);
  probe.pass(30'000);
  EXPECT_EQ(taken_from(probe.session, probe.now), frame_session(control(Type::LinktestReq, 2)));
  probe.pass(5'000);
  EXPECT_EQ(lost(probe.session), Why::ControlTimeout);
  EXPECT_EQ(probe.session.counts().linktests, 2U);
}

TEST(Session, TrafficIsProofEnough) {
  Probe probe;
  probe.select();
  for (int k = 0; k < 10; ++k) {
    probe.pass(29'000);
    probe.say(control(Type::LinktestReq, 100));
  }
  EXPECT_EQ(probe.session.counts().linktests, 0U);
}

TEST(Session, ABusyToolIsNotTested) {
  Options options;
  options.timers.reply = 120'000;
  Wire wire(options);
  wire.connect();
  wire.dead = true;
  ASSERT_TRUE(wire.host.send(secs::primary(1, 3, secs::Reply::Wanted), wire.now));
  wire.move();
  wire.host.tick(wire.now += 60'000);
  EXPECT_EQ(wire.host.counts().linktests, 0U);
  EXPECT_EQ(wire.host.state(), State::Selected);
  wire.host.tick(wire.now += 60'000);  // T3; now the line is tested
  EXPECT_EQ(wire.host.counts().timeouts, 1U);
  EXPECT_EQ(wire.host.counts().linktests, 1U);
}

TEST(Session, APeerWithoutLinktestIsAliveAllTheSame) {
  Probe probe;
  probe.select();
  probe.pass(30'000);
  taken_from(probe.session, probe.now).clear();
  probe.say(control(Type::RejectReq, 1, 5, 1));
  probe.pass(6'000);
  EXPECT_EQ(probe.session.state(), State::Selected);
}

// --- closing and limits ---

TEST(Session, ClosingSeparates) {
  Wire wire;
  wire.connect();
  static_cast<void>(all_events(wire.tool));
  wire.host.close(wire.now);
  EXPECT_TRUE(wire.host.closing());
  wire.move();
  EXPECT_EQ(lost(wire.tool), Why::Separated);
  EXPECT_EQ(wire.host.state(), State::NotConnected);
  EXPECT_FALSE(wire.host.closing());
  EXPECT_EQ(wire.host.deadline(), wire.now + 10'000);
}

TEST(Session, APeerThatTakesNothingIsClosedAnyhow) {
  Probe probe;
  probe.select();
  probe.session.close(probe.now);
  EXPECT_FALSE(probe.session.outgoing().empty());
  EXPECT_EQ(probe.session.deadline(), SessionStart + 5'000);
  probe.pass(5'000);
  EXPECT_TRUE(probe.session.closing());
  EXPECT_TRUE(probe.session.outgoing().empty());
}

TEST(Session, APeerThatNeverReadsIsClosed) {
  Options options;
  options.limits.outgoing = 1'000;
  Probe probe(options);
  probe.select();
  for (int k = 0; k < 10'000 && !probe.session.closing(); ++k) {
    probe.session.received(frame_session(control(Type::LinktestReq, 5)), probe.now);
    ASSERT_LT(probe.session.outgoing().size(), 10'000U);
  }
  EXPECT_EQ(lost(probe.session), Why::TooMuchQueued);
  Probe other;
  other.select();
  other.session.received(frame_session(control(Type::LinktestReq, 5)), other.now);
  other.pass(45'000);
  EXPECT_EQ(lost(other.session), Why::TooMuchQueued);
}

TEST(Session, EventsNotTakenStopTheReading) {
  Options options;
  options.limits.incoming = 20'000;
  options.timers.linktest = core::Never;
  Probe probe(options);
  probe.select();
  const SessionBytes one = frame_session(secs::primary(5, 1, secs::Reply::No, secs::u4(1)));
  SessionBytes many;
  for (int k = 0; k < 1'000; ++k) many.insert(many.end(), one.begin(), one.end());
  many.push_back(0);  // and the beginning of another
  probe.say(many);
  EXPECT_FALSE(probe.session.takes_more());
  probe.pass(1'000'000);  // no timer runs while we do not read
  EXPECT_EQ(probe.session.state(), State::Selected);
  std::size_t primaries = 0;
  while (primaries < 1'000) {
    const auto events = all_events(probe.session);
    for (const Event& event : events) primaries += event.what == What::Primary ? 1 : 0;
    ASSERT_FALSE(events.empty()) << primaries;
    ASSERT_LE(events.size(), 1 + 20'000 / sizeof(Event));
    if (primaries < 1'000) {
      EXPECT_EQ(probe.session.deadline(), probe.now);
    }
    probe.pass(0);
  }
  EXPECT_TRUE(probe.session.takes_more());
  EXPECT_EQ(probe.session.deadline(), probe.now + 5'000);  // T8 begins anew
  probe.pass(5'000);
  EXPECT_EQ(lost(probe.session), Why::InterbyteTime);
}

TEST(Session, OurOwnSlownessIsNotThePeersFault) {
  Options options;
  options.limits.incoming = 1;
  Probe probe(options);
  probe.select();
  static_cast<void>(all_events(probe.session));
  SessionBytes bytes = frame_session(secs::primary(5, 1, secs::Reply::No));
  bytes.insert(bytes.end(), {0, 0, 0});  // the next frame has begun
  probe.say(bytes);
  probe.now += 60'000;  // nobody looks, not even at the timers
  EXPECT_EQ(all_events(probe.session).size(), 1U);
  probe.pass(0);
  EXPECT_EQ(probe.session.state(), State::Selected);
  probe.pass(5'000);
  EXPECT_EQ(lost(probe.session), Why::InterbyteTime);
}

TEST(Session, MemoryComesBackAfterALongMessage) {
  Probe probe;
  probe.select();
  probe.say(frame_session(
      secs::primary(1, 1, secs::Reply::No, secs::ascii(std::string(9'000'000, 'x')))));
  EXPECT_EQ(all_events(probe.session).back().message.body->count(), 9'000'000U);
  EXPECT_TRUE(probe.session.takes_more());
}

TEST(Session, IsAValue) {
  Wire wire;
  wire.connect();
  ASSERT_TRUE(wire.host.send(secs::primary(1, 3, secs::Reply::Wanted), wire.now));
  const Wire before = wire;
  wire.move();
  Wire again = before;
  again.move();
  EXPECT_EQ(all_events(wire.tool).size(), all_events(again.tool).size());
  EXPECT_EQ(wire.host.counts(), again.host.counts());
}

TEST(Session, EveryReasonHasWords) {
  for (int k = 0; k <= static_cast<int>(Why::LineLost); ++k) {
    EXPECT_NE(text_of(Why{static_cast<std::uint8_t>(k)}), "?") << k;
  }
}

}  // namespace
}  // namespace twin::link::hsms
