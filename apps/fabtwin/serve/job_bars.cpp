#include "apps/fabtwin/serve/job_bars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/answers.hpp"
#include "apps/fabtwin/serve/query.hpp"
#include "apps/fabtwin/serve/state_json.hpp"
#include "twin/core/error.hpp"
#include "twins/fab/view.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace live = twins::fab::live;
using nlohmann::ordered_json;
using twins::fab::None;
using twins::fab::ToolMode;

constexpr double HoursMax = 24.0 * 7.0;

// What is going on at one tool: of each lot its phase, of the tool itself whether it is down or in maintenance.
class Ongoing {
 public:
  Ongoing(std::vector<JobBar>& bars, std::uint32_t tool) : bars_(bars), tool_(tool) {}

  void phase(std::uint32_t lot, ToolMode mode, Tick at) {
    end(lot, at);
    open_[lot] = {.mode = mode, .from = at};
  }
  void end(std::uint32_t lot, Tick at) {
    const auto found = open_.find(lot);
    if (found == open_.end()) return;
    close(lot, found->second, at);
    open_.erase(found);
  }
  void end_all(Tick at) {
    for (const auto& [lot, one] : open_) close(lot, one, at);
    open_.clear();
  }

 private:
  struct One {
    ToolMode mode = ToolMode::Idle;
    Tick from = 0;
  };
  void close(std::uint32_t lot, const One& one, Tick at) {
    if (at <= one.from) return;
    const auto mode = static_cast<std::uint8_t>(mode_index(one.mode));
    // Lots of one job have one bar.
    for (auto bar = bars_.rbegin(); bar != bars_.rend() && bar->until == at; ++bar) {
      if (bar->tool != tool_ || bar->from != one.from || bar->mode != mode || lot == None) continue;
      ++bar->lots;
      return;
    }
    bars_.push_back({.tool = tool_,
                     .mode = mode,
                     .lot = lot,
                     .lots = lot == None ? 0U : 1U,
                     .from = one.from,
                     .until = at});
  }

  std::vector<JobBar>& bars_;
  std::uint32_t tool_;
  std::map<std::uint32_t, One> open_ = {};  // [lot]; None: the tool itself
};

ToolMode mode_of_phase(twins::fab::JobPhase phase) {
  using twins::fab::JobPhase;
  switch (phase) {
    case JobPhase::Setup: return ToolMode::Setup;
    case JobPhase::Process: return ToolMode::Process;
    case JobPhase::Unload: return ToolMode::Unload;
    case JobPhase::Entered:
    case JobPhase::Load: break;
  }
  return ToolMode::Load;
}

void take(Ongoing& tool, const twin::event::Event& e) {
  using twin::event::Kind;
  switch (e.kind) {
    case Kind::SetupStarted: return tool.phase(e.lot, ToolMode::Setup, e.at);
    case Kind::LoadStarted: return tool.phase(e.lot, ToolMode::Load, e.at);
    case Kind::ProcessingStarted:
    case Kind::ProcessingResumed: return tool.phase(e.lot, ToolMode::Process, e.at);
    case Kind::ProcessingEnded: return tool.phase(e.lot, ToolMode::Unload, e.at);
    case Kind::ProcessingSuspended:
    case Kind::Unloaded: return tool.end(e.lot, e.at);
    case Kind::ToolDown: return tool.phase(None, ToolMode::Down, e.at);
    case Kind::PmStarted: return tool.phase(None, ToolMode::Pm, e.at);
    case Kind::ToolUp:
    case Kind::PmEnded: return tool.end(None, e.at);
    default: return;
  }
}

}  // namespace

std::vector<JobBar> job_bars(const twins::fab::Layout& m, const twins::fab::State& start,
                             std::span<const live::Told> events, Tick from, Tick until) {
  std::vector<std::vector<JobBar>> bars(m.tools());
  std::vector<Ongoing> tools;
  tools.reserve(m.tools());
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    Ongoing& tool = tools.emplace_back(bars[t], t);
    const auto view = twins::fab::observe_tool(start, t);
    if (view.mode == ToolMode::Down || view.mode == ToolMode::Pm)
      tool.phase(None, view.mode, std::min(start.now, from));
    for (const auto& job : view.jobs)
      for (const std::uint32_t lot : job.lots)
        tool.phase(lot, mode_of_phase(job.phase), std::min(job.start, start.now));
  }
  for (const live::Told& told : events) {
    const auto& e = told.event;
    if (!told.believed() || e.at >= until) continue;
    if (e.tool < tools.size()) take(tools[e.tool], e);
  }
  std::vector<JobBar> all;
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    tools[t].end_all(until);
    std::erase_if(bars[t], [&](const JobBar& bar) { return bar.until <= from; });
    std::ranges::stable_sort(bars[t], {}, &JobBar::from);
    all.insert(all.end(), bars[t].begin(), bars[t].end());
  }
  return all;
}

