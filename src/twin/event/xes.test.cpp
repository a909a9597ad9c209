#include "twin/event/xes.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "twin/core/error.hpp"
#include "twin/event/example.hpp"

namespace twin::event {
namespace {

constexpr std::uint64_t XesSeed = 1'849;

std::string xes_of(const std::vector<Event>& events, XesOptions options = {}) {
  const LogHeader header = example_header();
  options.time_zero_ms = header.time_zero_ms;
  std::ostringstream out;
  const EventPass pass = [&](const std::function<void(const Event&)>& each) {
    for (const Event& e : events) each(e);
  };
  write_xes(out, header.names, pass, options);
  return out.str();
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++times;
  return times;
}

// Whether every element is closed in order and every attribute is quoted: what a reader of XML
// needs first.
bool is_well_formed(const std::string& text) {
  std::vector<std::string> open;
  std::size_t at = text.find("?>") + 2;
  while (at < text.size()) {
    if (text[at] != '<') {
      if (text[at] == '>' || text[at] == '&') return false;
      ++at;
      continue;
    }
    const bool closes = text[at + 1] == '/';
    std::size_t end = at + 1;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != '>'); ++end) {
      if (text[end] == '"') quoted = !quoted;
      if (quoted && text[end] == '<') return false;
    }
    if (end >= text.size()) return false;
    const std::string tag = text.substr(at + 1, text.find_first_of(" />", at + 2) - at - 1);
    if (closes) {
      if (open.empty() || "/" + open.back() != text.substr(at + 1, end - at - 1)) return false;
      open.pop_back();
    } else if (text[end - 1] != '/') {
      open.push_back(tag);
    }
    at = end + 1;
  }
  return open.empty();
}

std::vector<Event> events_with_dates_xes(std::uint32_t count) {
  std::vector<Event> events = ExampleFab(XesSeed, 20, 5).take(count);
  for (std::uint32_t k = 0; k < count; ++k) {
    Event e = any_event({.seed = XesSeed}, k);
    e.at = k;
    events.push_back(e);
  }
  return events;
}

TEST(Xes, OneTraceALotAllItsEvents) {
  // If this failed, a lot's history would be torn or mixed with another's.
  const std::vector<Event> events = events_with_dates_xes(1'000);
  std::map<std::uint32_t, std::size_t> lots;
  std::size_t of_lots = 0;
  for (const Event& e : events) {
    if (e.lot == None) continue;
    ++lots[e.lot];
    ++of_lots;
  }
  const std::string text = xes_of(events);
  EXPECT_TRUE(is_well_formed(text));
  EXPECT_EQ(count(text, "<trace>"), lots.size());
  EXPECT_EQ(count(text, "<event>"), of_lots);
}

TEST(Xes, PassesDoNotShow) {
  // If this failed, the export would depend on the memory that was allowed.
  const std::vector<Event> events = events_with_dates_xes(500);
  const std::string text = xes_of(events);
  for (const std::size_t held :
       {std::size_t{0}, std::size_t{1}, std::size_t{60}, std::size_t{300}}) {
    EXPECT_EQ(xes_of(events, {.events_held_max = held}), text) << held;
  }
}

TEST(Xes, SaysWhatTheEventSays) {
  // If this failed, the export would be well-formed and wrong.
  const Event e{.at = 60'000,
                .lot = 2,
                .tool = 0,
                .route = 1,
                .step = 12,
                .visit = 14,
                .kind = Kind::ProcessingStarted};
  const std::string text = xes_of({e});
  EXPECT_NE(
      text.find(
          "<trace>\n"
          "<string key=\"concept:name\" value=\"with &quot;quotes&quot; &amp; &lt;angles&gt;\"/>\n"
          "<event>\n"
          "<string key=\"concept:name\" value=\"Route_4/12\"/>\n"
          "<string key=\"lifecycle:transition\" value=\"start\"/>\n"
          "<date key=\"time:timestamp\" value=\"2018-01-01T00:01:00.000Z\"/>\n"
          "<string key=\"kind\" value=\"processing_started\"/>\n"
          "<string key=\"org:resource\" value=\"ETCH-01\"/>\n"
          "<string key=\"route\" value=\"Route_4\"/>\n"
          "<int key=\"step\" value=\"12\"/>\n"
          "<int key=\"visit\" value=\"14\"/>\n"
          "</event>\n"
          "</trace>\n"),
      std::string::npos)
      << text;
}

TEST(Xes, LifeCycleIsTheStandards) {
  // If this failed, process times mined from our logs would start or end at the wrong event.
  const auto transition = [](Kind kind) {
    return std::string(xes_activity({.route = 0, .step = 0, .kind = kind}).transition);
  };
  EXPECT_EQ(transition(Kind::ArrivedAtQueue), "schedule");
  EXPECT_EQ(transition(Kind::LoadStarted), "assign");
  EXPECT_EQ(transition(Kind::ProcessingStarted), "start");
  EXPECT_EQ(transition(Kind::ProcessingSuspended), "suspend");
  EXPECT_EQ(transition(Kind::ProcessingResumed), "resume");
  EXPECT_EQ(transition(Kind::ProcessingEnded), "complete");
  EXPECT_EQ(transition(Kind::SkippedBySampling), "autoskip");
  EXPECT_EQ(transition(Kind::Held), "complete");
  EXPECT_FALSE(xes_activity({.route = 0, .step = 0, .kind = Kind::Held}).operation);
  EXPECT_FALSE(xes_activity({.kind = Kind::ProcessingStarted}).operation);
}

TEST(Xes, TimesWithoutDateAreRefused) {
  // If this failed, a wrong time zero would give a log of wrong dates.
  EXPECT_THROW(xes_of({Event{.at = std::numeric_limits<Tick>::max(), .lot = 0}}), core::Error);
}

}  // namespace
}  // namespace twin::event
