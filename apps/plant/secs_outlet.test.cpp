// If these failed, a real host could not follow the plant's tools, or would miss what happened while
// it was away. Real sockets on the loopback address.
#include "apps/plant/secs_outlet.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <tuple>

#include "apps/plant/tool_class.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/link/secs/changes.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twins/fab/generate.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

namespace hsms = twin::link::hsms;
namespace secs = twin::link::secs;
namespace tool = twin::link::tool;
using twin::event::Event;

constexpr auto SecsOutletHour = static_cast<Tick>(twins::fab::HourMs);
constexpr std::int64_t SecsOutletBegun = 1'800'000'000'000;

Tick line_ms_secs_outlet() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

using SecsOutletKey = std::tuple<std::string, std::uint32_t, std::uint64_t>;  // tool, epoch, number

// A host of few words: establishes, acknowledges each report, asks for the spool.
class Host {
 public:
  explicit Host(const std::vector<NoticedTool>& doors)
      : description_(tool::read_description(tool_class_text(), "tools.toml")),
        hearing_(description_),
        sockets_(line_ms_secs_outlet) {
    for (const NoticedTool& door : doors) {
      hsms::Options options{.tool = door.name};
      options.timers.separation = 20;
      options.configuration = hsms::Configuration::BySiteFile;
      const std::string name = door.name;
      sockets_.add(options, {.host = door.host, .port = door.port},
                   [this, name](hsms::Session& s, Tick now) { return attend(name, s, now); });
    }
  }
  void turn() { sockets_.turn(std::chrono::milliseconds(1)); }
  void hang_up() {
    for (std::size_t k = 0; k < sockets_.lines(); ++k)
      sockets_.session(k).close(line_ms_secs_outlet());
  }
  hsms::Sent command(std::size_t line, const secs::Item& body) {
    const secs::Message m = secs::primary(2, 41, secs::Reply::Wanted, body);
    hsms::Session& s = sockets_.session(line);
    const hsms::Sent sent =
        s.send(m, twin::guard::TestGuard::grant(s.options().tool, secs::permit_bytes(m)),
               line_ms_secs_outlet());
    sockets_.wake(line);
    return sent;
  }

  // S1F3 of all status variables.
  void ask(std::size_t line) {
    hsms::Session& s = sockets_.session(line);
    ASSERT_TRUE(
        s.send(secs::primary(1, 3, secs::Reply::Wanted, secs::list()), line_ms_secs_outlet()));
    sockets_.wake(line);
  }
  // What it said of a variable then.
  [[nodiscard]] const secs::Item& said(const std::string& variable) const {
    std::size_t k = 0;
    for (const auto& v : description_.variables) {
      if (v.name == variable) return status.value().items()[k];
      k += v.is == tool::Class::Status ? 1U : 0U;
    }
    throw std::out_of_range(variable);
  }

  std::optional<secs::Item> status;  // S1F4, the last
  std::map<SecsOutletKey, Event> heard;
  twin::event::Names names;
  std::uint64_t repeated = 0, refused = 0;
  std::vector<std::uint64_t> answers;  // HCACK

 private:
  Tick attend(const std::string& name, hsms::Session& s, Tick now) {
    while (auto e = s.next()) {
      const secs::Message& m = e->message;
      if (e->what == hsms::Event::What::Reply && m.is(2, 42))
        answers.push_back(m.at(0)->as_u64().value());
      if (e->what == hsms::Event::What::Reply && m.is(1, 4)) status = m.body;
      if (e->what != hsms::Event::What::Primary) continue;
      if (m.is(1, 13)) {
        s.reply(secs::reply_to(m, secs::list(secs::binary(0), secs::list())), now);
      } else if (m.is(1, 1)) {
        s.reply(secs::reply_to(m, secs::list()), now);
        s.send(secs::primary(6, 23, secs::Reply::Wanted, secs::u1(0)), now);
      } else if (m.is(6, 11)) {
        take(name, *m.body);
        s.reply(secs::reply_to(m, secs::binary(0)), now);
      }
      // The spool is asked for whenever the line is new.
      if (m.is(1, 13)) s.send(secs::primary(6, 23, secs::Reply::Wanted, secs::u1(0)), now);
    }
    return twin::core::Never;
  }
  void take(const std::string& name, const secs::Item& body) {
    std::uint32_t event = 0;
    std::vector<tool::Told> told;
    std::vector<Event> events;
    if (hearing_.values(body, event, told) != tool::Heard::Understood ||
        hearing_.events(event, told, name, names, events) != tool::Heard::Understood) {
      ++refused;
      return;
    }
    const tool::Stamp stamp = hearing_.stamp(told);
    ASSERT_EQ(events.size(), 1U);
    events[0].at = *stamp.clock;
    if (!heard.emplace(SecsOutletKey{name, *stamp.epoch, *stamp.counter}, events[0]).second)
      ++repeated;
  }

