#include "apps/fabtwin/serve/alarm_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "apps/fabtwin/serve/duration.hpp"
#include "twin/core/error.hpp"
#include "twin/link/note_text.hpp"

namespace apps::fabtwin::serve {
namespace {

using alarms::AlarmKind;
using alarms::AlarmName;
using alarms::Announcement;
using twin::core::Tick;
using twin::event::Kind;

constexpr Tick AlarmHolds = 3 * DayMs;  // of what nobody says is over
constexpr double RepairTimes = 4.0;     // an exponential repair takes longer in 1.8 % of all cases
constexpr Tick RepairLeast = HourMs, RepairUnknown = 4 * HourMs;
constexpr std::size_t GroundsMax = 10'000, AlarmNamesShown = 4;
constexpr std::size_t AlarmTextMax = 400;

// What stands in front of the areas. Nothing is the site's own alarm, or all others would be taken for its effects.
constexpr std::uint32_t SiteCause = 0, LinesCause = 1, TwinCause = 2, ForecastsCause = 3,
                        RecordCause = 4, FirstLineCause = 5;
constexpr std::array<std::string_view, 3> LineKinds = {"secs", "mqtt", "other"};

std::uint32_t line_cause(std::string_view source) {
  const std::string_view kind = source.substr(0, source.find('/'));
  std::uint32_t k = 0;
  while (k + 1 < LineKinds.size() && kind != LineKinds[k]) ++k;
  return FirstLineCause + k;
}

std::vector<AlarmKind> alarm_kinds() {
  std::vector<AlarmKind> kinds(AlarmKinds);
  const auto put = [&](AlarmOf of, AlarmKind kind) {
    kinds[static_cast<std::size_t>(of)] = std::move(kind);
  };
  put(AlarmOf::Other, {.name = "note", .response = "read what it says", .severity = 1.0});
  put(AlarmOf::Equipment, {.name = "equipment alarm",
                           .response = "look at the tool",
                           .severity = 2.0,
                           .off_delay = MinuteMs});
  put(AlarmOf::Repair, {.name = "long repair",
                        .response = "see what holds it up, and whether its lots can go elsewhere",
                        .severity = 3.0});
  put(AlarmOf::Clock, {.name = "clock off",
                       .response = "set it right; its times are corrected meanwhile",
                       .severity = 4.0});
  put(AlarmOf::Slow, {.name = "slow tool",
                      .response = "have the tool checked; forecasts reckon with it",
                      .severity = 5.0});
  put(AlarmOf::Forecasts, {.name = "forecasts off",
                           .response = "validate the model again before advice is followed",
                           .severity = 6.0});
  put(AlarmOf::Silence, {.name = "silent lines",
                         .response = "see whether the lines, and who speaks there, are up",
                         .severity = 7.0,
                         .on_delay = MinuteMs});
  return kinds;
}

// By time; of equal ones in the order in which they came.
void put_pending(AlarmMemory& memory, PendingAlarm pending) {
  const auto at = std::upper_bound(memory.pending.begin(), memory.pending.end(), pending.at,
                                   [](Tick t, const PendingAlarm& p) { return t < p.at; });
  memory.pending.insert(at, std::move(pending));
}

// Whether there was one.
bool drop_pending(AlarmMemory& memory, AlarmName alarm, PendingAlarm::Does does) {
  return std::erase_if(memory.pending, [&](const PendingAlarm& p) {
           return p.alarm == alarm && p.does == does;
         }) != 0;
}

auto ground_at(AlarmMemory& memory, AlarmName alarm, std::string_view of) {
  return std::lower_bound(memory.grounds.begin(), memory.grounds.end(), std::tuple(alarm, of),
                          [](const AlarmGround& g, const auto& key) {
                            return std::tuple(g.alarm, std::string_view(g.of)) < key;
                          });
}

// False: it was there already, or there are too many.
bool add_ground(AlarmMemory& memory, AlarmName alarm, std::string_view of, std::string text) {
  if (text.size() > AlarmTextMax) text.resize(AlarmTextMax);
  const auto at = ground_at(memory, alarm, of);
  if (at != memory.grounds.end() && at->alarm == alarm && at->of == of) {
    at->text = std::move(text);
    return false;
  }
  if (memory.grounds.size() >= GroundsMax) return false;
  memory.grounds.insert(at, {.alarm = alarm, .of = std::string(of), .text = std::move(text)});
  return true;
}

bool has_ground(const AlarmMemory& memory, AlarmName alarm) {
  return std::ranges::any_of(memory.grounds, [&](const auto& g) { return g.alarm == alarm; });
}

bool drop_ground(AlarmMemory& memory, AlarmName alarm, std::string_view of) {
  const auto at = ground_at(memory, alarm, of);
  if (at == memory.grounds.end() || at->alarm != alarm || at->of != of) return false;
  memory.grounds.erase(at);
  return true;
}

}  // namespace

AlarmWatch::AlarmWatch(const twins::fab::Layout& layout, const std::string& site)
    : layout_(layout), kinds_(alarm_kinds()) {
  std::vector<alarms::Cause> causes = {{site.empty() ? "site" : site, SiteCause},
                                       {"lines", SiteCause},
                                       {"twin", SiteCause},
                                       {"forecasts", TwinCause},
                                       {"record", TwinCause}};
  for (const std::string_view kind : LineKinds)
    causes.push_back({std::string(kind) + " lines", LinesCause});
  const auto first_area = static_cast<std::uint32_t>(causes.size());
  for (const std::string& area : layout.areas) causes.push_back({"area " + area, SiteCause});
  const auto first_group = static_cast<std::uint32_t>(causes.size());
  for (std::size_t g = 0; g < layout.groups.size(); ++g)
    causes.push_back({layout.description.tool_groups[g].name, first_area + layout.groups[g].area});
  first_tool_ = static_cast<std::uint32_t>(causes.size());
  for (std::uint32_t t = 0; t < layout.tools(); ++t)
    causes.push_back({layout.tool_name(t), first_group + layout.tool_group[t]});
  for (std::uint32_t c = 0; c < causes.size(); ++c) causes_.try_emplace(causes[c].name, c);
  tree_ = alarms::CauseTree(std::move(causes));
}

AlarmMemory AlarmWatch::start() const {
  return {.annunciator = alarms::Annunciator(tree_, kinds_, {.minute = MinuteMs})};
}

twin::core::Tick AlarmWatch::patience(std::uint32_t tool) const {
  const auto& group = layout_.groups[layout_.tool_group[tool]];
  double longest = 0.0;
  for (std::uint32_t b = 0; b < group.breakdowns; ++b) {
    const auto& repair = layout_.breakdowns[group.first_breakdown + b].time_to_repair;
    longest = std::max(longest, repair.mean_ms + repair.half_width_ms);
  }
  if (longest <= 0.0) return RepairUnknown;
  return std::max(RepairLeast, static_cast<Tick>(RepairTimes * longest));
}

std::vector<Announcement> AlarmWatch::saw(AlarmMemory& memory,
                                          const twin::event::Event& event) const {
  std::vector<Announcement> out;
  const bool down = event.kind == Kind::ToolDown, up = event.kind == Kind::ToolUp;
  const bool set = event.kind == Kind::AlarmSet, cleared = event.kind == Kind::AlarmCleared;
  if ((!down && !up && !set && !cleared) || event.tool >= layout_.tools()) return out;
  run(memory, event.at, out);
  const auto tell = [&](AlarmName alarm, alarms::Change change) {
    for (const Announcement& a :
         memory.annunciator.take({event.at, alarm.cause, alarm.kind, change}))
      out.push_back(a);
  };
  if (down || up) {
    const AlarmName alarm = {tool_cause(event.tool), static_cast<std::uint32_t>(AlarmOf::Repair)};
    if (down && add_ground(memory, alarm, "", "")) {
      put_pending(memory, {.at = event.at + patience(event.tool), .alarm = alarm});
    } else if (up && drop_ground(memory, alarm, "") &&
               !drop_pending(memory, alarm, PendingAlarm::Does::Set)) {
      tell(alarm, alarms::Change::Cleared);
    }
    return out;
  }
  const AlarmName alarm = {tool_cause(event.tool), static_cast<std::uint32_t>(AlarmOf::Equipment)};
  const std::string of = std::to_string(event.item);
  if (set) {
    (void)add_ground(memory, alarm, of, "");
    tell(alarm, alarms::Change::Set);
  } else if (drop_ground(memory, alarm, of) && !has_ground(memory, alarm)) {
    tell(alarm, alarms::Change::Cleared);
  }
  return out;
}

void AlarmWatch::heard(AlarmMemory& memory, const twin::core::Note& note, Tick at) const {
  using Does = PendingAlarm::Does;
  const auto fields = twin::link::fields_of(note.text);
  if (note.kind == "shelf") {
    const auto until = fields.size() == 5 ? twin::link::number_of<Tick>(fields[3]) : std::nullopt;
    if (!until) return;
    try {
      put_pending(memory, {.at = at,
                           .alarm = named(fields[1], fields[2]),
                           .does = Does::Shelve,
                           .who = std::string(fields[0]),
                           .reason = std::string(fields[4]),
                           .until = *until});
    } catch (const twin::core::Error&) {  // of another data set: there is nothing to put aside
    }
    return;
  }
  if (note.kind == "acknowledgement") {
    const auto seen =
        fields.size() == 4 ? twin::link::number_of<unsigned>(fields[2]) : std::nullopt;
    if (!seen || *seen > static_cast<unsigned>(alarms::Priority::High)) return;
    try {
      put_pending(memory, {.at = at,
                           .alarm = {cause_named(fields[1]), 0},
                           .does = Does::Acknowledge,
                           .who = std::string(fields[0]),
                           .seen = static_cast<alarms::Priority>(*seen)});
    } catch (const twin::core::Error&) {  // of another data set: there is nothing to acknowledge
    }
    return;
  }
  const auto kind = [](AlarmOf of) { return static_cast<std::uint32_t>(of); };
  if (note.kind == ValidationNote) {
    const AlarmName alarm = {ForecastsCause, kind(AlarmOf::Forecasts)};
    (void)drop_pending(memory, alarm, Does::Clear);
    if (has_ground(memory, alarm))
      put_pending(memory, {.at = at, .alarm = alarm, .does = Does::Clear});
    return;
  }
  if (note.kind != "alarm") return;
  if (fields.size() >= 3 && (fields[0] == "skew" || fields[0] == "silent")) {
    const bool skew = fields[0] == "skew";
    const AlarmName alarm = {line_cause(fields[1]), kind(skew ? AlarmOf::Clock : AlarmOf::Silence)};
    if (fields[2] == "raised") {
      (void)add_ground(memory, alarm, fields[1],
                       skew ? fmt::format("the clock of {} is {} ms off", fields[1],
                                          fields.size() > 3 ? fields[3] : std::string_view("many"))
                            : std::string());
      put_pending(memory, {.at = at, .alarm = alarm});
    } else if (drop_ground(memory, alarm, fields[1]) && !has_ground(memory, alarm)) {
      put_pending(memory, {.at = at, .alarm = alarm, .does = Does::Clear});
    }
    return;
  }
  // What nobody will say is over ends by itself, unless it is said again.
  AlarmName alarm = {RecordCause, kind(AlarmOf::Other)};
  constexpr std::string_view OfTool = "process times of ";
  const std::string_view text = note.text;
  if (const auto begin = text.find(OfTool); begin != text.npos) {
    const std::string_view rest = text.substr(begin + OfTool.size());
    const auto tool = causes_.find(rest.substr(0, rest.find(" are ")));
    alarm = {tool == causes_.end() ? ForecastsCause : tool->second, kind(AlarmOf::Slow)};
  } else if (text.starts_with("re-validation due")) {
    alarm = {ForecastsCause, kind(AlarmOf::Forecasts)};
  }
  (void)add_ground(memory, alarm, "", note.text);
  (void)drop_pending(memory, alarm, Does::Clear);
  put_pending(memory, {.at = at, .alarm = alarm});
  put_pending(memory, {.at = at + AlarmHolds, .alarm = alarm, .does = Does::Clear});
}

void AlarmWatch::run(AlarmMemory& memory, Tick until, std::vector<Announcement>& out) const {
  using Does = PendingAlarm::Does;
  const auto tell = [&](const std::vector<Announcement>& some) {
    out.insert(out.end(), some.begin(), some.end());
  };
  alarms::Annunciator& a = memory.annunciator;
  while (!memory.pending.empty() && memory.pending.front().at <= until) {
    const PendingAlarm p = std::move(memory.pending.front());
    memory.pending.erase(memory.pending.begin());
    switch (p.does) {
      case Does::Set: tell(a.take({p.at, p.alarm.cause, p.alarm.kind, alarms::Change::Set})); break;
      case Does::Clear:
        (void)drop_ground(memory, p.alarm, "");
        tell(a.take({p.at, p.alarm.cause, p.alarm.kind, alarms::Change::Cleared}));
        break;
      case Does::Shelve:
        tell(a.advance(p.at));
        if (p.until == 0) {
          tell(a.unshelve(p.alarm));
          break;
        }
        try {  // what settles lags behind whoever asked: a whole week of his is more than one from here
          const Tick most = p.at + Tick{alarms::AnnunciatorOptions{}.shelved_at_most} * MinuteMs;
          tell(a.shelve({.alarm = p.alarm,
                         .who = p.who,
                         .reason = p.reason,
                         .until = std::min(p.until, most)}));
        } catch (const twin::core::Error&) {  // its time is over: it was told late
        }
        break;
      case Does::Acknowledge:
        tell(a.advance(p.at));
        try {
          a.acknowledge(p.alarm.cause, p.seen, p.who);
        } catch (const twin::core::Error&) {  // it is over, or has become worse, since it was seen
        }
        break;
    }
  }
}

std::vector<Announcement> AlarmWatch::advance(AlarmMemory& memory, Tick until) const {
  std::vector<Announcement> out;
  run(memory, until, out);
  const auto some = memory.annunciator.advance(until);
  out.insert(out.end(), some.begin(), some.end());
  return out;
}

std::vector<AlarmRow> AlarmWatch::rows(const AlarmMemory& memory) const {
  std::vector<AlarmRow> rows;
  for (const alarms::AlarmGroup& g : memory.annunciator.groups()) {
    AlarmRow row{.cause = tree_.name(g.cause),
                 .priority = g.priority,
                 .since = g.opened,
                 .count = g.count,
                 .active = g.active,
                 .announced = g.announced,
                 .acknowledged = g.acknowledged};
    AlarmName worst = {};
    const auto active = memory.annunciator.active(g.cause);
    for (const AlarmName& a : active) {
      if (row.alarm.empty() || kinds_[a.kind].severity > kinds_[worst.kind].severity) {
        worst = a;
        row.alarm = kinds_[a.kind].name;
      }
    }
    for (const AlarmName& a : active) {
      if (a.kind != worst.kind || a.cause == g.cause) continue;
      if (row.of.size() < AlarmNamesShown) row.of.push_back(tree_.name(a.cause));
    }
    if (!row.alarm.empty()) row.response = kinds_[worst.kind].response;
    const auto ground = std::ranges::find_if(
        memory.grounds, [&](const auto& of) { return of.alarm == worst && !of.text.empty(); });
    if (!row.alarm.empty() && ground != memory.grounds.end()) row.text = ground->text;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string AlarmWatch::acknowledgement(const AlarmMemory& memory, std::string_view who,
                                        std::string_view cause, std::string_view remark) const {
  const auto groups = memory.annunciator.groups();
  const auto group = std::ranges::find(groups, cause_named(cause), &alarms::AlarmGroup::cause);
  if (group == groups.end())
    throw twin::core::Error(fmt::format("'{}' has no open group of alarms to acknowledge", cause));
  return fmt::format("{}\t{}\t{}\t{}", who, cause, static_cast<int>(group->priority), remark);
}

std::uint32_t AlarmWatch::cause_named(std::string_view cause) const {
  const auto at = causes_.find(cause);
  if (at == causes_.end())
    throw twin::core::Error(
        fmt::format("'{}' is no cause of alarms (a tool, a group, an area?)", cause.substr(0, 60)));
  return at->second;
}

AlarmName AlarmWatch::named(std::string_view cause, std::string_view alarm) const {
  const std::uint32_t at = cause_named(cause);
  const auto kind = std::ranges::find(kinds_, alarm, &AlarmKind::name);
  if (kind == kinds_.end()) {
    std::string all;
    for (const AlarmKind& k : kinds_) all += (all.empty() ? "" : ", ") + k.name;
    throw twin::core::Error(
        fmt::format("'{}' is no kind of alarm (one of {})", alarm.substr(0, 60), all));
  }
  return {at, static_cast<std::uint32_t>(kind - kinds_.begin())};
}

std::string silence_note(std::string_view lines, bool silent) {
  return fmt::format("silent\t{}\t{}", lines, silent ? "raised" : "cleared");
}

std::string shelf_note(std::string_view who, std::string_view cause, std::string_view alarm,
                       Tick until, std::string_view reason) {
  return fmt::format("{}\t{}\t{}\t{}\t{}", who, cause, alarm, until, reason);
}

}  // namespace apps::fabtwin::serve
