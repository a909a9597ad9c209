#include "twin/record/migration.hpp"

#include "twin/core/error.hpp"

namespace twin::record {

std::span<const Migration> migrations() { return {}; }

std::uint32_t schema_of(Disk& disk, const std::string& folder) {
  const auto segments = segments_in(disk, folder);
  if (segments.empty())
    throw core::Error(folder + ": no journal (there is no segment in it); is it the folder?");
  return SegmentReader::schema_of(disk, folder, segments.front());
}

Steps steps_from(std::uint32_t schema, std::span<const Migration> known) {
  if (schema > SchemaVersion) {
    throw core::Error("a journal of schema " + std::to_string(schema) + " (this program reads " +
                      std::to_string(SchemaVersion) + "); is there a newer program?");
  }
  std::size_t first = 0;
  while (first < known.size() && known[first].to <= schema) ++first;
  const auto all = known.subspan(first);
  std::uint32_t reached = schema;
  for (const Migration& step : all) {
    if (step.to != reached + 1) break;
    ++reached;
  }
  if (reached != SchemaVersion || schema + all.size() != SchemaVersion) {
    throw core::Error("a journal of schema " + std::to_string(schema) +
                      " (this program knows no way from it to " + std::to_string(SchemaVersion) +
                      "); is there an older program that does?");
  }
  return {.from = schema, .all = all};
}

}  // namespace twin::record
