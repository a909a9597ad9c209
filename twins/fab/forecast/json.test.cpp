// If this failed, a program that relies on the documented form of a forecast would break on the forecast itself.
#include "twins/fab/forecast/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twins/fab/forecast/ahead.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/mirror.hpp"

namespace twins::fab::forecast {
namespace {

using nlohmann::json;
using twin::contract::refusal;

const Forecast& sample() {
  static const Forecast it = [] {
    const auto fab = make_fab(lively_fab(), "fifo");
    const auto theta = fab->layout().nominal_theta();
    State x = fab->initial(theta, {5, 0});
    fab->advance(x, theta, 5 * Tick{86'400'000}, {5, 0});
    return ahead(*fab, Mirror(*fab).follow(x), {}, {x.now + 7'200'000, {8, 26, 2}, 3, 1}).forecast;
  }();
  return it;
}

TEST(ForecastJson, ReadsBackWhatItWrote) {
  const std::string text = to_json(*lively_fab(), sample());
  EXPECT_EQ(from_json(text), sample());
  EXPECT_EQ(twin::core::load<Forecast>(twin::core::save(sample())), sample());
  const json page = json::parse(text);
  EXPECT_EQ(page["group_names"].size(), sample().groups.size());
  EXPECT_EQ(page["staleness"], "from data of 2.0 hours ago; the fab has been simulated since");
  EXPECT_NE(text.find("null"), std::string::npos);  // some lot is beyond the horizon
}

// Every object has the members that the schema lists for it, and no other.
void compare(const json& schema, const json& x, const std::string& path) {
  if (schema.contains("properties")) {
    ASSERT_TRUE(x.is_object()) << path;
    for (const auto& [name, value] : x.items()) {
      ASSERT_TRUE(schema["properties"].contains(name)) << path << "/" << name;
      compare(schema["properties"][name], value, path + "/" + name);
    }
    for (const auto& [name, value] : schema["properties"].items())
      EXPECT_TRUE(x.contains(name)) << path << " lacks " << name;
  } else if (schema.contains("items")) {
    ASSERT_TRUE(x.is_array()) << path;
    if (!x.empty()) compare(schema["items"], x.front(), path + "/0");
    if (schema.contains("minItems")) {
      EXPECT_EQ(x.size(), schema["minItems"].get<std::size_t>());
    }
  }
}

TEST(ForecastJson, IsAsItsSchemaSays) {
  std::ifstream file("docs/forecast.schema.json");
  ASSERT_TRUE(file);
  json schema = json::parse(file);
  json& quantiles = schema["$defs"]["quantiles"];
  const std::function<void(json&)> resolve = [&](json& s) {
    if (s.contains("$ref")) s = quantiles;
    for (auto& [name, value] : s.items())
      if (value.is_structured()) resolve(value);
  };
  resolve(schema["properties"]);
  compare(schema, json::parse(to_json(*lively_fab(), sample())), "");
}

TEST(ForecastJson, RefusesWhatIsNoForecast) {
  const auto refused = [](const std::string& text) {
    return refusal([&] { (void)from_json(text); });
  };
  EXPECT_EQ(refused("{\"schema\": 1"), "forecast: no JSON (is the file cut short?)");
  EXPECT_EQ(refused("[]"), "forecast: must be a JSON object");
  EXPECT_EQ(refused("{}"), "forecast: /schema is missing");
  EXPECT_EQ(refused("{\"schema\": 9}"), "forecast: schema 9 (this program reads 1)");
  EXPECT_EQ(refused("{\"schema\": -1}"), "forecast: /schema is no whole number of this size");
  EXPECT_EQ(refused("{\"schema\": 1, \"now\": 0.5}"),
            "forecast: /now is no whole number of this size");
  json page = json::parse(to_json(*lively_fab(), sample()));
  page["wip"][1] = {1, 2};
  EXPECT_EQ(refused(page.dump()), "forecast: /wip/1 has 2 numbers (must have 9)");
  page["wip"] = "much";
  EXPECT_EQ(refused(page.dump()), "forecast: /wip is no array");
}

}  // namespace
}  // namespace twins::fab::forecast
