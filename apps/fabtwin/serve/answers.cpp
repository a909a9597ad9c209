#include "apps/fabtwin/serve/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/query.hpp"
#include "apps/fabtwin/serve/shown.hpp"
#include "apps/fabtwin/serve/state_json.hpp"
#include "twin/core/error.hpp"
#include "twin/event/iso_time.hpp"
#include "twin/event/packed.hpp"
#include "twins/fab/view.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace forecast = twins::fab::forecast;
namespace live = twins::fab::live;
using nlohmann::ordered_json;
using twin::event::Event;
using twin::event::Table;

constexpr std::size_t PixelsMax = 10'000;

std::string text_of(const ordered_json& json) {
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

const char* word(twins::fab::JobPhase phase) {
  using twins::fab::JobPhase;
  switch (phase) {
    case JobPhase::Entered: return "entered";
    case JobPhase::Setup: return "setup";
    case JobPhase::Load: return "load";
    case JobPhase::Process: return "process";
    case JobPhase::Unload: break;
  }
  return "unload";
}

// The last events of which `about` holds, among the entries in which the key stands.
template <class F>
ordered_json last_events(Stores& stores, Table table, std::uint32_t id, F about) {
  ordered_json all = ordered_json::array();
  twin::event::Packer packer;
  std::vector<Event> events;
  for (const auto& posting : stores.last(twin::link::key(table, id), EventsTold)) {
    const auto entry = stores.entry(posting.entry);
    if (!entry) continue;
    const auto* seen = std::get_if<twin::core::Observation>(&*entry);
    if (const auto* c = std::get_if<twin::core::Correction>(&*entry)) seen = &c->now;
    events.clear();
    if (seen == nullptr || !packer.unpack(seen->event, events)) continue;
    for (const Event& e : events) {
      if (about(e)) all.push_back(event_json(e, posting.entry, stores.names()));
    }
  }
  if (all.size() > EventsTold) {
    all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(EventsTold));
  }
  return all;
}

// How good what a tool's own sources tell is: "secs/LITHO_01" and those below it.
ordered_json sources_of(const twin::link::Door& door, std::string_view tool, Tick now_ms) {
  ordered_json all = ordered_json::array();
  for (const twin::link::SourceState& s : door.sources(now_ms)) {
    const std::string parts = "/" + s.name + "/", part = fmt::format("/{}/", tool);
    if (parts.find(part) == std::string::npos) continue;
    all.push_back({{"name", s.name},
                   {"last_heard_ms", s.last_heard},
                   {"stale", s.stale},
                   {"clock_offset_ms", s.offset_ms},
                   {"skewed", s.skewed},
                   {"accepted", s.accepted},
                   {"duplicates", s.duplicates},
                   {"quarantined", s.quarantined},
                   {"missing", s.missing}});
  }
  return all;
}

// The signals of which a tool has told values; chambers have their own.
ordered_json signals_of(const twin::record::Historian& historian, std::string_view tool) {
  ordered_json all = ordered_json::array();
  const std::string begin = fmt::format("{}/", tool);
  for (twin::record::SignalNumber k = 0; k < historian.signals(); ++k) {
    if (historian.name(k).starts_with(begin)) all.push_back(historian.name(k));
  }
  return all;
}

ordered_json hours(const forecast::Quantiles& q) {  // Levels: 5 %, 50 %, 95 %
  const auto one = [&](std::size_t k) {
    return q[k] == forecast::Beyond ? ordered_json(nullptr) : ordered_json(shown(q[k]));
  };
  return {{"p05", one(1)}, {"p50", one(forecast::Median)}, {"p95", one(7)}};
}

ordered_json quantiles_of(const forecast::Quantiles& q) {
  ordered_json all = ordered_json::array();
  for (const float v : q)
    all.push_back(v == forecast::Beyond ? ordered_json(nullptr) : ordered_json(shown(v)));
  return all;
}

