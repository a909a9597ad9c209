// Provenance in the terms of W3C PROV (PROV-DM, Recommendation 2013): what a forecast or a
// recommendation was made from, by what, and for whom, down to the bytes of the raw messages. As
// PROV-JSON (W3C Member Submission, 2013), which other programs read.
#pragma once
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/tick.hpp"

namespace twin::record {

// A value of an attribute, with its type of XML Schema.
struct ProvValue {
  enum class Type : std::uint8_t { Text, Integer, Moment, Name };  // Name: prefix:local
  Type type = Type::Text;
  std::string text = {};  // "12", "2026-01-01T00:00:00.000Z", "fabtwin:forecast"
  bool operator==(const ProvValue&) const = default;
};
using ProvAttributes = std::map<std::string, ProvValue>;  // by "prefix:name"

// Identifiers are "prefix:local" with a prefix of the document or one of prov and xsd.
struct ProvActivity {
  std::string begun = {}, ended = {};  // ISO 8601; empty: not said
  ProvAttributes attributes = {};
  bool operator==(const ProvActivity&) const = default;
};
struct ProvUsage {
  std::string activity, entity, role = {};
  auto operator<=>(const ProvUsage&) const = default;
};
struct ProvGeneration {
  std::string entity, activity, time = {};
  auto operator<=>(const ProvGeneration&) const = default;
};
struct ProvDerivation {
  std::string generated, used;
  auto operator<=>(const ProvDerivation&) const = default;
};
struct ProvAssociation {
  std::string activity, who, role = {};
  auto operator<=>(const ProvAssociation&) const = default;
};

struct ProvDocument {
  std::map<std::string, std::string> prefixes = {};  // -> namespace
  std::map<std::string, ProvAttributes> entities = {};
  std::map<std::string, ProvActivity> activities = {};
  std::map<std::string, ProvAttributes> who = {};  // the standard's third class: people, programs
  std::vector<ProvUsage> used = {};
  std::vector<ProvGeneration> was_generated_by = {};
  std::vector<ProvDerivation> was_derived_from = {};
  std::vector<ProvAssociation> was_associated_with = {};
  bool operator==(const ProvDocument&) const = default;
};

// Raw bytes of one message from outside, where they lie in the journal and what they hash to.
struct RawReference {
  std::string source = {};    // "secs/LITHO_01"
  std::uint64_t entry = 0;    // of the journal
  std::uint64_t bytes = 0;    // how many
  std::string sha256 = {};    // 64 hexadecimal digits
  core::Tick arrived_ms = 0;  // [ms since 1970-01-01T00:00:00Z]
};

// What one forecast or recommendation came from. Empty texts and absent lists are left out, but for
// id and model, without which it is nobody's.
struct ProvOrigin {
  enum class Kind : std::uint8_t { Forecast, Recommendation };
  Kind kind = Kind::Forecast;
  std::string id = {};                           // unique in the record
  core::Tick begun_ms = 0, ended_ms = 0;         // when it was reckoned [ms since 1970]
  std::uint64_t entry_first = 0, entry_end = 0;  // journal entries taken in: first <= index < end
  std::string journal_head = {};                 // hash of the chain up to entry_end
  std::string snapshot_sha256 = {};              // of the snapshot it was begun from
  std::string belief = {};                       // hash of the state that it was begun from
  std::string model = {}, model_version = {};
  std::string posterior = {};  // which belief of theta
  std::uint64_t seed = 0;
  std::string configuration = {};  // hash of the site's configuration
  std::string work_budget = {};    // "200 members, 7 days"
  std::string program = {};        // "fabtwin 0.1.0"
  std::string asked_by = {};       // who wanted it; empty: the twin's own round
  std::vector<RawReference> raw = {};
  std::vector<std::string> forecasts = {};  // a recommendation's: ids of those it rests on
};

// The document of one origin. Names become identifiers with all but letters, digits, '-', '.' and
// '_' percent-encoded, so any name is possible. Error where id or model are missing.
ProvDocument provenance(const ProvOrigin& origin);

// Where the documents of a record stand, beside its segments: ID.json each.
inline constexpr std::string_view ProvenanceFolder = "provenance";
// How many entries of the record the document speaks of; 0: of none.
std::uint64_t entries_spoken_of(const ProvDocument& document);

// One document of several, so that a recommendation reaches down to the raw bytes of its forecasts.
// Error where they say different things of one identifier.
void merge(ProvDocument& into, const ProvDocument& other);

// Error, with the place, where a relation speaks of something that is not in the document, where an
// identifier is none or its prefix is not declared, where one stands for two sorts of things, where
// a text is no UTF-8, or a time or whole number is none.
void check(const ProvDocument& document);

// PROV-JSON, entries in the order of their names: the same document is the same bytes. It is checked
// before, and must be UTF-8.
std::string to_json(const ProvDocument& document);

// A PROV-JSON text of the terms above, checked. Other terms of the standard are refused, since they
// would be lost. `file` is what messages call it.
ProvDocument read_prov(std::string_view json, const std::string& file = "provenance");

}  // namespace twin::record
