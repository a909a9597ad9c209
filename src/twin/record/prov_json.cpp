// Provenance as PROV-JSON and back ("The PROV-JSON Serialization", W3C Member Submission 24 April
// 2013, section 3).
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "twin/core/error.hpp"
#include "twin/record/prov.hpp"
#include "twin/record/prov_time.hpp"

namespace twin::record {
namespace {

using Json = nlohmann::json;  // its objects are ordered by name

// The submission's words for the third class.
constexpr const char* Who = "agent";
constexpr const char* ProvWho = "prov:agent";

constexpr int DepthMax = 16;  // ours have five levels

const char* xsd_of(ProvValue::Type type) {
  switch (type) {
    case ProvValue::Type::Integer: return "xsd:long";
    case ProvValue::Type::Moment: return "xsd:dateTime";
    case ProvValue::Type::Name: return "prov:QUALIFIED_NAME";
    case ProvValue::Type::Text: break;
  }
  return "xsd:string";
}

Json json_of(const ProvAttributes& attributes) {
  Json object = Json::object();
  for (const auto& [name, value] : attributes) {
    if (value.type == ProvValue::Type::Text) {
      object[name] = value.text;
    } else {
      object[name] = {{"$", value.text}, {"type", xsd_of(value.type)}};
    }
  }
  return object;
}

void put_role(Json& relation, const std::string& role) {
  if (!role.empty()) {
    relation["prov:role"] = {{"$", role}, {"type", xsd_of(ProvValue::Type::Name)}};
  }
}

// Relations have blank names: "_:used1", "_:used2", ... Their order means nothing, so it is that of
// what they say.
template <class Relation, class Put>
void put_relations(Json& document, const char* name, std::vector<Relation> relations, Put put) {
  if (relations.empty()) return;
  std::sort(relations.begin(), relations.end());
  Json& all = document[name] = Json::object();
  std::size_t number = 0;
  for (const auto& relation : relations) {
    put(all["_:" + std::string(name) + std::to_string(++number)], relation);
  }
}

class ProvReader {
 public:
  explicit ProvReader(const std::string& file) : file_(file) {}

  ProvDocument read(std::string_view text) {
    std::map<int, std::set<std::string>> names;  // [depth] of the object that is read there
    const auto each_event = [&](int depth, Json::parse_event_t event, const Json& parsed) {
      if (depth > DepthMax) refuse("it is nested too deeply");
      if (event == Json::parse_event_t::object_start) names[depth + 1].clear();
      if (event == Json::parse_event_t::key && !names[depth].insert(parsed).second) {
        refuse("'" + one_line(parsed.get<std::string>()) + "' stands twice");
      }
      return true;
    };
    Json json;
    try {
      json = Json::parse(text.begin(), text.end(), each_event);
    } catch (const Json::parse_error& e) {
      refuse("it is no JSON from byte " + std::to_string(e.byte) + " on");
    } catch (const Json::out_of_range&) {  // 406, the only one that parsing throws
      refuse("it has a number beyond what a double holds");
    }
    ProvDocument document;
    for (const auto& [name, part] : object(json, "the document").items()) {
      if (name == "prefix") {
        for (const auto& [prefix, space] : object(part, name).items()) {
          document.prefixes[prefix] = string(space, "prefix " + one_line(prefix));
        }
      } else if (name == "entity") {
        read_things(part, name, document.entities);
      } else if (name == Who) {
        read_things(part, name, document.who);
      } else if (name == "activity") {
        for (const auto& [id, thing] : object(part, name).items()) {
          document.activities[id] = activity(thing, id);
        }
      } else if (name == "used") {
        each(part, name, [&](Fields& f) {
          document.used.push_back({.activity = f.take("prov:activity"),
                                   .entity = f.take("prov:entity"),
                                   .role = f.role()});
        });
      } else if (name == "wasGeneratedBy") {
        each(part, name, [&](Fields& f) {
          document.was_generated_by.push_back({.entity = f.take("prov:entity"),
                                               .activity = f.take("prov:activity"),
                                               .time = f.take_if("prov:time")});
        });
      } else if (name == "wasDerivedFrom") {
        each(part, name, [&](Fields& f) {
          document.was_derived_from.push_back(
              {.generated = f.take("prov:generatedEntity"), .used = f.take("prov:usedEntity")});
        });
      } else if (name == "wasAssociatedWith") {
        each(part, name, [&](Fields& f) {
          document.was_associated_with.push_back(
              {.activity = f.take("prov:activity"), .who = f.take(ProvWho), .role = f.role()});
        });
      } else {
        refuse("'" + one_line(name) + "' is no term that is read here");
      }
    }
    return document;
  }

