#include "twin/event/ocel.hpp"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "twin/core/error.hpp"
#include "twin/event/example.hpp"

namespace twin::event {
namespace {

using nlohmann::json;

constexpr std::uint64_t OcelSeed = 2'023;

json ocel_of(const std::vector<Event>& events, const LogHeader& header) {
  std::ostringstream out;
  OcelWriter writer(out, header.names, header.time_zero_ms);
  for (const Event& e : events) writer.add(e);
  writer.close();
  return json::parse(out.str());
}

bool is_text(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_string();
}
bool is_date(const json& object, const char* key) {
  return is_text(object, key) && parse_iso_time(object[key].get<std::string>());
}
bool is_list(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_array();
}

bool fits(const std::string& value, const std::string& type) {
  if (type == "string") return true;
  if (type == "time") return parse_iso_time(value).has_value();
  std::istringstream in(value);
  if (type == "integer")
    return !value.empty() && value.find_first_not_of("-0123456789") == std::string::npos;
  if (type == "float") {
    std::size_t used = 0;
    try {
      std::stold(value, &used);
    } catch (const std::exception&) {
      return false;
    }
    return used == value.size();
  }
  return type == "boolean" && (value == "true" || value == "false");
}

using Types =
    std::map<std::string, std::map<std::string, std::string>>;  // type -> attribute -> its type

// What is wrong with the log, by the specification: its JSON schema (section 8.2) and the
// definition of a log (section 3): types and their attributes are declared, ids are unique,
// relationships lead to objects that exist.
class Validator {
 public:
  std::vector<std::string> check(const json& log) {
    for (const char* key : {"eventTypes", "objectTypes", "events", "objects"}) {
      if (!is_list(log, key)) return {std::string("no list ") + key};
    }
    const Types event_types = types(log["eventTypes"]), object_types = types(log["objectTypes"]);
    for (const json& o : log["objects"]) {
      require(is_text(o, "id") && is_text(o, "type"), "object", o);
      if (is_text(o, "id")) require(objects_.insert(o["id"]).second, "second object of this id", o);
    }
    for (const json& o : log["objects"]) {
      attributes(o, object_types);
      for (const json& a : o["attributes"]) require(is_date(a, "time"), "object attribute time", a);
      relationships(o);
    }
    std::set<std::string> events;
    for (const json& e : log["events"]) {
      require(is_text(e, "id") && is_text(e, "type") && is_date(e, "time"), "event", e);
      require(events.insert(e["id"]).second, "second event of this id", e);
      attributes(e, event_types);
      relationships(e);
    }
    return wrong_;
  }

 private:
  void require(bool condition, const std::string& what, const json& where) {
    if (!condition) wrong_.push_back(what + ": " + where.dump());
  }
  Types types(const json& list) {
    Types types;
    for (const json& t : list) {
      require(is_text(t, "name") && is_list(t, "attributes"), "type", t);
      const bool is_new = types.emplace(t["name"], Types::mapped_type{}).second;
      require(is_new, "type declared twice", t);
      for (const json& a : t["attributes"]) {
        require(is_text(a, "name") && is_text(a, "type"), "attribute of a type", a);
        const std::set<std::string> known = {"string", "time", "integer", "float", "boolean"};
        require(known.contains(a["type"]), "attribute type", a);
        require(types[t["name"]].emplace(a["name"], a["type"]).second, "attribute declared twice",
                a);
      }
    }
    return types;
  }
  void attributes(const json& thing, const Types& types) {
    const auto type = types.find(thing["type"]);
    require(type != types.end(), "type is not declared", thing);
    require(is_list(thing, "attributes"), "attributes", thing);
    if (type == types.end()) return;
    for (const json& a : thing["attributes"]) {
      require(is_text(a, "name") && is_text(a, "value"), "attribute", a);
      const auto declared = type->second.find(a["name"]);
      require(declared != type->second.end(), "attribute is not declared", a);
      if (declared != type->second.end() && is_text(a, "value")) {
        require(fits(a["value"], declared->second), "attribute is not of its type", a);
      }
    }
  }
  void relationships(const json& thing) {
    require(is_list(thing, "relationships"), "relationships", thing);
    for (const json& r : thing["relationships"]) {
      require(is_text(r, "objectId") && is_text(r, "qualifier"), "relationship", r);
      require(objects_.contains(r["objectId"]), "object does not exist", r);
    }
  }

