// Writes OCEL 2.0 JSON. Attribute values are strings in the form of their declared type: so the
// specification's JSON schema has them.
#include "twin/event/ocel.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <ostream>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::event {
namespace {

struct Attribute {
  std::string_view name, type;
};

// Every kind of event declares all of them; an event has those that say something.
constexpr std::array EventAttributes = {
    Attribute{"arrived", "time"},       Attribute{"source", "string"},
    Attribute{"source_seq", "integer"}, Attribute{"wafers", "integer"},
    Attribute{"step", "integer"},       Attribute{"visit", "integer"},
    Attribute{"item", "string"},        Attribute{"value", "float"},
    Attribute{"unit", "string"},        Attribute{"quality", "string"},
    Attribute{"raw_offset", "integer"}, Attribute{"raw_length", "integer"},
};

constexpr std::array<std::string_view, 8> TypeNames = {"lot",       "carrier", "tool",   "chamber",
                                                       "operation", "route",   "recipe", "job"};

std::string json_label(const Names& names, Table table, std::uint32_t id) {
  std::string escaped;
  for (const char c : plain_label(names, table, id)) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

constexpr std::uint64_t operation(std::uint32_t route, std::uint32_t step) noexcept {
  return std::uint64_t{route} << 32 | step;
}

template <class Number>
std::string_view text_of(Number number, std::array<char, 40>& digits) {
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), static_cast<std::size_t>(end - digits.data())};
}

}  // namespace

OcelWriter::OcelWriter(std::ostream& out, const Names& names, std::int64_t time_zero_ms)
    : out_(out), iso_(time_zero_ms), labels_(names, json_label) {
  put_types();
  out_ << text_ << "\"events\": [";
}

void OcelWriter::put_types() {
  text_ = "{\n\"eventTypes\": [";
  std::string_view between = "\n";
  for (const auto& kind : kinds()) {
    text_.append(between).append("{\"name\": \"").append(kind.text).append("\", \"attributes\": [");
    std::string_view comma;
    for (const Attribute& a : EventAttributes) {
      text_.append(comma).append("{\"name\": \"").append(a.name);
      text_.append("\", \"type\": \"").append(a.type).append("\"}");
      comma = ", ";
    }
    text_ += "]}";
    between = ",\n";
  }
  text_ += "\n],\n\"objectTypes\": [";
  between = "\n";
  for (const std::string_view name : TypeNames) {
    text_.append(between).append("{\"name\": \"").append(name).append("\", \"attributes\": [");
    if (name == "operation") text_ += "{\"name\": \"step\", \"type\": \"integer\"}";
    text_ += "]}";
    between = ",\n";
  }
  text_ += "\n],\n";
}

// Appends the date, in quotes.
void OcelWriter::put_time(Tick at) {
  std::array<char, IsoTimeLength> date;
  if (!iso_.write(at, date.data())) {
    throw core::Error("an event at tick " + std::to_string(at) +
                      " cannot be exported (OCEL and XES need a date in the years 0 to 9999) "
                      "is the time zero right?");
  }
  text_.append("\"").append(date.data(), date.size()).append("\"");
}

void OcelWriter::put_attribute(std::string_view name, std::string_view value) {
  text_.append(first_item_ ? "" : ", ").append("{\"name\": \"").append(name);
  text_.append("\", \"value\": \"").append(value).append("\"}");
  first_item_ = false;
}

void OcelWriter::put_attributes(const Event& e) {
  std::array<char, 40> digits;
  first_item_ = true;
  if (e.arrived != e.at) {
    text_ += "{\"name\": \"arrived\", \"value\": ";
    put_time(e.arrived);
    text_ += "}";
    first_item_ = false;
  }
  if (e.source != None) put_attribute("source", labels_.of(Table::Source, e.source));
  put_attribute("source_seq", text_of(e.source_seq, digits));
  if (e.wafers != 0) put_attribute("wafers", text_of(e.wafers, digits));
  if (e.step != None && e.route == None) put_attribute("step", text_of(e.step, digits));
  if (e.visit != None) put_attribute("visit", text_of(e.visit, digits));
  if (e.item != None && item_table(e.kind) == Table::Item) {
    put_attribute("item", labels_.of(Table::Item, e.item));
  }
  if (std::bit_cast<std::uint64_t>(e.value) != 0 || e.unit != Unit::None) {
    put_attribute("value", text_of(e.value, digits));
  }
  if (e.unit != Unit::None) put_attribute("unit", to_string(e.unit));
  if (e.quality != Quality::Good) put_attribute("quality", to_string(e.quality));
  if ((e.raw_offset | e.raw_length) != 0) {
    put_attribute("raw_offset", text_of(e.raw_offset, digits));
    put_attribute("raw_length", text_of(e.raw_length, digits));
  }
}

