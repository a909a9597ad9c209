// Events as an OCEL 2.0 JSON log, the exchange format of object-centric process mining (Berti et
// al., "OCEL (Object-Centric Event Log) 2.0 Specification", 2023, section 8). Export alone; the
// mapping is in docs/event-log.md.
#pragma once
#include <array>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "twin/event/event.hpp"
#include "twin/event/iso_time.hpp"
#include "twin/event/labels.hpp"
#include "twin/event/names.hpp"

namespace twin::event {

// Events go straight to the stream; only the objects met are held, and written at the end.
class OcelWriter {
 public:
  // time_zero_ms: moment of tick 0 [ms since 1970-01-01T00:00:00Z]. Stream and names must outlive
  // the writer.
  OcelWriter(std::ostream& out, const Names& names, std::int64_t time_zero_ms);

  void add(const Event& event);

  // Writes the objects and the end. Without it the text is no JSON. Error where the stream refuses.
  void close();

 private:
  enum class Object : std::uint8_t { Lot, Carrier, Tool, Chamber, Operation, Route, Recipe, Job };
  static constexpr std::size_t ObjectTypes = 8;

  void put_types();
  void put_objects();
  void put_attributes(const Event& event);
  void put_attribute(std::string_view name, std::string_view value);
  void put_relationship(Object type, std::uint64_t id, std::string_view qualifier);
  void meet(Object type, std::uint64_t id, std::string_view qualifier);
  void put_object_id(Object type, std::uint64_t id);
  void put_time(Tick at);
  std::string_view object_name(Object type, std::uint64_t id);

  std::ostream& out_;
  IsoTime iso_;
  Labels labels_;
  std::string text_;  // of the event under way
  std::string name_;  // of the operation under way
  std::uint64_t events_ = 0;
  bool first_item_ = true;  // of the list under way: no comma before it
  bool closed_ = false;
  std::array<std::unordered_set<std::uint64_t>, ObjectTypes>
      met_;  // [type] numbers; sorted when written
  std::unordered_map<std::uint32_t, std::uint32_t>
      tool_of_;  // chamber -> the first tool it was met with
};

}  // namespace twin::event
