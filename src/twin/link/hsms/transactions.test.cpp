// If these failed, a reply would be taken for the answer to another question, a command would go to
// a tool without permission, or a question would stay open for ever.
#include <gtest/gtest.h>

#include <map>

#include "twin/core/draw.hpp"
#include "twin/link/hsms/wire.hpp"
#include "twin/link/secs/changes.hpp"
#include "twin/link/secs/sml.hpp"

namespace twin::link::hsms {
namespace {

using secs::ascii;
using secs::binary;
using secs::list;
using secs::Message;
using secs::primary;
using secs::Reply;
using secs::reply_to;
using secs::u4;
using TransactionsWhat = Event::What;
using TransactionsBytes = std::vector<std::uint8_t>;

Options together() {
  Options options;
  options.pace = Pace::Together;
  return options;
}

TransactionsBytes frame_transactions(const Message& message) {
  TransactionsBytes bytes;
  append_frame(message, bytes);
  return bytes;
}

Wire selected(const Options& for_host = {}, const Options& for_tool = {}) {
  Wire wire(for_host, for_tool);
  wire.connect();
  static_cast<void>(all_events(wire.host));
  static_cast<void>(all_events(wire.tool));
  return wire;
}

Event only_event(Session& session) {
  auto events = all_events(session);
  EXPECT_EQ(events.size(), 1U);
  return events.empty() ? Event{} : events.front();
}

TEST(Transactions, AReplyFindsItsPrimary) {
  Wire wire = selected();
  const Sent sent = wire.host.send(primary(1, 3, Reply::Wanted, list(u4(9))), wire.now);
  ASSERT_TRUE(sent);
  wire.move();
  const Event asked = only_event(wire.tool);
  EXPECT_EQ(asked.what, TransactionsWhat::Primary);
  EXPECT_EQ(asked.message.at(0)->as_u64(), 9U);
  EXPECT_TRUE(wire.tool.reply(reply_to(asked.message, list(ascii("x"))), wire.now));
  EXPECT_EQ(wire.tool.reply(reply_to(asked.message), wire.now).outcome, Sending::NobodyAsks);
  wire.move();
  const Event answered = only_event(wire.host);
  EXPECT_EQ(answered.what, TransactionsWhat::Reply);
  EXPECT_EQ(answered.system, sent.system);
  EXPECT_EQ(answered.message.at(0)->as_text(), "x");
  EXPECT_EQ(wire.host.open(), 0U);
  TransactionsBytes whole = frame_transactions(answered.message);
  whole.erase(whole.begin(), whole.begin() + LengthBytes);
  EXPECT_EQ(answered.frame, whole);
}

TEST(Transactions, OneAtATimeKeepsTheOthersWaitingInOrder) {
  Wire wire = selected();
  for (unsigned k = 0; k < 3; ++k) {
    ASSERT_TRUE(wire.host.send(primary(1, 3, k == 1 ? Reply::No : Reply::Wanted, u4(k)), wire.now));
  }
  EXPECT_EQ(wire.host.open(), 3U);
  wire.move();
  const Event first = only_event(wire.tool);
  EXPECT_EQ(first.message.body, u4(0));
  ASSERT_TRUE(wire.tool.reply(reply_to(first.message), wire.now));
  wire.move();
  const auto next = all_events(wire.tool);
  ASSERT_EQ(next.size(), 2U);
  EXPECT_EQ(next[0].message.body, u4(1));
  EXPECT_EQ(next[1].message.body, u4(2));
  EXPECT_EQ(wire.host.open(), 1U);
}

TEST(Transactions, TogetherRepliesComeInAnyOrder) {
  Wire wire = selected(together());
  std::map<std::uint32_t, std::uint64_t> asked;
  for (unsigned k = 0; k < 50; ++k) {
    const Sent sent = wire.host.send(primary(1, 3, Reply::Wanted, u4(k)), wire.now);
    ASSERT_TRUE(sent);
    EXPECT_TRUE(asked.emplace(sent.system, k).second) << "system bytes are not unique";
  }
  wire.move();
  auto questions = all_events(wire.tool);
  ASSERT_EQ(questions.size(), 50U);
  std::ranges::sort(questions, {},
                    [](const Event& e) { return core::Draw{.seed = 3}.block(1, e.system, 0)[0]; });
  for (const Event& q : questions) {
    ASSERT_TRUE(wire.tool.reply(reply_to(q.message, q.message.body), wire.now));
  }
  wire.move();
  const auto answers = all_events(wire.host);
  ASSERT_EQ(answers.size(), 50U);
  for (const Event& a : answers) EXPECT_EQ(a.message.body->as_u64(), asked.at(a.system));
}

TEST(Transactions, SystemBytesOfOpenTransactionsAreNotUsedAgain) {
  Options options = together();
  options.first_system = 0xFFFFFFFF;
  Wire wire = selected(options);
  const Sent open = wire.host.send(primary(1, 3, Reply::Wanted), wire.now);
  EXPECT_EQ(open.system, 1U);  // Select took the last one; 0 is never used
}

TEST(Transactions, T3FailsTheTransactionAndKeepsTheLine) {
  Wire wire = selected();
  const Sent sent = wire.host.send(primary(1, 3, Reply::Wanted), wire.now);
  const Sent second = wire.host.send(primary(1, 11, Reply::Wanted), wire.now);
  wire.move();
  EXPECT_EQ(wire.host.deadline(), wire.now + 45'000);
  wire.host.tick(wire.now += 45'000);
  const Event failed = only_event(wire.host);
  EXPECT_EQ(failed.what, TransactionsWhat::Failed);
  EXPECT_EQ(failed.why, Why::ReplyTimeout);
  EXPECT_EQ(failed.system, sent.system);
  EXPECT_EQ(wire.host.state(), State::Selected);
  wire.move();  // only now the second goes; the first is answered late
  const auto asked = all_events(wire.tool);
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[1].system, second.system);
  ASSERT_TRUE(wire.tool.reply(reply_to(asked[0].message), wire.now));
  wire.move();
  EXPECT_EQ(only_event(wire.host).what, TransactionsWhat::Unasked);
  EXPECT_EQ(wire.host.counts().unasked, 1U);
  EXPECT_EQ(wire.host.open(), 1U);
}

TEST(Transactions, AToolSaysS9F9WhenItsQuestionIsNotAnswered) {
  Wire wire = selected();
  const Sent sent = wire.tool.send(primary(6, 11, Reply::Wanted, list()), wire.now);
  wire.move();
  const Event report = only_event(wire.host);
  wire.tool.tick(wire.now += 45'000);
  wire.move();
  EXPECT_EQ(only_event(wire.tool).why, Why::ReplyTimeout);
  const Event complaint = only_event(wire.host);
  EXPECT_EQ(complaint.what, TransactionsWhat::Complaint);
  EXPECT_TRUE(complaint.message.is(9, 9));
  EXPECT_EQ(header_from(complaint.message.body->bytes()).system, sent.system);
  // The tool does not wait any more, so the answer would be an orphan.
  EXPECT_EQ(wire.host.reply(reply_to(report.message), wire.now).outcome, Sending::NobodyAsks);
}

// The host asks, the tool says something else; what becomes of the question.
Event answered_by(Wire& wire, Message said) {
  const Sent sent = wire.host.send(primary(7, 19, Reply::Wanted), wire.now);
  EXPECT_TRUE(sent);
  static_cast<void>(taken_from(wire.host, wire.now));
  if (said.system == 0) said.system = sent.system;
  if (said.stream == 9 && said.body && said.body->count() == 0) {  // MHEAD is the question's
    said.body = binary(bytes_of(
        header_of({.stream = 7, .function = 19, .wants_reply = true, .system = sent.system})));
  }
  wire.host.received(frame_transactions(said), wire.now);
  return only_event(wire.host);
}

TEST(Transactions, AnAbortFailsTheQuestion) {
  Wire wire = selected();
  const Event event = answered_by(wire, {.stream = 7, .function = 0});
  EXPECT_EQ(event.what, TransactionsWhat::Failed);
  EXPECT_EQ(event.why, Why::Aborted);
  EXPECT_EQ(wire.host.open(), 0U);
}

TEST(Transactions, S9WithTheSameSystemBytesFailsTheQuestion) {
  Wire wire = selected();
  const Event event = answered_by(wire, {.stream = 9, .function = 5, .body = binary()});
  EXPECT_EQ(event.what, TransactionsWhat::Failed);
  EXPECT_EQ(event.why, Why::Complained);
  EXPECT_TRUE(event.message.is(9, 5));
  Wire headless = selected();
  EXPECT_EQ(answered_by(headless, {.stream = 9, .function = 5}).why, Why::Complained);
}

TEST(Transactions, S9WithItsOwnSystemBytesAndMHeadFailsTheQuestion) {
  Wire wire = selected();
  const Event event =
      answered_by(wire, {.stream = 9, .function = 5, .system = 0x7777, .body = binary()});
  EXPECT_EQ(event.what, TransactionsWhat::Failed);
  EXPECT_EQ(event.why, Why::Complained);
}

TEST(Transactions, S9AboutSomethingElseIsForTheOperator) {
  Wire wire = selected();
  const Event event = answered_by(
      wire, {.stream = 9, .function = 3, .body = binary(0, 0, 0x87, 0x13, 0, 0, 1, 2, 3, 4)});
  EXPECT_EQ(event.what, TransactionsWhat::Complaint);
  EXPECT_EQ(wire.host.open(), 1U);
}

TEST(Transactions, ARejectFailsTheQuestion) {
  Wire wire = selected();
  const Sent sent = wire.host.send(primary(7, 19, Reply::Wanted), wire.now);
  TransactionsBytes reject;
  append_frame(control(Type::RejectReq, sent.system, 0, 4), reject);
  wire.host.received(reject, wire.now);
  EXPECT_EQ(only_event(wire.host).why, Why::Rejected);
}

TEST(Transactions, AReplyOfAnotherStreamOrFunctionIsNobodys) {
  Wire wire = selected();
  EXPECT_EQ(answered_by(wire, {.stream = 7, .function = 18}).what, TransactionsWhat::Unasked);
  EXPECT_EQ(wire.host.open(), 1U);
  Wire other = selected();
  EXPECT_EQ(answered_by(other, {.stream = 6, .function = 20}).what, TransactionsWhat::Unasked);
  EXPECT_EQ(other.host.open(), 1U);
  Wire abort = selected();
  EXPECT_EQ(answered_by(abort, {.stream = 6, .function = 0}).what, TransactionsWhat::Unasked);
}

TEST(Transactions, RepliesNobodyAskedForAreCountedAndHarmless) {
  Wire wire = selected();
  wire.host.received(frame_transactions({.stream = 1, .function = 14, .system = 5, .body = list()}),
                     wire.now);
  const Event event = only_event(wire.host);
  EXPECT_EQ(event.what, TransactionsWhat::Unasked);
  EXPECT_EQ(wire.host.counts().unasked, 1U);
  EXPECT_EQ(wire.host.state(), State::Selected);
}

TEST(Transactions, AMalformedBodyIsAnswered) {
  const auto malformed = [](Session& session, const Message& message, core::Tick now) {
    TransactionsBytes bytes = frame_transactions(message);
    bytes.insert(bytes.end(), {0xB1, 0x04, 0x00});  // a U4 with one byte
    bytes[3] = static_cast<std::uint8_t>(bytes[3] + 3);
    session.received(bytes, now);
  };
  Wire wire = selected();
  malformed(wire.tool, {.stream = 2, .function = 41, .wants_reply = true, .system = 9}, wire.now);
  const Event at_tool = only_event(wire.tool);
  EXPECT_EQ(at_tool.what, TransactionsWhat::Malformed);
  EXPECT_EQ(to_string(at_tool.malformed), "byte 0: an item longer than the bytes that are left");
  wire.move();
  const Event complaint = only_event(wire.host);
  EXPECT_TRUE(complaint.message.is(9, 7));
  EXPECT_EQ(header_from(complaint.message.body->bytes()),
            header_of({.stream = 2, .function = 41, .wants_reply = true, .system = 9}));

  malformed(wire.host, {.stream = 6, .function = 11, .wants_reply = true, .system = 8}, wire.now);
  EXPECT_EQ(only_event(wire.host).what, TransactionsWhat::Malformed);
  EXPECT_EQ(taken_from(wire.host, wire.now),
            frame_transactions({.stream = 6, .function = 0, .system = 8}));

  const Sent sent = wire.host.send(primary(1, 3, Reply::Wanted), wire.now);
  malformed(wire.host, {.stream = 1, .function = 4, .system = sent.system}, wire.now);
  const auto events = all_events(wire.host);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].why, Why::BadBody);
  EXPECT_EQ(wire.host.open(), 0U);
}

TEST(Transactions, AToolKnowsItsOwnDeviceOnly) {
  Wire wire = selected();
  wire.tool.received(
      frame_transactions({.stream = 1, .function = 1, .wants_reply = true, .device = 4}), wire.now);
  EXPECT_EQ(all_events(wire.tool).size(), 0U);
  wire.move();
  EXPECT_TRUE(only_event(wire.host).message.is(9, 1));
  wire.host.received(frame_transactions({.stream = 5, .function = 1, .device = 4}), wire.now);
  EXPECT_EQ(only_event(wire.host).what, TransactionsWhat::Primary);
  EXPECT_EQ(wire.host.counts().other_device, 1U);
}

TEST(Transactions, WhatWasOpenFailsWithTheLine) {
  Wire wire = selected();
  const Sent open = wire.host.send(primary(1, 3, Reply::Wanted), wire.now);
  const Sent waits = wire.host.send(primary(1, 3, Reply::Wanted), wire.now);
  wire.move();
  const Event asked = only_event(wire.tool);
  wire.cut();
  const auto events = all_events(wire.host);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].system, open.system);
  EXPECT_EQ(events[0].why, Why::LineLost);
  EXPECT_EQ(events[1].system, waits.system);
  EXPECT_EQ(events[2].what, TransactionsWhat::Lost);
  EXPECT_EQ(events[2].why, Why::ClosedByPeer);
  EXPECT_EQ(wire.host.send(primary(1, 3, Reply::Wanted), wire.now).outcome, Sending::NotSelected);
  wire.now += 10'000;
  wire.connect();
  // The question came over another line: its answer must not go over this one.
  EXPECT_EQ(wire.tool.reply(reply_to(asked.message), wire.now).outcome, Sending::NobodyAsks);
}