  std::set<std::string> objects_;
  std::vector<std::string> wrong_;
};

std::vector<Event> events_with_dates(std::uint32_t count) {
  std::vector<Event> events = ExampleFab(OcelSeed).take(count);
  for (std::uint32_t k = 0; k < count; ++k) {
    Event e = any_event({.seed = OcelSeed}, k);
    e.at = e.arrived = k;
    events.push_back(e);
  }
  return events;
}

TEST(Ocel, ExportIsValid) {
  // If this failed, process-mining programs would refuse our logs, or read relations to objects
  // that are not there.
  const auto wrong = Validator().check(ocel_of(events_with_dates(2'000), example_header()));
  EXPECT_TRUE(wrong.empty()) << wrong.size() << " faults, the first: " << wrong.front();
}

TEST(Ocel, EmptyExportIsValid) {
  // If this failed, a run in which nothing happened could not be exported.
  EXPECT_TRUE(Validator().check(ocel_of({}, example_header())).empty());
}

TEST(Ocel, ValidatorFindsFaults) {
  // If this failed, the two tests above would prove nothing.
  const json good = ocel_of(events_with_dates(50), example_header());
  const auto faults = [&](auto&& spoil) {
    json log = good;
    spoil(log);
    return Validator().check(log).size();
  };
  EXPECT_EQ(faults([](json&) {}), 0U);
  EXPECT_GT(faults([](json& log) { log.erase("objects"); }), 0U);
  EXPECT_GT(faults([](json& log) { log["objects"].erase(0); }), 0U);
  EXPECT_GT(faults([](json& log) { log["events"][0]["type"] = "walked"; }), 0U);
  EXPECT_GT(faults([](json& log) { log["events"][0]["time"] = "yesterday"; }), 0U);
  EXPECT_GT(faults([](json& log) { log["events"][0]["attributes"][0]["value"] = 7; }), 0U);
  EXPECT_GT(faults([](json& log) { log["events"][1]["id"] = log["events"][0]["id"]; }), 0U);
  EXPECT_GT(faults([](json& log) { log["eventTypes"][2]["attributes"].clear(); }), 0U);
  EXPECT_GT(faults([](json& log) { log["events"][0]["relationships"][0].erase("qualifier"); }), 0U);
}

TEST(Ocel, SaysWhatTheEventSays) {
  // If this failed, the export would be valid and wrong.
  const Event e{.at = 60'000,
                .arrived = 60'250,
                .source_seq = 5,
                .value = 101.5,
                .source = 0,
                .lot = 2,
                .wafers = 25,
                .carrier = 0,
                .tool = 0,
                .chamber = 1,
                .route = 1,
                .step = 12,
                .visit = 14,
                .recipe = 0,
                .job = 99,
                .item = 0,
                .kind = Kind::Measurement,
                .unit = Unit::Nanometre,
                .quality = Quality::Uncertain};
  const Event split{
      .at = 61'000, .arrived = 61'000, .lot = 0, .wafers = 5, .item = 7, .kind = Kind::Split};
  const json log = ocel_of({e, split}, example_header());
  const json& event = log["events"][0];
  EXPECT_EQ(event["type"], "measurement");
  EXPECT_EQ(event["time"], "2018-01-01T00:01:00.000Z");
  std::map<std::string, std::string> attributes, objects;
  for (const json& a : event["attributes"]) attributes[a["name"]] = a["value"];
  for (const json& r : event["relationships"]) objects[r["qualifier"]] = r["objectId"];
  EXPECT_EQ(attributes, (std::map<std::string, std::string>{{"arrived", "2018-01-01T00:01:00.250Z"},
                                                            {"source", "model"},
                                                            {"source_seq", "5"},
                                                            {"wafers", "25"},
                                                            {"visit", "14"},
                                                            {"item", "thickness"},
                                                            {"value", "101.5"},
                                                            {"unit", "nm"},
                                                            {"quality", "uncertain"}}));
  EXPECT_EQ(objects, (std::map<std::string, std::string>{{"lot", "lot:with \"quotes\" & <angles>"},
                                                         {"carrier", "carrier:FOUP-1"},
                                                         {"tool", "tool:ETCH-01"},
                                                         {"chamber", "chamber:ETCH-01/B"},
                                                         {"operation", "operation:Route_4/12"},
                                                         {"recipe", "recipe:poly, main etch"},
                                                         {"job", "job:99"}}));
  EXPECT_EQ(log["events"][1]["relationships"][1],
            (json{{"objectId", "lot:back\\slash"}, {"qualifier", "split off"}}));
  for (const json& o : log["objects"]) {
    if (o["type"] == "chamber") {
      EXPECT_EQ(o["relationships"][0]["objectId"], "tool:ETCH-01");
    }
    if (o["type"] == "operation") {
      EXPECT_EQ(o["relationships"][0]["objectId"], "route:Route_4");
    }
  }
  EXPECT_EQ(log["objects"].size(), 10U);  // three lots, and the route behind the operation
}

TEST(Ocel, TimesWithoutDateAreRefused) {
  // If this failed, a wrong time zero would give a log of wrong dates.
  std::ostringstream out;
  const Names names;
  OcelWriter writer(out, names, 0);
  EXPECT_THROW(writer.add({.at = std::numeric_limits<Tick>::max()}), core::Error);
}

}  // namespace
}  // namespace twin::event
