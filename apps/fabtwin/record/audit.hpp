// A record held against what a plant says really happened: at each instant that the plant audited,
// the fab that the record leads to and the fab that was. For plants alone; a real fab keeps no such
// truth.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "twin/record/disk.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/live/live.hpp"

namespace apps::fabtwin {

struct AuditedRecord {
  std::uint64_t instants = 0;              // audited by the plant, and known to the record
  std::uint64_t exact = 0;                 // equal in everything, times included
  std::uint64_t places = 0;                // equal but for times, which clocks that are wrong shift
  std::uint64_t lots = 0, lots_wrong = 0;  // over all instants, of places
  std::uint64_t tools = 0, tools_wrong = 0;
  std::uint64_t certain = 0;  // equal in all that the twin itself called certain then
  std::uint64_t in_flight = 0, doubted = 0;    // lots and tools that it did not, over all instants
  std::string first = {}, first_certain = {};  // the first difference of either, in words
  bool operator==(const AuditedRecord&) const = default;
};

struct TrueInstant {
  twins::fab::Tick at = 0;
  std::uint64_t view = 0;  // the plant's own hash of it
  bool operator==(const TrueInstant&) const = default;
};

// What a plant's file says of its audits. twin::core::Error with the line that says something else;
// a line that was being written when the plant ended is passed over.
std::vector<TrueInstant> audits_in(const std::filesystem::path& file);

// options: those that the record was followed with. truth: the plant's folder "truth". Throws
// twin::core::Error for a truth that is none, JournalDamaged.
AuditedRecord audit_record(twin::record::Disk& disk, const std::string& journal,
                           const twins::fab::AnyFab& fab, twins::fab::live::FollowOptions options,
                           const std::filesystem::path& truth);

}  // namespace apps::fabtwin