  tool::Description description_;
  tool::Hearing hearing_;
  hsms::Sockets sockets_;
};

class PlantOnSecs : public ::testing::Test {
 protected:
  twin::record::ScratchFolder scratch{"plant_secs"};
  std::shared_ptr<const twins::fab::Layout> layout = twins::fab::lively_fab();
  std::map<SecsOutletKey, Event> said;  // as the tools should have told it
  Tick now_real = SecsOutletBegun;
  double speed = 36'000.0;  // ten hours a second
  Links links = Links::PerGroup;

  std::unique_ptr<Plant> plant(const Faults& faults) {
    PlantOptions o;
    o.folder = scratch / "a";
    o.data = "/fab";
    o.speed = speed;
    o.site.fab.seed = 8;
    o.site.faults = faults;
    o.site.links = links;
    auto p = std::make_unique<Plant>(layout, o, now_real);
    auto outlet = std::make_unique<SecsOutlet>(
        p->site().sources(), p->site().fab().names(),
        SecsOutlet::Options{
            .line_time = line_ms_secs_outlet,
            .plant_time =
                [this, at = p.get()] {
                  return at->notice().time_zero_ms + at->notice().at(now_real);
                },
            .obey = [at = p.get()](const Command& c) { return at->obey(c); },
            .status =
                [at = p.get()](std::uint32_t source) { return tool_status(at->site(), source); }});
    secs = outlet.get();
    p->add(std::move(outlet));
    p->announce();
    return p;
  }
  SecsOutlet* secs = nullptr;
};

// All events of the tools by the plant's own log.
std::vector<Event> truth_of(const std::filesystem::path& folder) {
  std::vector<Event> all;
  for (const Tick from : Truth::pieces(folder)) {
    std::ifstream in(Truth::piece(folder, from, "ftel"), std::ios::binary);
    twin::event::LogReader log(in);
    for (Event e; log.next(e);)
      if (e.source != twins::fab::EventNames::Fab) all.push_back(e);
  }
  return all;
}

TEST_F(PlantOnSecs, AHostHearsAllOnceThoughLinesAreCutAndBytesAreBroken) {
  Faults faults;
  faults.twice = 0.02;
  faults.reorder = 0.02;
  faults.corrupt = 0.01;
  faults.drop = 0.01;
  faults.cuts_per_day = 4;
  faults.cut_minutes = 10;
  auto p = plant(faults);
  const auto host = std::make_unique<Host>(secs->doors());
  const Tick until = 3 * 24 * SecsOutletHour;
  int turn = 0;
  while (p->turn(now_real += 5, until)) {
    host->turn();
    if (++turn % 400 == 0) host->hang_up();
  }
  for (const Tick end = line_ms_secs_outlet() + 20'000; line_ms_secs_outlet() < end; host->turn()) {
    if (!p->listen({})) break;
  }
  p->stop();
  std::map<std::tuple<Tick, std::string, int>, int> a, b;
  const auto& names = p->site().fab().names().names;
  for (const Event& e : truth_of(scratch / "a" / "truth"))
    ++a[{p->notice().time_zero_ms + e.at, std::string(names.name(twin::event::Table::Tool, e.tool)),
         static_cast<int>(e.kind)}];
  for (const auto& [key, e] : host->heard)
    ++b[{e.at, std::string(host->names.name(twin::event::Table::Tool, e.tool)),
         static_cast<int>(e.kind)}];
  EXPECT_EQ(a.size(), b.size());
  EXPECT_EQ(a, b);
  EXPECT_GT(host->heard.size(), 1000U);
  EXPECT_GT(host->repeated, 10U);
  EXPECT_GT(host->refused, 5U);
}