 private:
  // What a relation says: every field must be taken.
  class Fields {
   public:
    Fields(const ProvReader& reader, const Json& json, std::string where)
        : reader_(reader), json_(json), where_(std::move(where)) {}
    std::string take(const char* name) {
      if (!json_.contains(name)) reader_.refuse(where_ + " has no " + name);
      return take_if(name);
    }
    std::string take_if(const char* name) {
      const auto at = json_.find(name);
      if (at == json_.end()) return {};
      ++taken_;
      return reader_.string(*at, where_ + " " + name);
    }
    std::string role() {
      const auto at = json_.find("prov:role");
      if (at == json_.end()) return {};
      ++taken_;
      return reader_.value(*at, where_ + " prov:role").text;
    }
    void finish() const {
      if (taken_ != json_.size()) reader_.refuse(where_ + " says more than is read here");
    }

   private:
    const ProvReader& reader_;
    const Json& json_;
    std::string where_;
    std::size_t taken_ = 0;
  };

  [[noreturn]] void refuse(const std::string& problem) const {
    throw core::Error(file_ + " is no provenance (" + problem + ")");
  }

  const Json& object(const Json& json, const std::string& where) const {
    if (!json.is_object()) refuse(where + " must be an object");
    return json;
  }

  std::string string(const Json& json, const std::string& where) const {
    if (!json.is_string()) refuse(where + " must be a text");
    return json.get<std::string>();
  }

  ProvValue value(const Json& json, const std::string& where) const {
    if (json.is_string()) return {.text = json.get<std::string>()};
    if (!json.is_object() || json.size() != 2 || !json.contains("$") || !json.contains("type")) {
      refuse(where + " must be a text or a typed value");
    }
    const std::string type = string(json["type"], where + " type");
    for (const auto known : {ProvValue::Type::Text, ProvValue::Type::Integer,
                             ProvValue::Type::Moment, ProvValue::Type::Name}) {
      if (type == xsd_of(known)) return {.type = known, .text = string(json["$"], where)};
    }
    refuse(where + " has the unknown type '" + one_line(type) + "'");
  }

  ProvAttributes attributes(const Json& json, const std::string& where) const {
    ProvAttributes all;
    for (const auto& [name, json_value] : object(json, where).items()) {
      all[name] = value(json_value, where + " " + one_line(name));
    }
    return all;
  }

  ProvActivity activity(const Json& json, const std::string& id) const {
    ProvActivity read;
    const std::string where = "activity " + one_line(id);
    for (const auto& [name, json_value] : object(json, where).items()) {
      if (name == "prov:startTime") {
        read.begun = string(json_value, where + " " + name);
      } else if (name == "prov:endTime") {
        read.ended = string(json_value, where + " " + name);
      } else {
        read.attributes[name] = value(json_value, where + " " + one_line(name));
      }
    }
    return read;
  }

  void read_things(const Json& json, const std::string& sort,
                   std::map<std::string, ProvAttributes>& into) const {
    for (const auto& [id, thing] : object(json, sort).items()) {
      into[id] = attributes(thing, sort + " " + one_line(id));
    }
  }

  template <class Take>
  void each(const Json& json, const std::string& name, Take take) const {
    for (const auto& [id, relation] : object(json, name).items()) {
      const std::string where = name + " " + one_line(id);
      Fields fields(*this, object(relation, where), where);
      take(fields);
      fields.finish();
    }
  }

  const std::string& file_;
};

}  // namespace

std::string to_json(const ProvDocument& document) {
  check(document);
  Json json = Json::object();
  if (!document.prefixes.empty()) json["prefix"] = document.prefixes;
  for (const auto& [id, attributes] : document.entities) json["entity"][id] = json_of(attributes);
  for (const auto& [id, activity] : document.activities) {
    Json& one = json["activity"][id] = json_of(activity.attributes);
    if (!activity.begun.empty()) one["prov:startTime"] = activity.begun;
    if (!activity.ended.empty()) one["prov:endTime"] = activity.ended;
  }
  for (const auto& [id, attributes] : document.who) json[Who][id] = json_of(attributes);
  put_relations(json, "used", document.used, [](Json& one, const ProvUsage& r) {
    one = {{"prov:activity", r.activity}, {"prov:entity", r.entity}};
    put_role(one, r.role);
  });
  put_relations(json, "wasGeneratedBy", document.was_generated_by,
                [](Json& one, const ProvGeneration& r) {
                  one = {{"prov:entity", r.entity}, {"prov:activity", r.activity}};
                  if (!r.time.empty()) one["prov:time"] = r.time;
                });
  put_relations(json, "wasDerivedFrom", document.was_derived_from,
                [](Json& one, const ProvDerivation& r) {
                  one = {{"prov:generatedEntity", r.generated}, {"prov:usedEntity", r.used}};
                });
  put_relations(json, "wasAssociatedWith", document.was_associated_with,
                [](Json& one, const ProvAssociation& r) {
                  one = {{"prov:activity", r.activity}, {ProvWho, r.who}};
                  put_role(one, r.role);
                });
  return json.dump(2) + "\n";
}

ProvDocument read_prov(std::string_view json, const std::string& file) {
  ProvDocument document = ProvReader(file).read(json);
  check(document);
  return document;
}

}  // namespace twin::record