TEST(Transactions, QueuesAreBounded) {
  Options options = together();
  options.limits.outgoing = 10'000;
  options.limits.open = 8;
  Wire wire = selected(options, options);
  const auto ask = [&](std::size_t size) {
    return wire.host.send(primary(1, 3, Reply::Wanted, ascii(std::string(size, 'x'))), wire.now)
        .outcome;
  };
  EXPECT_EQ(ask(50'000), Sending::Sent);  // one always goes
  EXPECT_EQ(ask(10), Sending::Full);
  wire.move();
  for (int k = 1; k < 8; ++k) EXPECT_EQ(ask(10), Sending::Sent);
  EXPECT_EQ(ask(10), Sending::Full);
  wire.move();
  const secs::Item half = ascii(std::string(9'000'000, 'x'));
  EXPECT_EQ(wire.host.send(primary(1, 3, Reply::No, list(half, half)), wire.now).outcome,
            Sending::TooLong);
  // The tool may leave eight questions unanswered, not more.
  Options impatient = together();
  impatient.limits.open = 100;
  wire = selected(impatient, options);
  for (int k = 0; k < 9; ++k) ASSERT_EQ(ask(10), Sending::Sent);
  wire.move();
  EXPECT_EQ(all_events(wire.tool).size(), 8U);
  EXPECT_EQ(only_event(wire.host).why, Why::Aborted);
  EXPECT_EQ(wire.tool.counts().overrun, 1U);
}

TEST(Transactions, NothingChangesAToolWithoutItsPermit) {
  Options options;
  options.tool = "LITHO_01";
  Wire wire = selected(options);
  const Message hold = primary(2, 41, Reply::Wanted, list(ascii("HOLD"), list()));
  const auto send = [&](const std::string& tool, const Message& permitted) {
    return wire.host
        .send(hold, guard::TestGuard::grant(tool, secs::permit_bytes(permitted)), wire.now)
        .outcome;
  };
  EXPECT_EQ(wire.host.send(hold, wire.now).outcome, Sending::NeedsPermit);
  EXPECT_EQ(send("LITHO_02", hold), Sending::NeedsPermit);
  EXPECT_EQ(send("LITHO_01", primary(2, 41, Reply::Wanted, list(ascii("STOP"), list()))),
            Sending::NeedsPermit);
  EXPECT_TRUE(wire.host.outgoing().empty());
  EXPECT_EQ(send("LITHO_01", hold), Sending::Sent);
  EXPECT_FALSE(wire.host.outgoing().empty());
  // What the tool says to us needs none.
  EXPECT_TRUE(wire.tool.send(primary(10, 1, Reply::No, list()), wire.now));
}

TEST(Transactions, ConfigurationIsForTheSiteFileToPermit) {
  const Message define = primary(2, 33, Reply::Wanted, list(u4(0), list()));
  Wire strict = selected();
  EXPECT_EQ(strict.host.send(define, strict.now).outcome, Sending::NeedsPermit);
  Options options;
  options.configuration = Configuration::BySiteFile;
  Wire wire = selected(options);
  EXPECT_TRUE(wire.host.send(define, wire.now));
  EXPECT_EQ(wire.host.send(primary(2, 15, Reply::Wanted), wire.now).outcome, Sending::NeedsPermit);
}

TEST(Transactions, ARecipeThatAToolAsksForNeedsAPermitToo) {
  Options options;
  options.tool = "LITHO_01";
  Wire wire = selected(options);
  ASSERT_TRUE(wire.tool.send(primary(7, 5, Reply::Wanted, ascii("R1")), wire.now));
  wire.move();
  const Message answer = reply_to(only_event(wire.host).message, list(ascii("R1"), binary(1)));
  EXPECT_EQ(wire.host.reply(answer, wire.now).outcome, Sending::NeedsPermit);
  EXPECT_TRUE(wire.host.reply(
      answer, guard::TestGuard::grant("LITHO_01", secs::permit_bytes(answer)), wire.now));
}

}  // namespace
}  // namespace twin::link::hsms
