// Time travel: the twin as it was. The record is folded again up to what had arrived by a moment, from the newest
// snapshot before it, beside the twin that goes on.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "apps/fabtwin/serve/site.hpp"
#include "twin/record/disk.hpp"
#include "twins/fab/layout.hpp"

namespace apps::fabtwin::serve {

// The first and the last moment that can be visited [ms since 1970].
struct MomentRange {
  Tick from_ms = 0, until_ms = 0;
};
// Of the first entry that the record still has. twin::core::Error where it cannot be read.
MomentRange moments_of(twin::record::Disk& disk, const Site& site, Tick now_ms);

struct PastAsked {
  Tick at_ms = 0;             // what had arrived by then
  std::uint64_t entries = 0;  // of the record: what is durable now
};
// As JSON: the fab's lots, groups and tools by that, and the belief's hash, which `fabtwin replay --until` prints too.
// Only reads the record, so it may run on any thread that the disk may be used on. twin::core::Error.
std::string past_json(twin::record::Disk& disk, const Site& site,
                      const std::shared_ptr<const twins::fab::Layout>& layout,
                      const PastAsked& asked);

}  // namespace apps::fabtwin::serve
