#include "apps/fabtwin/serve/moments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/serve/rows.hpp"
#include "twin/core/error.hpp"
#include "twin/record/reader.hpp"
#include "twins/fab/live/replay.hpp"
#include "twins/fab/view.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace live = twins::fab::live;
using nlohmann::ordered_json;

struct Begun {
  live::Live belief;
  std::uint64_t from = 0;
};

// From the newest snapshot that knew no more than had arrived by then; else from the record's start.
Begun begun_from(twin::record::Disk& disk, const Site& site, const twin::record::Reader& reader,
                 live::Follower& follower, const PastAsked& asked) {
  const std::string folder = site.record.string();
  const twin::record::Snapshots snapshots(disk, folder, twin::record::id_of(reader.origin()));
  std::uint64_t most = asked.entries;
  while (true) {
    const auto found = snapshots.newest("twin", most);
    if (!found.found) break;
    try {
      live::Live belief = belief_of(found.found->bytes).live;
      if (belief.newest + site.time_zero_ms <= asked.at_ms)
        return {std::move(belief), found.found->index};
    } catch (const twin::core::Error&) {  // of another version: one before it, or all of the record
    }
    if (found.found->index == 0) break;
    most = found.found->index - 1;
  }
  if (reader.first() != 0)
    throw twin::core::Error(
        "the record has given up what came before that, and keeps no snapshot of it");
  return {follower.start(), 0};
}

}  // namespace

MomentRange moments_of(twin::record::Disk& disk, const Site& site, Tick now_ms) {
  twin::record::Reader reader(disk, site.record.string());
  twin::record::EntryView view;
  if (!reader.next(view)) return {.from_ms = now_ms, .until_ms = now_ms};
  return {.from_ms = std::min(view.arrived, now_ms), .until_ms = now_ms};
}

std::string past_json(twin::record::Disk& disk, const Site& site,
                      const std::shared_ptr<const twins::fab::Layout>& layout,
                      const PastAsked& asked) {
  const auto started = std::chrono::steady_clock::now();
  twin::record::Reader reader(disk, site.record.string());
  reader.limit(asked.entries);
  const auto fab = twins::fab::make_fab(layout, site.rule);
  live::Follower follower(*fab, follow_options(site));
  Begun begun = begun_from(disk, site, reader, follower, asked);
  reader.seek(begun.from);
  twin::record::EntryView view;
  const auto next = [&](twin::core::Entry& entry) {
    if (!reader.next(view)) return false;
    entry = view.entry();
    return true;
  };
  const std::uint64_t read =
      live::replay(follower, begun.belief, next, {.arrived_ms = asked.at_ms});
  const live::Fold fold = follower.belief(begun.belief);
  const auto seen = twins::fab::observe(*layout, fold.x);
  ordered_json lots = ordered_json::array(), tools = ordered_json::object();
  for (const auto& lot : seen.lots)
    lots.push_back(lot_row(*layout, begun.belief.dialect, lot, site.time_zero_ms));
  ordered_json groups = group_rows(*layout, fold.x);
  for (const auto& group : groups)
    for (const auto& [mode, count] : group["modes"].items())
      tools[mode] = tools.value(mode, 0U) + count.get<std::uint32_t>();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  const ordered_json past = {{"at_ms", begun.belief.newest + site.time_zero_ms},
                             {"arrived_ms", asked.at_ms},
                             {"entries", begun.from + read},
                             {"folded", read},
                             {"wip", fold.x.wip},
                             {"tools", std::move(tools)},
                             {"groups", std::move(groups)},
                             {"lots", std::move(lots)},
                             {"belief", fmt::format("{:016x}", live::belief_hash(begun.belief))},
                             {"seconds", seconds}};
  return past.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace apps::fabtwin::serve
