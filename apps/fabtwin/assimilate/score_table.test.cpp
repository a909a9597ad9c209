// If these failed, figures would stand under other figures' names.
#include "apps/fabtwin/assimilate/score_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/score_columns.hpp"

namespace apps::fabtwin::assimilate {
namespace {

Experiment small() {
  return read_experiment(
      "name = \"a, small one\"\ncycles = 4\nseeds = 2\n[model]\nname = \"lorenz63\"\n[[method]]\n"
      "name = \"etkf\"\nmembers = 4\nlabel = \"x, y\"\n",
      "x.toml", {});
}

TEST(ScoreTable, HasAColumnForEachTitle) {
  // A spreadsheet would shift its columns; a comma in a label would make one more.
  const Experiment e = small();
  const auto summaries = summarise(e, run(e, {}));
  const std::string csv = score_csv(summaries);
  const std::string row = csv.substr(csv.find('\n') + 1);
  EXPECT_EQ(std::ranges::count(csv.substr(0, csv.find('\n')), ','),
            static_cast<long>(score_columns().size()) - 1);
  EXPECT_EQ(std::ranges::count(row, ','), static_cast<long>(score_columns().size()));
  EXPECT_TRUE(row.starts_with("\"x, y\",etkf,4,2,0,")) << row;
}

TEST(ScoreTable, SaysTheSameInJson) {
  // A program would read another figure than a person.
  const Experiment e = small();
  const Results results = run(e, {});
  const auto summaries = summarise(e, results);
  const auto json = score_json(e, results, summaries);
  EXPECT_EQ(json["methods"][0]["rmse_a"].get<double>(), summaries[0].rmse_a.mean());
  EXPECT_EQ(json["methods"][0]["seeds"][1]["rmse_a"].get<double>(), results[0][1].rmse_a);
  EXPECT_EQ(json["experiment"]["observations"].get<int>(), 3);
  EXPECT_NE(score_table(e, summaries).find("a, small one\nLorenz-63; 3 observations"),
            std::string::npos);
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
