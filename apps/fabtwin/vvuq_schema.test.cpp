// If this failed, a program that relies on the documented form of the report would break on the report itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/fabtwin/files.hpp"
#include "twin/score/vvuq/report.hpp"

namespace apps::fabtwin {
namespace {

using nlohmann::json;
namespace vvuq = twin::score::vvuq;

bool is_type(const json& x, const std::string& type) {
  if (type == "object") return x.is_object();
  if (type == "array") return x.is_array();
  if (type == "string") return x.is_string();
  if (type == "boolean") return x.is_boolean();
  if (type == "null") return x.is_null();
  if (type == "integer") return x.is_number_integer();
  return type == "number" && x.is_number();
}

// The part of JSON Schema that docs/vvuq.schema.json uses. The first fault; empty: none.
std::string fault(const json& root, const json& schema, const json& x, const std::string& path) {
  if (schema.contains("$ref")) {
    const std::string to = schema["$ref"].get<std::string>().substr(1);
    return fault(root, root.at(json::json_pointer(to)), x, path);
  }
  if (schema.contains("enum"))
    return std::ranges::count(schema["enum"], x) != 0 ? "" : path + " is " + x.dump();
  const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
  if (std::ranges::none_of(types, [&](const json& t) { return is_type(x, t); }))
    return path + " is " + x.dump().substr(0, 40);
  if (x.is_object()) {
    for (const json& name : schema["required"])
      if (!x.contains(name.get<std::string>())) return path + " lacks " + name.dump();
    for (const auto& [name, value] : x.items()) {
      if (!schema["properties"].contains(name)) return path + " has the unknown " + name;
      std::string wrong = fault(root, schema["properties"][name], value, path + "/" + name);
      if (!wrong.empty()) return wrong;
    }
  }
  if (x.is_array())
    for (std::size_t k = 0; k < x.size(); ++k) {
      std::string wrong = fault(root, schema["items"], x[k], path + "/" + std::to_string(k));
      if (!wrong.empty()) return wrong;
    }
  return {};
}

// One of everything, with what is not known left out and what is no number.
vvuq::VvuqReport sample_vvuq_schema() {
  vvuq::VvuqReport r;
  r.identity.seed = ~std::uint64_t{0};
  r.use.quantities = {"WIP"};
  r.code_verification = {vvuq::check("a", "b", std::nan(""), 1.0, 0.1)};
  r.solution_verification.resize(1);
  r.quantities.resize(2);
  r.quantities[0].references.resize(1);
  r.quantities[0].fans.resize(1);
  r.quantities[0].pit = {1, 2};
  r.quantities[0].criteria = {
      {"bias", 1, 2, INFINITY, {}, 4.0, vvuq::Proof::NotRefuted, vvuq::Outcome::Met},
      {"skill", 1, 2, 3, 0.0, {}, vvuq::Proof::Shown, vvuq::Outcome::Undecided}};
  r.quantities[1].verdict = vvuq::Verdict::NotFit;
  r.parameters.resize(1);
  r.monitors.resize(1);
  r.monitors[0].reasons = {"why"};
  r.monitors[0].z = {0.1};
  r.data_quality.resize(1);
  r.domain.resize(1);
  r.limits = r.not_assessed = {"much"};
  return r;
}

TEST(VvuqSchema, TheReportIsAsDocumented) {
  const json schema = json::parse(read_text("docs/vvuq.schema.json"));
  EXPECT_EQ(fault(schema, schema, json::parse(to_json(sample_vvuq_schema())), ""), "");
  EXPECT_EQ(schema["properties"]["schema"]["enum"], json::array({vvuq::SchemaVersion}));
  json broken = json::parse(to_json(sample_vvuq_schema()));
  broken["quantities"][0]["verdict"] = "perhaps";
  EXPECT_EQ(fault(schema, schema, broken, ""), "/quantities/0/verdict is \"perhaps\"");
  broken.erase("quantities");
  EXPECT_EQ(fault(schema, schema, broken, ""), " lacks \"quantities\"");
}

TEST(VvuqSchema, ThePageNamesEverySection) {
  // Wrong: a section would be in the report and nowhere explained.
  const std::string page = read_text("docs/vvuq.md");
  const json report = json::parse(vvuq::to_json({}));
  for (const auto& [name, value] : report.items())
    EXPECT_NE(page.find("`" + name + "`"), std::string::npos) << name;
}

}  // namespace
}  // namespace apps::fabtwin