// What is not sure of a lot, or of a tool, and what it comes of.
ordered_json reasons(const Living& living, const live::Doubted& doubted,
                     std::uint32_t live::Doubt::*of, std::uint32_t which) {
  ordered_json all = ordered_json::array();
  const auto& layout = living.fab().layout();
  for (const live::Doubt& d : doubted.because) {
    const bool inside = d.why == live::Doubt::Why::Inside;
    if (d.*of != which || (inside && of == &live::Doubt::lot)) continue;
    ordered_json one = {{"since_ms", d.since + living.site().time_zero_ms},
                        {"why", std::string(to_string(d.why))}};
    if (d.kind != twin::event::Kind::Unknown) one["event"] = std::string(to_string(d.kind));
    if (of != &live::Doubt::lot && d.lot != twin::event::None)
      one["lot"] = lot_name(living.belief().live.dialect, d.lot);
    if (of != &live::Doubt::tool && d.tool != twin::event::None)
      one["tool"] = layout.tool_name(d.tool);
    all.push_back(std::move(one));
  }
  return all;
}

// The oldest of them.
ordered_json since(const ordered_json& reasons) {
  Tick first = twin::core::Never;
  for (const auto& one : reasons) first = std::min(first, one["since_ms"].get<Tick>());
  return first;
}

Tick time_in(std::string_view query, std::string_view key, Tick fallback) {
  const auto text = query_value(query, key);
  if (!text) return fallback;
  const auto ms = twin::event::parse_iso_time(*text);
  if (ms) return *ms;
  throw twin::core::Error(
      fmt::format("{}={} (no time in UTC) 2026-01-31T12:00:00.000Z?", key, *text));
}

ordered_json json_of_alarm(const AlarmRow& row, Tick time_zero_ms) {
  constexpr std::array<const char*, 3> Priorities = {"low", "medium", "high"};
  ordered_json seen;  // null: by nobody yet
  if (!row.acknowledged.who.empty())
    seen = {{"who", row.acknowledged.who}, {"at_ms", row.acknowledged.at + time_zero_ms}};
  return {{"cause", row.cause},
          {"alarm", row.alarm},
          {"of", row.of},
          {"text", row.text},
          {"response", row.response},
          {"priority", Priorities.at(static_cast<std::size_t>(row.priority))},
          {"since_ms", row.since + time_zero_ms},
          {"count", row.count},
          {"active", row.active},
          {"announced", row.announced},
          {"acknowledged", seen}};
}

}  // namespace

ordered_json event_json(const Event& e, std::uint64_t entry, const twin::event::Names& names) {
  ordered_json one = {{"entry", entry}, {"at_ms", e.at}, {"kind", std::string(to_string(e.kind))}};
  const auto put = [&](const char* key, Table table, std::uint32_t id) {
    if (id != twin::event::None) one[key] = label(names, table, id);
  };
  put("lot", Table::Lot, e.lot);
  put("tool", Table::Tool, e.tool);
  put("chamber", Table::Chamber, e.chamber);
  put("route", Table::Route, e.route);
  if (e.step != twin::event::None) one["step"] = e.step;
  put("recipe", Table::Recipe, e.recipe);
  put("item", item_table(e.kind), e.item);
  if (e.value != 0.0 && std::isfinite(e.value)) one["value"] = e.value;
  if (e.unit != twin::event::Unit::None) one["unit"] = std::string(to_string(e.unit));
  return one;
}

std::string lot_name(const live::Dialect& dialect, std::uint32_t lot) {
  return lot < dialect.lots.size() ? dialect.lots[lot] : fmt::format("#{}", lot);
}

const char* word(twins::fab::LotPlace place) {
  using twins::fab::LotPlace;
  switch (place) {
    case LotPlace::Moving: return "moving";
    case LotPlace::Queued: return "queued";
    case LotPlace::Processing: return "processing";
    case LotPlace::Held: return "held";
    case LotPlace::Finished: return "finished";
    case LotPlace::Outside: return "outside";
    case LotPlace::Free: break;
  }
  return "not in the fab";
}

ordered_json on_time_json(const forecast::Forecast& f, const forecast::LotForecast& lot) {
  constexpr float Sure = 0.995F;  // it is finished by the end, so it is known whether it was late
  const Tick end = f.now + Tick{f.budget.horizon_hours} * HourMs;
  if (lot.due > end && lot.within_horizon < Sure) return nullptr;
  return shown(lot.on_time);
}

