// If these failed, the schema that outsiders check against would be another one than ours.
#include "twin/people/table.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "twin/core/archive.hpp"
#include "twin/people/example.hpp"
#include "twin/people/lifecycle.hpp"

namespace twin::people {
namespace {

using nlohmann::json;

TEST(PeopleTable, NamesAreThoseOfThePattern) {
  const std::regex pattern(NamePattern);
  std::vector<std::string> words = {
      "", "-", "--", "a-", std::string(64, 'x'), std::string(65, 'x')};
  for (int c = 0; c < 256; ++c) {
    words.push_back({static_cast<char>(c)});
    words.push_back({'a', static_cast<char>(c), 'b'});
  }
  for (const std::string& word : words)
    EXPECT_EQ(is_name(word), std::regex_match(word, pattern)) << '<' << word << '>';
}

TEST(PeopleTable, SchemaTellsEveryMemberOnce) {
  const json schema = json::parse(json_schema<Recommendation>());
  EXPECT_EQ(schema["$ref"], "#/$defs/Recommendation");
  const json& r = schema["$defs"]["Recommendation"];
  EXPECT_EQ(r["additionalProperties"], false);
  const json sample = json::parse(to_json(example::set_point()));
  for (const auto& [name, value] : sample.items())
    EXPECT_TRUE(r["properties"].contains(name)) << name;
  EXPECT_EQ(r["required"].size(), r["properties"].size() - 2) << "edit and command may be absent";
  EXPECT_EQ(r["properties"]["role"]["enum"],
            json({"viewer", "engineer", "approver", "operator", "admin"}));
  EXPECT_EQ(r["properties"]["act"]["$ref"], "#/$defs/Act");
  EXPECT_EQ(schema["$defs"]["Interval"]["properties"]["share"]["minimum"], 0.5);
  for (const auto& [name, type] : schema["$defs"].items()) {
    for (const auto& [member, s] : type["properties"].items())
      EXPECT_FALSE(s["description"].get<std::string>().empty()) << name << "." << member;
  }
}

TEST(PeopleTable, SchemaOfTheSiteIsTheOneInTheDocs) {
  // docs/recommendation.schema.json is what outsiders read. To make it anew, run this test with
  // FABTWIN_BLESS=1.
  const std::string path = "docs/recommendation.schema.json";
  const std::string now = json::parse(json_schema<Recommendation>()).dump(1) + "\n";
  if (std::getenv("FABTWIN_BLESS") != nullptr) std::ofstream(path) << now;
  std::ifstream in(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), now);
}

TEST(PeopleTable, FieldsAreThoseOfTheTable) {
  std::vector<std::string> names;
  const auto note = [&](const char* name, const auto&) { names.emplace_back(name); };
  const Interval x;
  Interval::fields(note, x);
  EXPECT_EQ(names, (std::vector<std::string>{"low", "mean", "high", "share"}));
}

TEST(PeopleTable, EveryEnumerationHasItsWords) {
  EXPECT_EQ(word(Stage::Undone), "undone");
  EXPECT_EQ(word(Step::Undo), "undo");
  EXPECT_EQ(word(Reason::Other), "other");
  EXPECT_EQ(word(Capacity::Link), "link");
  EXPECT_EQ(word(Role::Admin), "admin");
  EXPECT_EQ(word(Permission::Accounts), "accounts");
  EXPECT_EQ(word(Fresh::State), "state");
  EXPECT_EQ(word(ActKind::Release), "release");
  EXPECT_EQ(word(Reversal::None), "none");
}

}  // namespace
}  // namespace twin::people
