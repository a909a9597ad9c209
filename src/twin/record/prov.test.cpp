// Whoever is shown a forecast can follow it down to the bytes of the messages behind it.
#include "twin/record/prov.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "twin/contract/refusal.hpp"
#include "twin/core/error.hpp"

namespace twin::record {
namespace {

using contract::refusal;

ProvOrigin example() {
  return {.id = "2026-01-01/lot completion",
          .begun_ms = 1'767'225'600'000,
          .ended_ms = 1'767'225'603'250,
          .entry_first = 100,
          .entry_end = 250,
          .journal_head = "ab12",
          .snapshot_sha256 = std::string(64, 'c'),
          .model = "fab",
          .model_version = "1.2",
          .posterior = "theta-77",
          .seed = 18'446'744'073'709'551'615U,
          .configuration = "0123456789abcdef",
          .work_budget = "200 members, 7 days",
          .program = "fabtwin 0.1.0",
          .asked_by = "Jörg \"shift lead\"",
          .raw = {{.source = "secs/LITHO_01",
                   .entry = 101,
                   .bytes = 44,
                   .sha256 = std::string(64, 'd'),
                   .arrived_ms = 1'767'225'500'000},
                  {.source = "mqtt/mes", .entry = 102, .bytes = 300, .sha256 = ""}}};
}

// What a thing was derived from, and those from, and so on.
std::set<std::string> behind(const ProvDocument& document, const std::string& id) {
  std::set<std::string> found;
  std::vector<std::string> open = {id};
  while (!open.empty()) {
    const std::string at = open.back();
    open.pop_back();
    for (const ProvDerivation& d : document.was_derived_from) {
      if (d.generated == at && found.insert(d.used).second) open.push_back(d.used);
    }
  }
  return found;
}

TEST(Prov, AForecastReachesDownToTheRawBytes) {
  // Nobody could say what a number on the screen rests on.
  const ProvDocument document = provenance(example());
  const auto found = behind(document, "twin:forecast/2026-01-01%2Flot%20completion");
  for (const char* id :
       {"twin:journal/100-250", "twin:raw/101", "twin:raw/102", "twin:model/fab/1.2",
        "twin:posterior/theta-77", "twin:configuration/0123456789abcdef"}) {
    EXPECT_TRUE(found.contains(id)) << id;
  }
  EXPECT_TRUE(found.contains("twin:snapshot/" + std::string(64, 'c')));
  ASSERT_EQ(document.activities.size(), 1U);
  const auto& [run, activity] = *document.activities.begin();
  EXPECT_EQ(activity.begun, "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(activity.attributes.at("fabtwin:seed").text, "18446744073709551615");
  EXPECT_EQ(document.was_associated_with.size(), 2U);
  EXPECT_EQ(document.who.at("twin:person/J%C3%B6rg%20%22shift%20lead%22").at("fabtwin:name").text,
            "Jörg \"shift lead\"");
}

TEST(Prov, ARecommendationReachesThroughItsForecasts) {
  // A command's reasons would end at a number.
  ProvOrigin advice{.kind = ProvOrigin::Kind::Recommendation, .id = "r1", .model = "dispatch"};
  advice.forecasts = {example().id};
  ProvDocument document = provenance(advice);
  EXPECT_FALSE(behind(document, "twin:recommendation/r1").contains("twin:raw/101"));
  merge(document, provenance(example()));
  check(document);
  EXPECT_TRUE(behind(document, "twin:recommendation/r1").contains("twin:raw/101"));
  const ProvDocument once = document;
  merge(document, provenance(example()));
  EXPECT_EQ(document, once);
  ProvOrigin other = example();
  other.seed = 1;
  EXPECT_EQ(refusal([&] { merge(document, provenance(other)); }),
            "provenance: two documents say different things of "
            "'twin:run/forecast/2026-01-01%2Flot%20completion'");
  EXPECT_EQ(document, once);
}

TEST(Prov, ComesBackFromItsJson) {
  // What another program is given would say something else.
  const ProvDocument document = provenance(example());
  const std::string json = to_json(document);
  const ProvDocument back = read_prov(json);
  EXPECT_EQ(to_json(back), json);
  EXPECT_EQ(back.entities, document.entities);
  EXPECT_EQ(back.activities, document.activities);
  EXPECT_EQ(back.who, document.who);
  EXPECT_EQ(back.prefixes, document.prefixes);
  EXPECT_EQ(behind(back, "twin:forecast/2026-01-01%2Flot%20completion"),
            behind(document, "twin:forecast/2026-01-01%2Flot%20completion"));
}

TEST(Prov, JsonIsAsTheSubmissionHasIt) {
  // Other programs' readers would refuse it.
  const std::string json =
      to_json(provenance({.id = "f1", .model = "fab", .model_version = "1", .asked_by = "Ann"}));
  EXPECT_EQ(json, R"({
  "activity": {
    "twin:run/forecast/f1": {
      "fabtwin:seed": {
        "$": "0",
        "type": "xsd:long"
      },
)" + json.substr(json.find("      \"prov:endTime\"")));
  for (const char* part :
       {"\"prov:startTime\": \"1970-01-01T00:00:00.000Z\"",
        "\"prov:type\": {\n        \"$\": \"fabtwin:Forecast\",\n        \"type\": "
        "\"prov:QUALIFIED_NAME\"\n      }",
        "\"_:used1\": {\n      \"prov:activity\": \"twin:run/forecast/f1\"",
        "\"_:wasGeneratedBy1\": {\n      \"prov:activity\": \"twin:run/forecast/f1\",\n      "
        "\"prov:entity\": \"twin:forecast/f1\"",
        "\"prov:generatedEntity\": \"twin:forecast/f1\"", "\"$\": \"prov:Person\""}) {
    EXPECT_NE(json.find(part), std::string::npos) << part << "\nis not in\n" << json;
  }
}

TEST(Prov, WithoutIdOrModelItIsNobodys) {
  // A forecast could not be found again.
  EXPECT_EQ(refusal([] { provenance({.model = "fab"}); }),
            "provenance: there is no id (every forecast and recommendation has one)");
  EXPECT_EQ(refusal([] { provenance({.id = "f1"}); }),
            "provenance: there is no model ('f1' must name it)");
}

TEST(Prov, ADocumentThatIsNotClosedIsRefused) {
  // A forecast would rest on something that nobody can look up.
  const auto with = [](auto change) {
    ProvDocument document = provenance({.id = "f1", .model = "fab"});
    change(document);
    return refusal([&] { check(document); });
  };
  using D = ProvDocument;
  EXPECT_EQ(with([](D&) {}), "accepted");
  EXPECT_EQ(with([](D& d) { d.used[0].entity = "twin:lost"; }),
            "provenance: 'twin:lost' is not in the document (used speaks of it as an entity)");
  EXPECT_EQ(with([](D& d) { d.used[0].activity = "twin:forecast/f1"; }),
            "provenance: 'twin:forecast/f1' is not in the document (used speaks of it as an "
            "activity)");
  EXPECT_EQ(with([](D& d) { d.was_generated_by[0].activity = "x:y"; }),
            "provenance: 'x:y' is not in the document (wasGeneratedBy speaks of it as an "
            "activity)");
  EXPECT_EQ(with([](D& d) { d.was_derived_from[0].used = "x:y"; }),
            "provenance: 'x:y' is not in the document (wasDerivedFrom speaks of it as an entity)");
  EXPECT_EQ(with([](D& d) { d.was_derived_from[0].used = d.was_derived_from[0].generated; }),
            "provenance: 'twin:forecast/f1' was derived from itself");
  EXPECT_EQ(with([](D& d) {
              d.was_associated_with.push_back({.activity = "twin:run/forecast/f1", .who = "x:y"});
            }),
            "provenance: 'x:y' is not in the document (wasAssociatedWith speaks of it as an "
            "answering party)");
  EXPECT_EQ(with([](D& d) { d.was_generated_by.push_back(d.was_generated_by[0]); }),
            "provenance: 'twin:forecast/f1' was generated twice");
}

TEST(Prov, ADocumentThatIsIllTypedIsRefused) {
  // Another program would stumble over it.
  const auto with = [](auto change) {
    ProvDocument document = provenance({.id = "f1", .model = "fab"});
    change(document);
    return refusal([&] { check(document); });
  };
  using D = ProvDocument;
  const auto attribute = [&](ProvValue value) {
    return with([&](D& d) { d.entities["twin:forecast/f1"]["fabtwin:x"] = value; });
  };
  EXPECT_EQ(with([](D& d) { d.entities["plain"] = {}; }),
            "provenance: 'plain' is no identifier (an entity: prefix:local)");
  EXPECT_EQ(with([](D& d) { d.entities["twin:"] = {}; }),
            "provenance: 'twin:' is no identifier (an entity: prefix:local)");
  EXPECT_EQ(with([](D& d) { d.entities["twin:a b"] = {}; }),
            "provenance: 'twin:a b' is no identifier (an entity: prefix:local)");
  EXPECT_EQ(with([](D& d) { d.entities["fob:x"] = {}; }),
            "provenance: 'fob:x' has an unknown prefix (an entity) is it declared?");
  EXPECT_EQ(with([](D& d) { d.who["twin:forecast/f1"] = {}; }),
            "provenance: 'twin:forecast/f1' stands for two sorts of things");
  EXPECT_EQ(with([](D& d) { d.prefixes["prov"] = "http://else"; }),
            "provenance: 'prov' is no prefix of ours (letters, digits, '-', '.', '_')");
  EXPECT_EQ(with([](D& d) { d.activities.begin()->second.begun = "yesterday"; }),
            "provenance: 'yesterday' is no time (beginning of twin:run/forecast/f1: must be ISO "
            "8601 with an offset, \"2018-01-01T00:00:00.000Z\")");
  EXPECT_EQ(with([](D& d) { d.used[0].role = "helper"; }),
            "provenance: 'helper' is no identifier (role in used: prefix:local)");
  EXPECT_EQ(attribute({.text = "\xFF"}),
            "provenance: a text is not UTF-8, or has a zero byte (attribute fabtwin:x of "
            "twin:forecast/f1)");
  EXPECT_EQ(attribute({.type = ProvValue::Type::Integer, .text = "1.5"}),
            "provenance: '1.5' is no whole number (attribute fabtwin:x of twin:forecast/f1)");
  EXPECT_EQ(attribute({.type = ProvValue::Type::Integer, .text = "-9223372036854775808"}),
            "accepted");
  EXPECT_EQ(attribute({.type = ProvValue::Type::Moment, .text = "12:00"}),
            "provenance: '12:00' is no time (attribute fabtwin:x of twin:forecast/f1: must be ISO "
            "8601 with an offset, \"2018-01-01T00:00:00.000Z\")");
  EXPECT_EQ(attribute({.type = ProvValue::Type::Name, .text = "forecast"}),
            "provenance: 'forecast' is no identifier (attribute fabtwin:x of twin:forecast/f1: "
            "prefix:local)");
}

TEST(Prov, JsonThatIsNoProvenanceIsRefused) {
  // A document of somebody else's would be taken in with half of it lost.
  const auto said = [](const std::string& json) {
    return refusal([&] { read_prov(json, "a.json"); });
  };
  EXPECT_EQ(said("{}"), "accepted");
  EXPECT_EQ(said("{"), "a.json is no provenance (it is no JSON from byte 2 on)");
  EXPECT_EQ(said(R"({"used": 7e999})"),
            "a.json is no provenance (it has a number beyond what a double holds)");
  EXPECT_EQ(said("[]"), "a.json is no provenance (the document must be an object)");
  EXPECT_EQ(said(R"({"bundle": {}})"),
            "a.json is no provenance ('bundle' is no term that is read here)");
  EXPECT_EQ(said(R"({"entity": {"prov:a": {}, "prov:a": {}}})"),
            "a.json is no provenance ('prov:a' stands twice)");
  EXPECT_EQ(said(R"({"entity": {"prov:a": {"prov:type": 7}}})"),
            "a.json is no provenance (entity prov:a prov:type must be a text or a typed value)");
  EXPECT_EQ(said(R"({"entity": {"prov:a": {"prov:b": {"$": "1", "type": "xsd:float"}}}})"),
            "a.json is no provenance (entity prov:a prov:b has the unknown type 'xsd:float')");
  EXPECT_EQ(said(R"({"used": {"_:1": {"prov:entity": "prov:a"}}})"),
            "a.json is no provenance (used _:1 has no prov:activity)");
  EXPECT_EQ(said(R"({"wasDerivedFrom": {"_:1": {"prov:generatedEntity": "prov:a",
                     "prov:usedEntity": "prov:b", "prov:activity": "prov:c"}}})"),
            "a.json is no provenance (wasDerivedFrom _:1 says more than is read here)");
  EXPECT_EQ(said(R"({"activity": {"prov:a": {"prov:startTime": 5}}})"),
            "a.json is no provenance (activity prov:a prov:startTime must be a text)");
  EXPECT_EQ(said(R"({"wasDerivedFrom": {"_:1": {"prov:generatedEntity": "prov:a",
                     "prov:usedEntity": "prov:b"}}})"),
            "provenance: 'prov:a' is not in the document (wasDerivedFrom speaks of it as an "
            "entity)");
  EXPECT_EQ(said("{\"entity\": " + std::string(100, '[') + std::string(100, ']') + "}"),
            "a.json is no provenance (it is nested too deeply)");
}

}  // namespace
}  // namespace twin::record