namespace {

// The steps of its route, and which of them it is at.
ordered_json route_of(const twins::fab::Layout& m, std::uint32_t step) {
  const auto& route = m.routes[m.steps[step].route];
  ordered_json steps = ordered_json::array();
  for (std::uint32_t s = route.first_step; s < route.first_step + route.steps; ++s)
    steps.push_back(
        {{"name", m.step_name(s)}, {"group", m.description.tool_groups[m.steps[s].group].name}});
  return {{"at", step - route.first_step}, {"steps", std::move(steps)}};
}

ordered_json windows_of(const twins::fab::Layout& m, const forecast::Forecast& f, std::uint32_t lot,
                        Tick zero) {
  ordered_json all = ordered_json::array();
  for (const forecast::WindowRisk& w : f.windows) {
    if (w.lot != lot) continue;
    all.push_back({{"opened", m.step_name(w.opened)},
                   {"closes", m.step_name(w.closes)},
                   {"limit_ms", w.limit_at + zero},
                   {"violated", shown(w.violated)},
                   {"undecided", shown(w.undecided)}});
  }
  return all;
}

// What is believed of the parameters that a group's tools run by, as multipliers of what the data set says.
ordered_json parameters_of(Living& living, std::uint32_t g) {
  const auto& m = living.fab().layout();
  const auto& map = m.theta_map;
  const std::uint32_t area = m.groups[g].area;
  const std::array<std::pair<const char*, std::size_t>, 6> all = {
      {{"process time", map.process(g)},
       {"spread of process times", map.spread(g)},
       {"time to failure, its area", map.mtbf(area)},
       {"time to repair, its area", map.mttr(area)},
       {"time to failure, beside its area's", map.mtbf_group(g)},
       {"time to repair, beside its area's", map.mttr_group(g)}}};
  ordered_json rows = ordered_json::array();
  const auto& posterior = living.theta();
  for (const auto& [name, at] : all) {
    const auto& p = posterior[at];
    rows.push_back({{"name", name},
                    {"low", p.quantile(0.05)},
                    {"median", p.median()},
                    {"high", p.quantile(0.95)},
                    {"seen", p.seen},
                    {"changed", p.change.probability}});
  }
  return rows;
}

}  // namespace

std::optional<std::string> lot_json(Living& living, Stores* stores, std::string_view name,
                                    Tick now_ms) {
  const live::Dialect& dialect = living.belief().live.dialect;
  const auto known = dialect.lot_of.find(std::string(name));
  const auto id = living.door().names().find(Table::Lot, name);
  if (known == dialect.lot_of.end() && !id) return std::nullopt;
  const auto& layout = living.fab().layout();
  const Tick zero = living.site().time_zero_ms;
  ordered_json lot = {{"name", name}, {"now_ms", now_ms}, {"place", "not in the fab"}};
  if (known != dialect.lot_of.end()) {
    const live::Fold fold = living.believed(now_ms);
    const auto view = twins::fab::observe(layout, fold.x);
    const auto at = std::ranges::find(view.lots, known->second, &twins::fab::LotView::id);
    if (at != view.lots.end()) {
      lot["place"] = word(at->place);
      lot["since_ms"] = at->since + zero;
      lot["step"] = layout.step_name(at->step);
      lot["group"] = layout.description.tool_groups[layout.steps[at->step].group].name;
      if (at->tool != twins::fab::None) lot["tool"] = layout.tool_name(at->tool);
      lot["wafers"] = at->wafers;
      lot["priority"] = at->priority;
      lot["release_ms"] = at->release + zero;
      lot["due_ms"] = at->due + zero;
      const std::uint32_t product = layout.classes[at->lot_class].product;
      if (product != twins::fab::None) lot["product"] = layout.description.products[product].name;
      lot["route"] = route_of(layout, at->step);
    }
    const auto doubts =
        reasons(living, living.follower().doubted(fold), &live::Doubt::lot, known->second);
    if (!doubts.empty()) lot["doubts"] = doubts;
    if (const auto& f = living.forecast()) {
      const auto of = std::ranges::find(f->lots, known->second, &forecast::LotForecast::lot);
      if (of != f->lots.end()) {
        lot["forecast"] = {{"made_ms", f->now + zero},
                           {"done_hours", hours(of->done_hours)},
                           {"levels", forecast::Levels},
                           {"done_quantiles", quantiles_of(of->done_hours)},
                           {"within_horizon", shown(of->within_horizon)},
                           {"on_time", on_time_json(*f, *of)},
                           {"bottleneck_hours", hours(of->bottleneck_hours)}};
      }
      lot["windows"] = windows_of(layout, *f, known->second, zero);
    }
  }
  if (stores != nullptr && id) {
    lot["events"] = last_events(*stores, Table::Lot, *id, [&](const Event& e) {
      return e.lot == *id || (item_table(e.kind) == Table::Lot && e.item == *id);
    });
  }
  return text_of(lot);
}