JobsAsked jobs_asked(std::string_view query) {
  JobsAsked asked;
  if (const auto text = query_value(query, "hours")) {
    const auto [end, error] =
        std::from_chars(text->data(), text->data() + text->size(), asked.hours);
    if (error != std::errc{} || end != text->data() + text->size() || !(asked.hours > 0.0) ||
        asked.hours > HoursMax)
      throw twin::core::Error(fmt::format("hours={} (above 0, at most {:g})", *text, HoursMax));
  }
  asked.group = query_value(query, "group").value_or("");
  asked.tool = query_value(query, "tool").value_or("");
  return asked;
}

std::optional<std::string> jobs_json(Living& living, const JobsAsked& asked, Tick now_ms) {
  const auto& m = living.fab().layout();
  const auto& believed = living.settled();
  const Tick zero = living.site().time_zero_ms, now = now_ms - zero;
  const Tick from =
      now - static_cast<Tick>(std::llround(asked.hours * static_cast<double>(HourMs)));
  std::vector<std::uint32_t> row_of(m.tools(), None);  // [tool]
  std::vector<std::string> names;
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    const std::string name = m.tool_name(t);
    if (!asked.tool.empty() && name != asked.tool) continue;
    if (!asked.group.empty() && m.description.tool_groups[m.tool_group[t]].name != asked.group)
      continue;
    row_of[t] = static_cast<std::uint32_t>(names.size());
    names.push_back(name);
  }
  if (names.empty()) return std::nullopt;
  const bool remembers = !believed.rungs.empty();
  const auto& start = remembers ? believed.rungs.front().x : believed.settled.x;
  const auto bars = job_bars(m, start, believed.kept, from, std::max(now, believed.settled.until));
  ordered_json tool = ordered_json::array(), begins = tool, ends = tool, mode = tool, lot = tool,
               product = tool, lots = tool, products = tool;
  std::map<std::uint32_t, std::size_t> number_of;  // [lot]
  const auto number = [&](std::uint32_t id) {
    const auto [at, is_new] = number_of.try_emplace(id, number_of.size());
    if (is_new) lots.push_back(lot_name(living.belief().live.dialect, id));
    return at->second;
  };
  std::map<std::uint32_t, std::uint32_t> product_of;  // [lot]
  for (const auto& rung : believed.rungs)
    for (const auto& one : rung.x.lots)
      if (one.place != twins::fab::LotPlace::Free)
        product_of[one.id] = m.classes[one.lot_class].product;
  for (const auto& one : believed.settled.x.lots)
    if (one.place != twins::fab::LotPlace::Free)
      product_of[one.id] = m.classes[one.lot_class].product;
  for (const auto& p : m.description.products) products.push_back(p.name);
  for (const JobBar& bar : bars) {
    if (row_of[bar.tool] == None) continue;
    tool.push_back(row_of[bar.tool]);
    begins.push_back(std::max<Tick>(bar.from - from, 0));
    ends.push_back(bar.until - from);
    mode.push_back(bar.mode);
    const auto known = product_of.find(bar.lot);
    lot.push_back(bar.lot == None ? -1 : static_cast<std::int64_t>(number(bar.lot)));
    product.push_back(known == product_of.end() || known->second == None
                          ? -1
                          : static_cast<std::int64_t>(known->second));
  }
  ordered_json modes = ordered_json::array();
  for (const char* name : ModeNames) modes.push_back(name);
  const ordered_json all = {{"now_ms", now_ms},
                            {"known_ms", start.now + zero},
                            {"from_ms", from + zero},
                            {"until_ms", std::max(now, from + 1) + zero},
                            {"tools", names},
                            {"lots", lots},
                            {"products", products},
                            {"modes", modes},
                            {"bar",
                             {{"tool", tool},
                              {"from", begins},
                              {"until", ends},
                              {"mode", mode},
                              {"lot", lot},
                              {"product", product}}}};
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace apps::fabtwin::serve
