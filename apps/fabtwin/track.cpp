// fabtwin track: where the lots are when part of the events is missing.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/event_source.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/table.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/mirror.hpp"
#include "twins/fab/track/audit.hpp"
#include "twins/fab/track/thin.hpp"

namespace apps::fabtwin {
namespace {

using namespace twins::fab::track;
using twins::fab::Tick;

constexpr double Share = 0.9;  // of the probability, in a lot's set of steps
constexpr double Sure = 0.99;  // probability from which a lot's step is called certain

struct TrackFlags {
  std::string path, events;
  double at_day = 0.0;
  double drop = 0.0;
  std::uint64_t seed = 1;
  std::uint32_t threads = 1;
  bool unnumbered = false, self_test = false, all = false, json = false;
};

struct Tracked {
  Tick at = 0;
  std::vector<LotBelief> lots;
  std::vector<ToolBelief> tools;
  Missing missing;
  std::optional<Audit> score;  // of a self-test
  std::uint64_t events = 0;    // of the log, up to then
  std::string damage;          // where the log breaks off; empty: it is whole
};

// With --drop the complete log moves a mirror, which is the truth that the tracker is held against.
Tracked track(const std::shared_ptr<const twins::fab::Layout>& layout, const TrackFlags& flags,
              Tracker& tracker) {
  const auto fab = twins::fab::make_fab(layout);
  twins::fab::Mirror mirror(*fab);
  twins::fab::State truth = mirror.start();
  Thinner thinner({.share = flags.drop, .seed = flags.seed});
  const Tick until = flags.at_day > 0.0 ? static_cast<Tick>(flags.at_day * twins::fab::DayMs)
                                        : std::numeric_limits<Tick>::max();
  const LogSpan span = read_events(*layout, flags.events, [&](const twin::event::Event& event) {
    if (event.at > until) return Reading::Enough;
    if (flags.self_test) {
      (void)mirror.apply(truth, event);
      if (thinner.loses(event)) return Reading::GoesOn;
    }
    (void)tracker.saw(event);
    return Reading::GoesOn;
  });
  Tracked tracked;
  tracked.events = span.events;
  tracked.damage = span.damage;
  tracked.at = std::max(flags.at_day > 0.0 ? until : span.until, tracker.now());
  tracked.missing = missing_of(tracker, tracked.at);
  tracked.lots = believe(tracker, tracked.at, {.seed = flags.seed, .threads = flags.threads});
  tracked.tools = stopped_tools(tracker, tracked.at, tracked.missing);
  if (flags.self_test) tracked.score = audit(truth, tracked.lots, Share);
  return tracked;
}

std::string step_of(const twins::fab::Layout& layout, const StepShare& s) {
  return s.step == twins::fab::None ? "left the fab" : layout.step_name(s.step);
}

std::string set_of(const twins::fab::Layout& layout, const LotBelief& lot) {
  std::string text;
  for (std::size_t i = 0; i < lot.credible(Share); ++i)
    text += fmt::format("{}{} {:.3f}", i == 0 ? "" : ", ", step_of(layout, lot.steps[i]),
                        lot.steps[i].share);
  return text;
}

bool certain(const LotBelief& lot) { return lot.steps.front().share >= Sure; }

std::string refused_text(const Completeness& c) {
  std::string text;
  for (std::size_t i = 2; i < Hearings; ++i)
    if (c.heard[i] != 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", c.heard[i],
                          to_string(static_cast<Heard>(i)));
  return text;
}

std::string score_text(const Audit& a) {
  const auto share = [&](double x) {
    return 100.0 * x / static_cast<double>(std::max<std::uint64_t>(a.lots, 1));
  };
  const auto of = [&](std::uint64_t x) { return share(static_cast<double>(x)); };
  return fmt::format(
      "held against the whole log, {} lots ({} of them not known):\n"
      "  in their 90 % sets            {:6.2f} %\n"
      "  in sets of exactly 90 %       {:6.2f} %\n"
      "  most probable step right      {:6.2f} % ({:.2f} % expected)\n"
      "  step of the last event right  {:6.2f} %\n\n",
      a.lots, a.unknown, of(a.covered), share(a.exactly_covered), of(a.right),
      share(a.right_expected), of(a.last_right));
}

std::string as_text_track(const twins::fab::Layout& layout, const Tracker& tracker,
                          const Tracked& t, bool all) {
  const Completeness& c = tracker.completeness();
  std::string text = fmt::format(
      "day {:.2f}: {} events, {} taken; missing {:.2f} % of moves and decisions, {:.2f} % of the "
      "tools' events\n",
      static_cast<double>(t.at) / twins::fab::DayMs, grouped(static_cast<double>(t.events), 0),
      grouped(static_cast<double>(c.heard[0]), 0), 100.0 * t.missing.fab, 100.0 * t.missing.tools);
  const std::string refused = refused_text(c);
  if (!refused.empty()) text += "not taken: " + refused + "\n";
  if (!t.missing.fab_outages.empty())
    text += fmt::format("outages of the fab's own link: {}\n", t.missing.fab_outages.size());
  double inside = 0.0;
  std::size_t sure = 0;
  std::vector<const LotBelief*> unsure;
  for (const LotBelief& lot : t.lots) {
    inside += lot.inside();
    sure += certain(lot) ? 1U : 0U;
    if (!certain(lot)) unsure.push_back(&lot);
  }
  text += fmt::format(
      "{:.1f} lots expected in the fab; the step of {} is known with {:.0f} % or more\n\n", inside,
      sure, 100.0 * Sure);
  if (t.score) text += score_text(*t.score);
  std::ranges::stable_sort(unsure, {},
                           [](const LotBelief* lot) { return lot->steps.front().share; });
  constexpr std::size_t Shown = 20;
  const std::size_t shown = all ? unsure.size() : std::min(Shown, unsure.size());
  if (shown != 0) {
    Table table({"lot", "last heard of", "hours ago", "steps that hold 90 %"});
    for (std::size_t i = 0; i < shown; ++i) {
      const Sighting& s = unsure[i]->last;
      table.row({fmt::format("{}", s.lot), std::string(to_string(s.phase)),
                 fmt::format("{:.2f}", static_cast<double>(t.at - s.since) / twins::fab::HourMs),
                 set_of(layout, *unsure[i])});
    }
    text += table.text();
    if (shown < unsure.size()) text += fmt::format("and {} more (--all)\n", unsure.size() - shown);
  }
  double down = 0.0;
  for (const ToolBelief& tool : t.tools) down += tool.still;
  text +=
      fmt::format("\n{:.1f} tools expected to be down or in maintenance; not sure are:\n", down);
  for (const ToolBelief& tool : t.tools)
    if (tool.still < Sure)
      text +=
          fmt::format("  {}: {} with probability {:.3f}\n", layout.tool_name(tool.tool),
                      tool.mode == ToolSeen::Mode::Down ? "down" : "in maintenance", tool.still);
  return text;
}

nlohmann::ordered_json as_json_track(const twins::fab::Layout& layout, const Tracker& tracker,
                                     const Tracked& t) {
  using Json = nlohmann::ordered_json;
  const Completeness& c = tracker.completeness();
  Json heard = Json::object(), lots = Json::array(), tools = Json::array();
  for (std::size_t i = 0; i < Hearings; ++i)
    heard[std::string(to_string(static_cast<Heard>(i)))] = c.heard[i];
  for (const LotBelief& lot : t.lots) {
    Json steps = Json::array();
    for (const StepShare& s : lot.steps)
      steps.push_back({{"step", step_of(layout, s)}, {"probability", s.share}});
    lots.push_back({{"lot", lot.last.lot},
                    {"last_heard", to_string(lot.last.phase)},
                    {"since_ms", lot.last.since},
                    {"in_fab", lot.inside()},
                    {"set_size", lot.credible(Share)},
                    {"steps", steps}});
  }
  for (const ToolBelief& tool : t.tools)
    tools.push_back({{"tool", layout.tool_name(tool.tool)},
                     {"mode", tool.mode == ToolSeen::Mode::Down ? "down" : "maintenance"},
                     {"since_ms", tool.since},
                     {"probability", tool.still}});
  Json out = {{"program", {{"name", "fabtwin"}, {"version", FABTWIN_VERSION}}},
              {"at_ms", t.at},
              {"events", t.events},
              {"heard", heard},
              {"missing",
               {{"fab", t.missing.fab},
                {"tools", t.missing.tools},
                {"jobs_in_outages", t.missing.dark_tools},
                {"fab_outages", t.missing.fab_outages.size()}}},
              {"whole_log", t.damage.empty()},
              {"lots", lots},
              {"stopped_tools", tools}};
  if (t.score) {
    const Audit& a = *t.score;
    out["score"] = {{"lots", a.lots},
                    {"unknown", a.unknown},
                    {"covered", a.covered},
                    {"exactly_covered", a.exactly_covered},
                    {"set_steps", a.set_steps},
                    {"right", a.right},
                    {"right_expected", a.right_expected},
                    {"last_right", a.last_right}};
  }
  return out;
}

Exit run_track(const TrackFlags& flags) {
  const auto layout =
      or_fail(Exit::BadInput, [&] { return twins::fab::compile(read_fab(flags.path)); });
  Tracker tracker(*layout, layout->nominal_theta(),
                  flags.unnumbered ? Numbering::None : Numbering::BySource);
  const Tracked tracked = or_fail(Exit::BadInput, [&] { return track(layout, flags, tracker); });
  if (!tracked.damage.empty())
    fmt::print(stderr, "fabtwin: {}; what stands before is used\n", tracked.damage);
  print(flags.json ? as_json_track(*layout, tracker, tracked).dump(1) + "\n"
                   : as_text_track(*layout, tracker, tracked, flags.all));
  return Exit::Ok;
}

}  // namespace

void add_track(Command& program) {
  const auto flags = std::make_shared<TrackFlags>();
  Command& command =
      program.add_command("track", "Where the lots are when part of the fab's events is missing");
  add_data_set(command, flags->path);
  command
      .add_option("--events", flags->events,
                  "the fab's event log (.ftel, as simulate --events writes it)")
      .type_name("FILE")
      .required();
  command.add_option("--at", flags->at_day, "the moment asked for; else the end of the log")
      .type_name("DAY")
      .above(0);
  const Option drop = command
                          .add_option("--drop", flags->drop,
                                      "self-test: lose this share of a complete log's events, and "
                                      "hold the result against the whole log")
                          .type_name("SHARE")
                          .within(0.0, 1.0);
  command.add_option("--seed", flags->seed, "of the particles, and of what --drop loses")
      .type_name("N")
      .shows_default();
  command.add_option("--threads", flags->threads, "results do not depend on it")
      .type_name("N")
      .shows_default()
      .within(1, 1024);
  command.add_flag("--unnumbered", flags->unnumbered,
                   "do not believe the events' own numbers (source_seq)");
  command.add_flag("--all", flags->all, "every lot that is not certain, not only the first 20");
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.footer(
      "How much is missing is found from the gaps in the sources' numbers, or, without them, from "
      "the lots.\n"
      "Examples:\n"
      "  fabtwin simulate data/example-fab --days 10 --events log.ftel\n"
      "  fabtwin track data/example-fab --events log.ftel\n"
      "  fabtwin track data/example-fab --events log.ftel --drop 0.2");
  command.action([flags, drop] {
    flags->self_test = drop.given();
    return run_track(*flags);
  });
}

}  // namespace apps::fabtwin
