// What the lines of a site's tools remember beyond their process: each tool's tracked state, and which
// definitions of reports it has acknowledged. A fold over the record: saved with its snapshots, the
// messages that came later are heard again as they came.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/record.hpp"
#include "twin/event/names.hpp"
#include "twin/link/gem/adapter.hpp"
#include "twin/record/disk.hpp"

namespace apps::fabtwin::serve {

struct LineMemory {
  std::string tool = {};
  std::uint64_t defined = 0;  // as gem::HostMemory's
  twin::link::gem::AdapterMemory adapter = {};
  bool operator==(const LineMemory&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("tool", self.tool);
    a("defined", self.defined);
    a("adapter", self.adapter);
  }
};

struct LineMemories {
  std::uint64_t entries = 0;           // of the record that were heard
  std::vector<LineMemory> lines = {};  // by the tool's name
  bool operator==(const LineMemories&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("entries", self.entries);
    a("lines", self.lines);
  }
  [[nodiscard]] LineMemory& of(std::string_view tool);  // a new one where there is none
};

// The record's word that a tool has acknowledged these definitions: a Note "reports", and back.
twin::core::Note reports_note(std::string_view tool, std::uint64_t defined, twin::core::Tick at);
void learn_reports(LineMemories& memories, const twin::core::Note& note);

// A message of the source of that name, heard again. What is not of a tool's line has no effect.
void hear_again(LineMemories& memories, const twin::link::gem::EquipmentModel& model,
                std::string_view source, const twin::core::Observation& observation);

struct RecordEnd {
  std::string folder = {};
  std::uint64_t durable = 0;                  // entries
  const twin::event::Names* names = nullptr;  // the record's: of its sources
};
// All that the record holds behind memories.entries. Throws core::Error where it cannot be read.
void catch_up(LineMemories& memories, const twin::link::gem::EquipmentModel& model,
              twin::record::Disk& disk, const RecordEnd& end);

}  // namespace apps::fabtwin::serve
