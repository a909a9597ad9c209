#include "apps/fabtwin/record/audit.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "apps/plant/comparison.hpp"
#include "apps/plant/truth.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"
#include "twin/event/log.hpp"
#include "twin/record/reader.hpp"
#include "twins/fab/live/replay.hpp"
#include "twins/fab/mirror.hpp"

namespace apps::fabtwin {
namespace {

namespace live = twins::fab::live;
using twins::fab::Tick;
using twins::fab::View;

// Goes through what really happened; gives the true view at each audited instant.
template <class Each>
void true_views(const twins::fab::AnyFab& fab, const std::filesystem::path& folder,
                const Each& each) {
  const auto pieces = plant::Truth::pieces(folder);
  if (pieces.empty()) throw twin::core::Error(folder.string() + " (no truth of a plant is there)");
  twins::fab::Mirror mirror(fab);
  twins::fab::State x = mirror.start();
  for (const Tick from : pieces) {
    const auto audits = audits_in(plant::Truth::piece(folder, from, "audits.jsonl"));
    const auto file = plant::Truth::piece(folder, from, "ftel");
    std::ifstream in(file, std::ios::binary);
    twin::event::LogReader log(in, file.string());
    auto next = audits.begin();
    const auto look = [&](Tick until) {
      for (; next != audits.end() && next->at < until; ++next) each(*next, x);
    };
    try {
      twin::event::Event e;
      while (log.next(e)) {
        look(e.at);
        (void)mirror.apply(x, e);
      }
    } catch (const twin::event::LogDamaged& damaged) {
      if (damaged.cause() != twin::event::LogDamaged::Cause::Truncated) throw;
    }
    look(twin::core::Never);
  }
}

std::uint64_t wrong_lots(const View& a, const View& b) {
  std::map<std::uint32_t, const twins::fab::LotView*> of;
  for (const auto& lot : a.lots) of[lot.id] = &lot;
  std::uint64_t wrong = 0;
  for (const auto& lot : b.lots) {
    const auto there = of.find(lot.id);
    if (there == of.end() || !(*there->second == lot)) ++wrong;
    if (there != of.end()) of.erase(there);
  }
  return wrong + of.size();
}

}  // namespace

std::vector<TrueInstant> audits_in(const std::filesystem::path& file) {
  std::vector<TrueInstant> all;
  std::ifstream in(file);
  std::string line;
  std::size_t number = 0;
  while (std::getline(in, line)) {
    ++number;
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("at") || !json.contains("view")) continue;
    const auto& view = json["view"];
    const std::string digits = view.is_string() ? view.get<std::string>() : std::string();
    TrueInstant instant;
    const auto [end, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), instant.view, 16);
    if (!json["at"].is_number_integer() || digits.empty() || failed != std::errc{} ||
        end != digits.data() + digits.size())
      throw twin::core::Error(twin::core::Place{file.string(), number, {}},
                              "no audited instant (it has a time and a hash)");
    instant.at = json["at"].get<Tick>();
    all.push_back(instant);
  }
  return all;
}

View without_times(View view) {
  for (auto& tool : view.tools) {
    for (auto& job : tool.jobs) job.start = 0;
  }
  for (auto& lot : view.lots) lot.release = lot.due = lot.since = lot.window_from = 0;
  return view;
}

AuditedRecord audit_record(twin::record::Disk& disk, const std::string& journal,
                           const twins::fab::AnyFab& fab, live::FollowOptions options,
                           const std::filesystem::path& truth) {
  // All that ever came takes its place, however late, so that every instant can be asked for.
  options.reach = Tick{10'000} * 86'400'000;
  live::Follower follower(fab, options);
  live::Live belief = follower.start();
  twin::record::Reader reader(disk, journal);
  twin::record::EntryView view;
  (void)live::replay(follower, belief, [&](twin::core::Entry& entry) {
    if (!reader.next(view)) return false;
    entry = view.entry();
    return true;
  });
  AuditedRecord found;
  const auto& layout = fab.layout();
  true_views(fab, truth, [&](const TrueInstant& instant, const twins::fab::State& was) {
    if (instant.at >= belief.settled.until) return;
    const View truly = twins::fab::observe(layout, was);
    const View believed = plant::in_plant_numbers(
        twins::fab::observe(layout, follower.belief(belief, instant.at).x), belief.dialect);
    ++found.instants;
    const View places = without_times(believed), true_places = without_times(truly);
    found.lots += truly.lots.size();
    found.tools += truly.tools.size();
    if (believed == truly) ++found.exact;
    if (places == true_places) {
      ++found.places;
      return;
    }
    found.lots_wrong += wrong_lots(places, true_places);
    for (std::size_t t = 0; t < truly.tools.size(); ++t) {
      found.tools_wrong += places.tools[t] == true_places.tools[t] ? 0U : 1U;
    }
    if (found.first.empty()) {
      found.first = std::to_string(instant.at) +
                    " ms: " + twins::fab::first_difference(layout, places, true_places);
    }
  });
  return found;
}

}  // namespace apps::fabtwin