// The name of an object among its type's. A job has a number alone; an operation its route's name
// and its step.
std::string_view OcelWriter::object_name(Object type, std::uint64_t id) {
  const auto number = static_cast<std::uint32_t>(id);
  switch (type) {
    case Object::Lot: return labels_.of(Table::Lot, number);
    case Object::Carrier: return labels_.of(Table::Carrier, number);
    case Object::Tool: return labels_.of(Table::Tool, number);
    case Object::Chamber: return labels_.of(Table::Chamber, number);
    case Object::Route: return labels_.of(Table::Route, number);
    case Object::Recipe: return labels_.of(Table::Recipe, number);
    case Object::Job: return name_ = std::to_string(id);
    case Object::Operation: break;
  }
  name_ = labels_.of(Table::Route, static_cast<std::uint32_t>(id >> 32));
  return name_.append("/").append(std::to_string(number));
}

// Object ids are unique over all types: "lot:L-1" and "tool:L-1" are two.
void OcelWriter::put_object_id(Object type, std::uint64_t id) {
  text_.append("\"").append(TypeNames[static_cast<std::size_t>(type)]).append(":");
  text_.append(object_name(type, id)).append("\"");
}

void OcelWriter::put_relationship(Object type, std::uint64_t id, std::string_view qualifier) {
  text_.append(first_item_ ? "" : ", ").append("{\"objectId\": ");
  put_object_id(type, id);
  text_.append(", \"qualifier\": \"").append(qualifier).append("\"}");
  first_item_ = false;
}

void OcelWriter::meet(Object type, std::uint64_t id, std::string_view qualifier) {
  met_[static_cast<std::size_t>(type)].insert(id);
  put_relationship(type, id, qualifier);
}

void OcelWriter::add(const Event& e) {
  TWIN_EXPECT(!closed_);
  text_ = events_ == 0 ? "\n{\"id\": \"e" : ",\n{\"id\": \"e";
  text_.append(std::to_string(events_)).append("\", \"type\": \"").append(to_string(e.kind));
  text_ += "\", \"time\": ";
  put_time(e.at);
  text_ += ", \"attributes\": [";
  put_attributes(e);
  text_ += "], \"relationships\": [";
  first_item_ = true;
  if (e.lot != None) meet(Object::Lot, e.lot, "lot");
  if (e.item != None && e.item != e.lot && item_table(e.kind) == Table::Lot) {
    meet(Object::Lot, e.item, e.kind == Kind::Split ? "split off" : "taken up");
  }
  if (e.carrier != None) meet(Object::Carrier, e.carrier, "carrier");
  if (e.tool != None) meet(Object::Tool, e.tool, "tool");
  if (e.chamber != None) {
    meet(Object::Chamber, e.chamber, "chamber");
    if (e.tool != None) tool_of_.emplace(e.chamber, e.tool);
  }
  if (e.route != None && e.step != None) {
    meet(Object::Operation, operation(e.route, e.step), "operation");
    met_[static_cast<std::size_t>(Object::Route)].insert(e.route);
  } else if (e.route != None) {
    meet(Object::Route, e.route, "route");
  }
  if (e.recipe != None) meet(Object::Recipe, e.recipe, "recipe");
  if (e.job != None) meet(Object::Job, e.job, "job");
  text_ += "]}";
  out_ << text_;
  ++events_;
}

void OcelWriter::put_objects() {
  std::string_view between = "\n";
  for (std::size_t t = 0; t < ObjectTypes; ++t) {
    std::vector<std::uint64_t> ids(met_[t].begin(), met_[t].end());
    std::sort(ids.begin(), ids.end());
    const auto type = static_cast<Object>(t);
    for (const std::uint64_t id : ids) {
      text_ = between;
      text_ += "{\"id\": ";
      put_object_id(type, id);
      text_.append(", \"type\": \"").append(TypeNames[t]).append("\", \"attributes\": [");
      if (type == Object::Operation) {  // the specification's time of what never changes
        text_.append("{\"name\": \"step\", \"value\": \"");
        text_.append(std::to_string(static_cast<std::uint32_t>(id)));
        text_ += "\", \"time\": \"1970-01-01T00:00:00Z\"}";
      }
      text_ += "], \"relationships\": [";
      first_item_ = true;
      if (type == Object::Operation) put_relationship(Object::Route, id >> 32, "step of");
      if (type == Object::Chamber) {
        const auto tool = tool_of_.find(static_cast<std::uint32_t>(id));
        if (tool != tool_of_.end()) put_relationship(Object::Tool, tool->second, "part of");
      }
      text_ += "]}";
      out_ << text_;
      between = ",\n";
    }
  }
}

void OcelWriter::close() {
  TWIN_EXPECT(!closed_);
  closed_ = true;
  out_ << "\n],\n\"objects\": [";
  put_objects();
  out_ << "\n]\n}\n";
  out_.flush();
  if (!out_)
    throw core::Error("the OCEL log cannot be written (the stream failed) is the disk full?");
}

}  // namespace twin::event