TEST_F(PlantOnSecs, ObeysCommandsOfAHost) {
  auto p = plant({});
  const auto host = std::make_unique<Host>(secs->doors());
  for (const Tick end = line_ms_secs_outlet() + 10'000;
       line_ms_secs_outlet() < end &&
       (p->site().now() < 10 * SecsOutletHour || secs->selected() < secs->doors().size());
       host->turn())
    p->turn(now_real += 5, 20 * SecsOutletHour);
  ASSERT_EQ(secs->selected(), layout->groups.size());
  const auto command = [&](const char* name, secs::Item parameters) {
    host->answers.clear();
    EXPECT_TRUE(host->command(0, secs::list(secs::ascii(name), std::move(parameters))));
    for (const Tick end = line_ms_secs_outlet() + 5'000;
         line_ms_secs_outlet() < end && host->answers.empty(); host->turn())
      p->turn(now_real, 20 * SecsOutletHour);
    return host->answers.empty() ? 99U : host->answers.front();
  };
  const auto pair = [](const char* name, secs::Item value) {
    return secs::list(secs::ascii(name), std::move(value));
  };
  EXPECT_EQ(command("PM_START", secs::list(pair("TOOL", secs::ascii(layout->tool_name(0))),
                                           pair("CALENDAR", secs::u4(0)))),
            0U);
  EXPECT_EQ(p->site().fab().state().pms[0].asked + p->site().fab().state().tools[0].pms_pending +
                (p->site().fab().state().tools[0].pm == 0 ? 1U : 0U),
            p->site().fab().state().tools[0].pm == 0 ? 1U : 2U);
  EXPECT_EQ(command("HOLD", secs::list(pair("LOT", secs::ascii("L999999")))), 2U);
  EXPECT_EQ(command("HOLD", secs::list(pair("LOT", secs::ascii("lot")))), 3U);
  EXPECT_EQ(command("DANCE", secs::list()), 1U);
}

TEST_F(PlantOnSecs, AToolSaysWhatItIsWhenItIsAsked) {
  // Wrong: a host that comes to a tool at work would take it for whatever it last heard of it.
  links = Links::PerTool;
  auto p = plant({});
  const auto host = std::make_unique<Host>(secs->doors());
  const auto ask = [&](std::uint32_t t) {
    host->status.reset();
    host->ask(t);
    for (const Tick end = line_ms_secs_outlet() + 5'000;
         line_ms_secs_outlet() < end && !host->status; host->turn())
      p->turn(now_real, twin::core::Never);
    ASSERT_TRUE(host->status);
  };
  for (const Tick end = line_ms_secs_outlet() + 10'000;
       line_ms_secs_outlet() < end && secs->selected() < secs->doors().size(); host->turn())
    p->turn(now_real, twin::core::Never);
  ASSERT_EQ(secs->selected(), layout->tools());
  std::map<std::uint64_t, int> states, processes;
  std::size_t lots = 0;
  for (int hour = 0; hour < 48; ++hour) {
    now_real += 100;  // an hour of the plant's
    for (std::uint32_t t = 0; t < layout->tools(); ++t) {
      ask(t);
      const auto is = tool_status(p->site().fab().view().tools[t], p->site().now());
      EXPECT_EQ(host->said("EquipmentState").as_u64(), static_cast<std::uint64_t>(is.equipment));
      EXPECT_EQ(host->said("ProcessState").as_u64(), static_cast<std::uint64_t>(is.process));
      EXPECT_EQ(host->said("ControlState").as_u64(), 5U);  // on-line, remote
      EXPECT_EQ(host->said("Clock").as_text(),
                tool::clock_text(p->notice().time_zero_ms + is.at, tool::TimeFormat::Iso, 0));
      const auto& inside = host->said("LotsInProcess").items();
      ASSERT_EQ(inside.size(), is.lots.size());
      for (std::size_t k = 0; k < inside.size(); ++k)
        EXPECT_EQ(inside[k].as_text(), lot_name(is.lots[k]));
      ++states[static_cast<std::uint64_t>(is.equipment)];
      ++processes[static_cast<std::uint64_t>(is.process)];
      lots += is.lots.size();
    }
  }
  EXPECT_EQ(states.size(), 4U);     // all of them are met
  EXPECT_GE(processes.size(), 3U);  // idle, setup, executing
  EXPECT_GT(lots, 100U);
}