std::optional<std::string> tool_json(Living& living, Stores* stores, std::string_view name,
                                     std::string_view line, Tick now_ms) {
  const auto& layout = living.fab().layout();
  std::uint32_t number = 0;
  while (number < layout.tools() && layout.tool_name(number) != name) ++number;
  const auto id = living.door().names().find(Table::Tool, name);
  if (number == layout.tools() && !id) return std::nullopt;
  const Tick zero = living.site().time_zero_ms;
  ordered_json tool = {{"name", name}, {"now_ms", now_ms}};
  if (number != layout.tools()) {
    const live::Fold fold = living.believed(now_ms);
    const auto view = twins::fab::observe(layout, fold.x).tools[number];
    tool["group"] = std::string(layout.description.tool_groups[layout.tool_group[number]].name);
    tool["mode"] = ModeNames[mode_index(view.mode)];
    tool["jobs"] = ordered_json::array();
    for (const auto& job : view.jobs) {
      ordered_json lots = ordered_json::array();
      for (const auto lot : job.lots) lots.push_back(lot_name(living.belief().live.dialect, lot));
      tool["jobs"].push_back({{"lots", lots},
                              {"phase", word(job.phase)},
                              {"step", layout.step_name(job.step)},
                              {"start_ms", job.start + zero},
                              {"wafers", job.wafers}});
    }
    const auto doubts =
        reasons(living, living.follower().doubted(fold), &live::Doubt::tool, number);
    if (!doubts.empty()) tool["doubts"] = doubts;
    tool["process_time_factor"] = living.learner().tools().factor(number);  // of its group's
    tool["parameters"] = parameters_of(living, layout.tool_group[number]);
    if (const auto& f = living.forecast(); f && number < f->tools.size()) {
      tool["forecast"] = {{"made_ms", f->now + zero},
                          {"able_day", shown(f->tools[number].able_day)},
                          {"able_horizon", shown(f->tools[number].able_horizon)}};
    }
  }
  if (!line.empty()) tool["line"] = line;
  tool["sources"] = sources_of(living.door(), name, now_ms);
  if (stores != nullptr && id) {
    tool["signals"] = signals_of(stores->historian(), name);
    tool["events"] =
        last_events(*stores, Table::Tool, *id, [&](const Event& e) { return e.tool == *id; });
  }
  return text_of(tool);
}

std::string doubts_json(Living& living, Tick now_ms) {
  const live::Doubted doubted = living.follower().doubted(living.believed(now_ms));
  ordered_json lots = ordered_json::array(), tools = lots;
  for (const std::uint32_t lot : doubted.lots) {
    auto why = reasons(living, doubted, &live::Doubt::lot, lot);
    lots.push_back({{"lot", lot_name(living.belief().live.dialect, lot)},
                    {"since_ms", since(why)},
                    {"because", std::move(why)}});
  }
  for (const std::uint32_t tool : doubted.tools) {
    auto why = reasons(living, doubted, &live::Doubt::tool, tool);
    tools.push_back({{"tool", living.fab().layout().tool_name(tool)},
                     {"since_ms", since(why)},
                     {"because", std::move(why)}});
  }
  return text_of({{"now_ms", now_ms}, {"lots", lots}, {"tools", tools}});
}

