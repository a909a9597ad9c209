// If these failed, a study would be of another model than its file names.
#include "apps/fabtwin/uq/model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "apps/fabtwin/files.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twins/toys/membrane.hpp"

namespace apps::fabtwin::uq {
namespace {

Model model_in(const std::string& text) {
  const auto value = twin::sheet::read_toml(text, "x.toml");
  twin::sheet::Sheet sheet(value, "x.toml", "[model]");
  return read_model(sheet, ".");
}

std::vector<double> run_of(const Model& model, const std::vector<double>& x,
                           std::vector<std::string> names = {}) {
  if (names.empty()) names.resize(x.size(), "x");
  return model.make(names)()->run(x, 0.0).y;
}

TEST(UqModel, KnowsFunctions) {
  // At x = (pi / 2, pi / 2, 1): 1 + 7 + 0.1.
  constexpr double Half = std::numbers::pi / 2;
  EXPECT_NEAR(run_of(model_in("function = \"ishigami\"\n"), {Half, Half, 1.0})[0], 8.1, 1e-12);
  // At 1/2 each factor is a / (1 + a): the first is 0.
  EXPECT_EQ(run_of(model_in("function = \"g\"\n"), {0.5, 0.5})[0], 0.0);
  EXPECT_NEAR(run_of(model_in("function = \"g\"\n"), {1.0, 1.0})[0], 2.0 * 1.5, 1e-12);
  EXPECT_NEAR(run_of(model_in("function = \"four-branches\"\n"), {0.0, 0.0})[0], 3.0, 1e-12);
  // The middle of the inputs' ranges, by another program.
  EXPECT_NEAR(run_of(model_in("function = \"borehole\"\n"),
                     {0.1, 25'050, 89'335, 1'050, 89.55, 760, 1'400, 10'950})[0],
              70.8729126, 1e-6);
  const auto seen = run_of(model_in("function = \"membrane\"\n"), std::vector<double>(64, 0.0));
  ASSERT_EQ(seen.size(), twins::toys::Membrane::Points);
  EXPECT_NEAR(seen[0], 0.0769377755616516, 1e-10);  // Aristoff and Bangerth's first vector
}

TEST(UqModel, RunsAFabWithItsParameters) {
  const Model model = model_in(
      "fab = \"data/minifab\"\ndays = 30\nwarmup_days = 5\n"
      "outputs = [\"cycle_days\", \"wip\", \"cycle_days of Lot_Pa\"]\n");
  const std::vector<std::string> inputs = {"transport", "luck"};
  const auto a = run_of(model, {1.0, 0.25}, inputs), same = run_of(model, {1.0, 0.25}, inputs),
             other = run_of(model, {1.0, 0.75}, inputs);
  ASSERT_EQ(a.size(), 3U);
  EXPECT_EQ(a, same);
  EXPECT_NE(a, other);
  EXPECT_GT(a[0], 0.0);
  const auto bad = model.make(inputs)()->run(std::vector<double>{-1.0, 0.5}, 0.0);
  EXPECT_EQ(bad.end, twin::uq::RunEnd::Died);
}

// Runs of a data set that was edited would be taken for those of the one that is there now.
TEST(UqModel, IsAnotherWhereItsDataOrItsOutputsAre) {
  const twin::record::ScratchFolder folder("uq_model");
  std::filesystem::copy("data/minifab", folder / "fab");
  const auto words = [&](const std::string& outputs) {
    return model_in("fab = \"" + folder.file("fab") + "\"\ndays = 5\noutputs = [" + outputs + "]\n")
        .words;
  };
  const std::string before = words("\"wip\"");
  EXPECT_EQ(words("\"wip\""), before);
  EXPECT_NE(words("\"wip\", \"on_time\""), before);
  std::string order = read_text(folder.file("fab") + "/order.txt");
  order.replace(order.find("197.65"), 6, "197.75");
  write_file(folder / "fab/order.txt", std::string_view(order));
  EXPECT_NE(words("\"wip\""), before);
}

}  // namespace
}  // namespace apps::fabtwin::uq
