// Builds and checks documents of provenance.
#include "twin/record/prov.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <set>

#include "twin/core/error.hpp"
#include "twin/record/prov_time.hpp"
#include "twin/record/store.hpp"

namespace twin::record {
namespace {

[[noreturn]] void refuse(const std::string& problem) {
  throw core::Error("provenance: " + problem);
}

bool is_local(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_';
}

// A name as the local part of an identifier (PROV-N, production PN_LOCAL, of its letters only those
// that mean nothing in JSON, URLs and SPARQL).
std::string local(std::string_view name) {
  constexpr std::string_view Digits = "0123456789ABCDEF";
  std::string text_prov;
  for (const char c : name) {
    if (is_local(c)) {
      text_prov += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      text_prov += '%';
      text_prov += Digits[byte >> 4];
      text_prov += Digits[byte & 15];
    }
  }
  return text_prov;
}

ProvValue text_prov(std::string_view value) { return {.text = std::string(value)}; }
ProvValue type(std::string_view name) {
  return {.type = ProvValue::Type::Name, .text = "fabtwin:" + std::string(name)};
}
ProvValue integer_prov(std::uint64_t value) {
  return {.type = ProvValue::Type::Integer, .text = std::to_string(value)};
}

// Splits "prefix:local"; refuses what is no identifier or has an unknown prefix.
void check_identifier(const ProvDocument& document, const std::string& id,
                      const std::string& where) {
  const std::size_t colon = id.find(':');
  const std::string_view prefix = std::string_view(id).substr(0, colon);
  const auto good = [](char c) { return is_local(c) || c == '%' || c == '/'; };
  if (colon == std::string::npos || colon == 0 || colon + 1 == id.size() ||
      !std::all_of(id.begin() + static_cast<std::ptrdiff_t>(colon) + 1, id.end(), good)) {
    refuse("'" + one_line(id) + "' is no identifier (" + where + ": prefix:local)");
  }
  if (prefix != "prov" && prefix != "xsd" && !document.prefixes.contains(std::string(prefix))) {
    refuse("'" + id + "' has an unknown prefix (" + where + ") is it declared?");
  }
}

void check_moment(const std::string& moment, const std::string& where) {
  if (!moment.empty() && !is_moment(moment)) {
    refuse("'" + one_line(moment) + "' is no time (" + where +
           ": must be ISO 8601 with an offset, \"2018-01-01T00:00:00.000Z\")");
  }
}

void check_text(const std::string& value, const std::string& where) {
  if (!is_storable_text(value)) refuse("a text is not UTF-8, or has a zero byte (" + where + ")");
}

void check_attributes(const ProvDocument& document, const ProvAttributes& attributes,
                      const std::string& owner) {
  for (const auto& [name, value] : attributes) {
    const std::string where = "attribute " + one_line(name) + " of " + owner;
    check_identifier(document, name, where);
    check_text(value.text, where);
    switch (value.type) {
      case ProvValue::Type::Text: break;
      case ProvValue::Type::Integer: {
        const char* const end = value.text.data() + value.text.size();
        std::uint64_t whole = 0;
        std::int64_t negative = 0;
        const auto up = std::from_chars(value.text.data(), end, whole);
        const auto down = std::from_chars(value.text.data(), end, negative);
        if ((up.ec != std::errc() || up.ptr != end) &&
            (down.ec != std::errc() || down.ptr != end)) {
          refuse("'" + one_line(value.text) + "' is no whole number (" + where + ")");
        }
        break;
      }
      case ProvValue::Type::Moment:
        if (!is_moment(value.text)) {
          refuse("'" + one_line(value.text) + "' is no time (" + where +
                 ": must be ISO 8601 with an offset, \"2018-01-01T00:00:00.000Z\")");
        }
        break;
      case ProvValue::Type::Name: check_identifier(document, value.text, where); break;
    }
  }
}

template <class Things>
void check_there(const Things& things, const std::string& id, const char* sort,
                 const std::string& where) {
  if (!things.contains(id)) {
    refuse("'" + one_line(id) + "' is not in the document (" + where + " speaks of it as an " +
           sort + ")");
  }
}

template <class Things>
void merge_things(Things& into, const Things& other) {
  for (const auto& [id, thing] : other) {
    const auto [at, fresh] = into.try_emplace(id, thing);
    if (!fresh && !(at->second == thing))
      refuse("two documents say different things of '" + id + "'");
  }
}

template <class Relation>
void merge_relations(std::vector<Relation>& into, const std::vector<Relation>& other) {
  for (const Relation& relation : other) {
    if (std::find(into.begin(), into.end(), relation) == into.end()) into.push_back(relation);
  }
}

// Builds one document, leaving out what is not known.
class Builder {
 public:
  ProvDocument document = {
      .prefixes = {{"fabtwin", "urn:fabtwin:term:"}, {"twin", "urn:fabtwin:record:"}}};