std::string alarm_json(const AlarmRow& row, Tick time_zero_ms) {
  return json_of_alarm(row, time_zero_ms)
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string alarms_json(const Living& living, Tick now_ms) {
  const alarms::Annunciator& told = living.belief().alarms.annunciator;
  const AlarmWatch& watch = living.alarm_watch();
  const Tick zero = living.site().time_zero_ms;
  const auto name = [&](const alarms::AlarmName& a) {
    return ordered_json{{"cause", watch.cause(a.cause)}, {"alarm", watch.kind(a.kind).name}};
  };
  ordered_json groups = ordered_json::array(), stale = groups, chattering = groups,
               shelves = groups;
  for (const AlarmRow& row : living.alarm_rows()) groups.push_back(json_of_alarm(row, zero));
  for (const auto& a : told.stale()) stale.push_back(name(a));
  for (const auto& a : told.chattering()) chattering.push_back(name(a));
  for (const alarms::Shelf& s : told.shelved()) {
    ordered_json one = name(s.alarm);
    one["who"] = s.who;
    one["reason"] = s.reason;
    one["until_ms"] = s.until + zero;
    shelves.push_back(std::move(one));
  }
  const alarms::AlarmTotals& totals = told.totals();
  return text_of({{"now_ms", now_ms},
                  {"settled_ms", told.now() + zero},
                  {"flood", told.flood()},
                  {"groups", groups},
                  {"stale", stale},
                  {"chattering", chattering},
                  {"shelved", shelves},
                  {"totals",
                   {{"set", totals.sets},
                    {"active", totals.activations},
                    {"announced", totals.announced},
                    {"acknowledged", totals.acknowledged},
                    {"passed", totals.passed},
                    {"floods", totals.floods}}}});
}

SeriesAsked series_asked(std::string_view query, Tick now_ms) {
  SeriesAsked asked;
  const auto signal = query_value(query, "signal");
  if (!signal || signal->empty()) throw twin::core::Error("no signal is named (signal=fab/wip?)");
  asked.signal = *signal;
  asked.until_ms = time_in(query, "until", now_ms + 1);
  asked.from_ms = time_in(query, "from", asked.until_ms - DayMs);
  if (asked.from_ms >= asked.until_ms) throw twin::core::Error("until is not after from");
  const std::string text = query_value(query, "pixels").value_or("240");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), asked.pixels);
  if (error != std::errc{} || end != text.data() + text.size() || asked.pixels == 0 ||
      asked.pixels > PixelsMax) {
    throw twin::core::Error(
        fmt::format("pixels={} (a whole number from 1 to {})", text, PixelsMax));
  }
  const auto span = static_cast<std::uint64_t>(asked.until_ms - asked.from_ms);
  asked.pixels = static_cast<std::size_t>(std::min<std::uint64_t>(asked.pixels, span));
  return asked;
}

std::optional<std::string> series_json(Stores& stores, const SeriesAsked& asked) {
  auto& historian = stores.historian();
  const auto signal = historian.find(asked.signal);
  if (!signal) return std::nullopt;
  ordered_json points = ordered_json::array(), least = points, mean = points, most = points;
  for (const auto& pixel : historian.zoom(*signal, asked.from_ms, asked.until_ms, asked.pixels)) {
    points.push_back(pixel.points);
    const std::uint64_t numbers = pixel.points - pixel.missing;
    const auto value = [&](double v) {
      return numbers != 0 && std::isfinite(v) ? ordered_json(v) : ordered_json(nullptr);
    };
    least.push_back(value(pixel.least));
    mean.push_back(value(numbers == 0 ? 0.0 : pixel.total / static_cast<double>(numbers)));
    most.push_back(value(pixel.most));
  }
  ordered_json series = {{"signal", asked.signal},
                         {"from_ms", asked.from_ms},
                         {"until_ms", asked.until_ms},
                         {"pixels", asked.pixels},
                         {"points", points},
                         {"least", least},
                         {"mean", mean},
                         {"most", most}};
  if (const auto last = historian.last(*signal)) {
    series["last"] = {
        {"at_ms", last->at},
        {"value", std::isfinite(last->value) ? ordered_json(last->value) : ordered_json(nullptr)}};
  }
  return text_of(series);
}

}  // namespace apps::fabtwin::serve
