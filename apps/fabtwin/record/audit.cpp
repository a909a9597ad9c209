#include "apps/fabtwin/record/audit.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "apps/plant/comparison.hpp"
#include "apps/plant/truth.hpp"
#include "twin/core/error.hpp"
#include "twin/event/log.hpp"
#include "twin/record/reader.hpp"
#include "twins/fab/live/replay.hpp"
#include "twins/fab/mirror.hpp"

namespace apps::fabtwin {
namespace {

namespace live = twins::fab::live;
using twins::fab::Tick;

// Goes through what really happened: the true view at each audited instant, and each true event.
template <class Saw>
std::vector<plant::Instant> true_instants(const twins::fab::AnyFab& fab,
                                          const std::filesystem::path& folder, const Saw& saw) {
  const auto pieces = plant::Truth::pieces(folder);
  if (pieces.empty()) throw twin::core::Error(folder.string() + " (no truth of a plant is there)");
  std::vector<plant::Instant> instants;
  twins::fab::Mirror mirror(fab);
  twins::fab::State x = mirror.start();
  for (const Tick from : pieces) {
    const auto audits = audits_in(plant::Truth::piece(folder, from, "audits.jsonl"));
    const auto file = plant::Truth::piece(folder, from, "ftel");
    std::ifstream in(file, std::ios::binary);
    twin::event::LogReader log(in, file.string());
    auto next = audits.begin();
    const auto look = [&](Tick until) {
      for (; next != audits.end() && next->at < until; ++next)
        instants.push_back({next->at, twins::fab::observe(fab.layout(), x)});
    };
    try {
      twin::event::Event e;
      while (log.next(e)) {
        look(e.at);
        (void)mirror.apply(x, e);
        saw(e);
      }
    } catch (const twin::event::LogDamaged& damaged) {
      if (damaged.cause() != twin::event::LogDamaged::Cause::Truncated) throw;
    }
    look(twin::core::Never);
  }
  return instants;
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
  using plant::Demand;
  const auto& layout = fab.layout();
  const plant::Comparison everything(layout, Demand::Everything), places(layout, Demand::Places);
  plant::Comparison certain(layout, Demand::Certain);
  for (const plant::Instant& instant :
       true_instants(fab, truth, [&](const twin::event::Event& e) { certain.happened(e); })) {
    if (instant.at >= belief.settled.until) continue;
    const auto audit = [&](const plant::Comparison& c) {
      return c.audit(follower, belief, instant);
    };
    const plant::Audit in_places = audit(places), of_certain = audit(certain);
    ++found.instants;
    found.exact += audit(everything).first.empty() ? 1U : 0U;
    found.places += in_places.first.empty() ? 1U : 0U;
    found.lots += in_places.lots;
    found.lots_wrong += in_places.lots_wrong;
    found.tools += in_places.tools;
    found.tools_wrong += in_places.tools_wrong;
    found.certain += of_certain.first.empty() ? 1U : 0U;
    found.in_flight += of_certain.in_flight;
    found.doubted += of_certain.doubted;
    const auto note = [&](std::string& first, const plant::Audit& a) {
      if (first.empty() && !a.first.empty()) first = std::to_string(instant.at) + " ms: " + a.first;
    };
    note(found.first, in_places);
    note(found.first_certain, of_certain);
  }
  return found;
}

}  // namespace apps::fabtwin