  std::string entity(const std::string& id, std::string_view what, ProvAttributes attributes) {
    std::erase_if(attributes, [](const auto& a) { return a.second.text.empty(); });
    attributes["prov:type"] = type(what);
    document.entities[id] = std::move(attributes);
    return id;
  }
  void uses(const std::string& activity, const std::string& made, const std::string& entity,
            const std::string& role) {
    document.used.push_back({.activity = activity, .entity = entity, .role = "fabtwin:" + role});
    document.was_derived_from.push_back({.generated = made, .used = entity});
  }
};

}  // namespace

ProvDocument provenance(const ProvOrigin& origin) {
  if (origin.id.empty()) refuse("there is no id (every forecast and recommendation has one)");
  if (origin.model.empty())
    refuse("there is no model ('" + one_line(origin.id) + "' must name it)");
  const bool forecast = origin.kind == ProvOrigin::Kind::Forecast;
  const std::string what = forecast ? "forecast" : "recommendation";
  Builder b;
  const std::string id = local(origin.id);
  const std::string activity = "twin:run/" + what + "/" + id;
  ProvActivity run{.begun = moment_of(origin.begun_ms),
                   .ended = moment_of(origin.ended_ms),
                   .attributes = {{"prov:type", type(forecast ? "Forecasting" : "Deciding")},
                                  {"fabtwin:seed", integer_prov(origin.seed)}}};
  if (!origin.work_budget.empty()) {
    run.attributes["fabtwin:work_budget"] = text_prov(origin.work_budget);
  }
  b.document.activities[activity] = run;

  const std::string made =
      b.entity("twin:" + what + "/" + id, forecast ? "Forecast" : "Recommendation", {});
  b.document.was_generated_by.push_back({.entity = made, .activity = activity, .time = run.ended});

  const std::string journal = b.entity(
      "twin:journal/" + std::to_string(origin.entry_first) + "-" + std::to_string(origin.entry_end),
      "JournalRange",
      {{"fabtwin:entry_first", integer_prov(origin.entry_first)},
       {"fabtwin:entry_end", integer_prov(origin.entry_end)},
       {"fabtwin:chain_head", text_prov(origin.journal_head)}});
  b.uses(activity, made, journal, "record");

  b.uses(activity, made,
         b.entity("twin:model/" + local(origin.model) + "/" + local(origin.model_version), "Model",
                  {{"fabtwin:name", text_prov(origin.model)},
                   {"fabtwin:version", text_prov(origin.model_version)}}),
         "model");
  if (!origin.snapshot_sha256.empty()) {
    const std::string snapshot =
        b.entity("twin:snapshot/" + local(origin.snapshot_sha256), "Snapshot",
                 {{"fabtwin:sha256", text_prov(origin.snapshot_sha256)}});
    b.uses(activity, made, snapshot, "snapshot");
  }
  if (!origin.belief.empty()) {
    b.uses(activity, made,
           b.entity("twin:belief/" + local(origin.belief), "Belief",
                    {{"fabtwin:hash", text_prov(origin.belief)}}),
           "state");
  }
  if (!origin.posterior.empty()) {
    b.uses(activity, made,
           b.entity("twin:posterior/" + local(origin.posterior), "Posterior",
                    {{"fabtwin:name", text_prov(origin.posterior)}}),
           "theta");
  }
  if (!origin.configuration.empty()) {
    b.uses(activity, made,
           b.entity("twin:configuration/" + local(origin.configuration), "Configuration",
                    {{"fabtwin:hash", text_prov(origin.configuration)}}),
           "configuration");
  }
  for (const std::string& rests_on : origin.forecasts) {
    b.uses(activity, made, b.entity("twin:forecast/" + local(rests_on), "Forecast", {}),
           "forecast");
  }
  for (const RawReference& raw : origin.raw) {
    const std::string message =
        b.entity("twin:raw/" + std::to_string(raw.entry), "RawMessage",
                 {{"fabtwin:source", text_prov(raw.source)},
                  {"fabtwin:entry", integer_prov(raw.entry)},
                  {"fabtwin:bytes", integer_prov(raw.bytes)},
                  {"fabtwin:sha256", text_prov(raw.sha256)},
                  {"fabtwin:arrived",
                   {.type = ProvValue::Type::Moment, .text = moment_of(raw.arrived_ms)}}});
    b.document.was_derived_from.push_back({.generated = journal, .used = message});
  }

  const auto answers = [&](const std::string& name, const std::string& sort,
                           const std::string& kind, const std::string& role) {
    const std::string whose = "twin:" + sort + "/" + local(name);
    b.document.who[whose] = {{"prov:type", {.type = ProvValue::Type::Name, .text = kind}},
                             {"fabtwin:name", text_prov(name)}};
    b.document.was_associated_with.push_back(
        {.activity = activity, .who = whose, .role = "fabtwin:" + role});
  };
  if (!origin.program.empty()) {
    answers(origin.program, "program", "prov:SoftwareAgent", "reckoned");
  }
  if (!origin.asked_by.empty()) answers(origin.asked_by, "person", "prov:Person", "asked");
  check(b.document);
  return b.document;
}

void merge(ProvDocument& into, const ProvDocument& other) {
  ProvDocument both = into;
  merge_things(both.prefixes, other.prefixes);
  merge_things(both.entities, other.entities);
  merge_things(both.activities, other.activities);
  merge_things(both.who, other.who);
  merge_relations(both.used, other.used);
  merge_relations(both.was_generated_by, other.was_generated_by);
  merge_relations(both.was_derived_from, other.was_derived_from);
  merge_relations(both.was_associated_with, other.was_associated_with);
  into = std::move(both);
}

void check(const ProvDocument& document) {
  for (const auto& [prefix, space] : document.prefixes) {
    if (prefix.empty() || !std::all_of(prefix.begin(), prefix.end(), is_local) ||
        prefix == "prov" || prefix == "xsd") {
      refuse("'" + one_line(prefix) + "' is no prefix of ours (letters, digits, '-', '.', '_')");
    }
    check_text(space, "prefix " + prefix);
  }
  std::set<std::string> met;
  const auto name = [&](const std::string& id, const std::string& where) {
    check_identifier(document, id, where);
    if (!met.insert(id).second) refuse("'" + id + "' stands for two sorts of things");
  };
  for (const auto& [id, attributes] : document.entities) {
    name(id, "an entity");
    check_attributes(document, attributes, id);
  }
  for (const auto& [id, activity] : document.activities) {
    name(id, "an activity");
    check_moment(activity.begun, "beginning of " + id);
    check_moment(activity.ended, "end of " + id);
    check_attributes(document, activity.attributes, id);
  }
  for (const auto& [id, attributes] : document.who) {
    name(id, "one who answers");
    check_attributes(document, attributes, id);
  }
  const auto role = [&](const std::string& name_of_it, const std::string& where) {
    if (!name_of_it.empty()) check_identifier(document, name_of_it, "role in " + where);
  };
  for (const ProvUsage& r : document.used) {
    check_there(document.activities, r.activity, "activity", "used");
    check_there(document.entities, r.entity, "entity", "used");
    role(r.role, "used");
  }
  std::set<std::string> generated;
  for (const ProvGeneration& r : document.was_generated_by) {
    check_there(document.entities, r.entity, "entity", "wasGeneratedBy");
    check_there(document.activities, r.activity, "activity", "wasGeneratedBy");
    check_moment(r.time, "wasGeneratedBy of " + r.entity);
    if (!generated.insert(r.entity).second) refuse("'" + r.entity + "' was generated twice");
  }
  for (const ProvDerivation& r : document.was_derived_from) {
    check_there(document.entities, r.generated, "entity", "wasDerivedFrom");
    check_there(document.entities, r.used, "entity", "wasDerivedFrom");
    if (r.generated == r.used) refuse("'" + r.used + "' was derived from itself");
  }
  for (const ProvAssociation& r : document.was_associated_with) {
    check_there(document.activities, r.activity, "activity", "wasAssociatedWith");
    check_there(document.who, r.who, "answering party", "wasAssociatedWith");
    role(r.role, "wasAssociatedWith");
  }
}

std::uint64_t entries_spoken_of(const ProvDocument& document) {
  std::uint64_t entries = 0;
  for (const auto& [id, attributes] : document.entities) {
    const auto end = attributes.find("fabtwin:entry_end");
    if (end == attributes.end() || end->second.type != ProvValue::Type::Integer) continue;
    entries =
        std::max<std::uint64_t>(entries, std::strtoull(end->second.text.c_str(), nullptr, 10));
  }
  return entries;
}

}  // namespace twin::record
