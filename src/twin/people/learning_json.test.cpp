// If these failed, screens would show shares of nothing, or others than were counted.
#include "twin/people/learning_json.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "twin/people/example.hpp"

namespace twin::people {
namespace {

using nlohmann::json;

// A rejected case whose replay has brought this.
Learning learned(std::initializer_list<double> realised) {
  Learning learning;
  const Case one{.content = example::advice(), .stage = Stage::Rejected};
  for (const double x : realised) {
    const Replayed replayed{.became = Became::NotCarriedOut,
                            .realised = {.low = x - 0.5, .mean = x, .high = x + 0.5}};
    learning.came(one, {.rejected = Reason::TooRisky, .outcome = outcome_of(one, replayed, 1)});
  }
  return learning;
}

TEST(LearningJson, HasNoShareOfNothing) {
  const json x = json::parse(learning_json({}));
  EXPECT_EQ(x["classes"], json::array());
  EXPECT_EQ(x["all"]["accepted"], (json{{"count", 0}, {"of", 0}}));
  EXPECT_FALSE(x["all"].contains("wait_median_ms"));
  EXPECT_FALSE(x["all"].contains("nominal"));
  EXPECT_FALSE(x["all"].contains("kind"));
  EXPECT_EQ(x["all"]["reliance"].size(), 4U);
}

TEST(LearningJson, SaysWhatWasCounted) {
  const Learning learning = learned({1.25, 2.25, -3.0, 0.25});
  const json x = json::parse(learning_json(learning));
  for (const json& t : {x["all"], x["classes"][0]}) {
    EXPECT_EQ(t["held"]["count"], 3);  // 0.2 to 2.5 was promised
    EXPECT_EQ(t["held"]["of"], 4);
    EXPECT_EQ(t["held"]["share"], 0.75);
    EXPECT_EQ(t["held"]["low"], wilson(3, 4).low);
    EXPECT_DOUBLE_EQ(t["nominal"].get<double>(), 0.9);
    EXPECT_EQ(t["measures"][0]["objective"], "mean tardiness");
    EXPECT_EQ(t["measures"][0]["count"], 4);
    EXPECT_DOUBLE_EQ(t["measures"][0]["bias"].get<double>(), (0.75 - 5.0) / 4.0);
    EXPECT_DOUBLE_EQ(t["measures"][0]["slope"].get<double>(), 0.75 / 5.0);
    EXPECT_EQ(t["reliance"][2],
              (json{{"response", "overruled"}, {"helped", 2}, {"harmed", 1}, {"unclear", 1}}));
    EXPECT_EQ(t["under_reliance"]["share"], 1.0);
    EXPECT_EQ(t["over_reliance"]["share"], 0.0);
  }
  EXPECT_EQ(x["classes"][0]["kind"], "prefer");
}

TEST(LearningJson, IsReadAsItWasWrittenAndHasASchema) {
  const LearningView view = view_of(learned({1.0, 2.0}));
  EXPECT_EQ(from_json<LearningView>(to_json(view), "learning"), view);
  const json schema = json::parse(json_schema<LearningView>());
  EXPECT_TRUE(schema["$defs"].contains("Tally"));
  EXPECT_EQ(schema["$defs"]["Portion"]["required"], (json{"count", "of"}));
}

TEST(LearningJson, TheGreatestGainsAreStillNumbers) {
  Recommendation r = example::advice();
  r.benefit.gain = {.low = -GainMax, .mean = -GainMax, .high = GainMax};
  const Case one{.content = r, .stage = Stage::Rejected};
  Learning learning;
  for (int k = 0; k < 3; ++k) {
    const Replayed replayed{.became = Became::NotCarriedOut,
                            .realised = {.low = GainMax, .mean = GainMax, .high = GainMax}};
    learning.came(one, {.outcome = outcome_of(one, replayed, 1)});
  }
  EXPECT_EQ(json::parse(learning_json(learning))["all"]["measures"][0]["slope"], -1.0);
}

}  // namespace
}  // namespace twin::people