TEST_F(PlantOnSecs, AGroupOfToolsDoesNotSayWhatOneOfThemIs) {
  auto p = plant({});
  const auto host = std::make_unique<Host>(secs->doors());
  for (const Tick end = line_ms_secs_outlet() + 10'000;
       line_ms_secs_outlet() < end && secs->selected() < secs->doors().size(); host->turn())
    p->turn(now_real += 1, 20 * SecsOutletHour);
  host->ask(0);
  for (const Tick end = line_ms_secs_outlet() + 5'000; line_ms_secs_outlet() < end && !host->status;
       host->turn())
    p->turn(now_real, 20 * SecsOutletHour);
  ASSERT_TRUE(host->status);
  EXPECT_EQ(host->said("EquipmentState").as_u64(), 0U);  // which is no state
  EXPECT_EQ(host->said("LotsInProcess").count(), 0U);
}

TEST_F(PlantOnSecs, FiveHundredLinesAtOnce) {
  // Wrong: a fab of the size that the twin is made for could not be stood in for.
  layout =
      twins::fab::compile(twins::fab::generate({.tools = 560, .wip_flow_factor = 1.5, .seed = 3}));
  links = Links::PerTool;
  speed = 600.0;
  auto p = plant({});
  ASSERT_GE(secs->doors().size(), 500U);
  const auto host = std::make_unique<Host>(secs->doors());
  const Tick end = line_ms_secs_outlet() + 30'000;
  while (line_ms_secs_outlet() < end && secs->selected() < secs->doors().size()) {
    p->turn(now_real += 2, SecsOutletHour);
    host->turn();
  }
  EXPECT_EQ(secs->selected(), secs->doors().size());
  while (p->turn(now_real += 2, SecsOutletHour)) host->turn();
  while (line_ms_secs_outlet() < end && p->listen({})) host->turn();
  p->stop();
  EXPECT_EQ(host->heard.size(), truth_of(scratch / "a" / "truth").size());
  EXPECT_GT(host->heard.size(), 500U);
}

TEST_F(PlantOnSecs, APortInUseIsSaidSo) {
  auto p = plant({});
  const std::uint16_t taken = secs->doors().front().port;
  const std::string message = twin::contract::refusal([&] {
    const SecsOutlet other(p->site().sources(), p->site().fab().names(),
                           {.port = taken,
                            .line_time = line_ms_secs_outlet,
                            .plant_time = [] { return Tick{0}; },
                            .obey = [](const Command&) { return Obeyed{}; }});
  });
  EXPECT_NE(message.find(std::to_string(taken)), std::string::npos) << message;
  EXPECT_EQ(twin::contract::refusal([&] {
              const SecsOutlet other(p->site().sources(), p->site().fab().names(),
                                     {.port = 65'535,
                                      .line_time = line_ms_secs_outlet,
                                      .plant_time = [] { return Tick{0}; },
                                      .obey = [](const Command&) { return Obeyed{}; }});
            }),
            "HSMS port 65535 for " + std::to_string(layout->groups.size()) +
                " tools (they reach beyond 65535) a lower one?");
}

}  // namespace
}  // namespace apps::plant
