// If these failed, a study would be of another model than its file names.
#include "apps/fabtwin/uq/model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "apps/fabtwin/files.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/import/read.hpp"
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

TEST(UqModel, KnowsSlopesOfFunctions) {
  const auto slopes_of = [](const Model& model, std::vector<double> x, std::vector<double> weight) {
    const std::vector<std::string> names(x.size(), "x");
    x.insert(x.end(), weight.begin(), weight.end());
    return model.make_slopes(names)()->run(x, 0.0).y;
  };
  // d (sin a + 7 sin^2 b + 0.1 c^4 sin a)
  const auto s = slopes_of(model_in("function = \"ishigami\"\n"), {0.3, 0.4, 2.0}, {2.0});
  ASSERT_EQ(s.size(), 3U);
  EXPECT_NEAR(s[0], 2 * std::cos(0.3) * (1 + 1.6), 1e-13);
  EXPECT_NEAR(s[1], 2 * 14 * std::sin(0.4) * std::cos(0.4), 1e-13);
  EXPECT_NEAR(s[2], 2 * 3.2 * std::sin(0.3), 1e-13);
  EXPECT_FALSE(model_in("function = \"four-branches\"\n").make_slopes);
  // Of two of the membrane's points, by differences.
  const Model membrane = model_in("function = \"membrane\"\n");
  std::vector<double> x(64), weight(twins::toys::Membrane::Points, 0.0);
  for (std::size_t k = 0; k < 64; ++k) x[k] = 0.01 * static_cast<double>(k);
  weight[17] = 3.0;
  weight[90] = -1.0;
  const auto slope = slopes_of(membrane, x, weight);
  ASSERT_EQ(slope.size(), 64U);
  for (const std::size_t k : {0U, 13U, 40U}) {
    const auto sum = [&](double moved) {
      std::vector<double> at = x;
      at[k] += moved;
      const auto z = run_of(membrane, at);
      return 3.0 * z[17] - z[90];
    };
    EXPECT_NEAR(slope[k], (sum(1e-5) - sum(-1e-5)) / 2e-5, 1e-8);
  }
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

// When a lot that is in the fab at one time leaves it, seen by looking at the fab every minute.
double seen_to_leave(std::string_view of, double warm_days, std::uint32_t luck) {
  using namespace twins::fab;
  const auto layout = compile(import::read("data/minifab"), with_rule({}, "published"));
  const auto fab = make_fab(layout, "published");
  const twin::core::Draw draw{1, luck};
  const auto theta = layout->nominal_theta();
  State x = fab->initial(theta, draw);
  fab->advance(x, theta, static_cast<Tick>(warm_days * DayMs), draw);
  std::uint32_t youngest = None;
  for (std::uint32_t k = 0; k < x.lots.size(); ++k) {
    const Lot& lot = x.lots[k];
    if (lot.place != LotPlace::Free && lot.place != LotPlace::Finished &&
        layout->classes[lot.lot_class].name == of &&
        (youngest == None || lot.release > x.lots[youngest].release))
      youngest = k;
  }
  const Lot before = x.lots[youngest];
  Tick at = x.now;
  while (x.lots[youngest].place != LotPlace::Finished && x.lots[youngest].id == before.id)
    fab->advance(x, theta, at += 60'000, draw);
  return static_cast<double>(at - before.due) / DayMs;
}

TEST(UqModel, FollowsOneLotOfAFab) {
  const Model model = model_in(
      "fab = \"data/minifab\"\ndays = 40\nwarmup_days = 20\noutputs = [\"late_days of Lot_Pa\", "
      "\"late_days of Lot_Pb\"]\n");
  for (const double luck : {0.25, 0.5, 0.75}) {
    const auto y = run_of(model, {luck}, {"luck"});
    ASSERT_EQ(y.size(), 2U);
    const auto member = static_cast<std::uint32_t>(luck * 0x1p32);
    constexpr double Minute = 1.0 / 1'440;
    EXPECT_NEAR(y[0], seen_to_leave("Lot_Pa", 20.0, member), Minute);
    EXPECT_NEAR(y[1], seen_to_leave("Lot_Pb", 20.0, member), Minute);
  }
  // One that is still there when the run ends is waited for; none is there at time 0.
  const Model at_once = model_in(
      "fab = \"data/minifab\"\ndays = 20.001\nwarmup_days = 20\noutputs = [\"late_days of "
      "Lot_Pa\", "
      "\"late_days of Lot_Pb\"]\n");
  EXPECT_EQ(run_of(at_once, {0.5}, {"luck"}), run_of(model, {0.5}, {"luck"}));
  const auto none =
      model_in("fab = \"data/minifab\"\ndays = 1\noutputs = [\"late_days of Lot_Pb\"]\n")
          .make({"luck"})()
          ->run(std::vector<double>{0.5}, 0.0);
  EXPECT_EQ(none.end, twin::uq::RunEnd::NoNumber);
  EXPECT_EQ(none.problem, "no lot of Lot_Pb is in the fab at the end of the warm-up");
}

TEST(UqModel, RunsAFabAsAFluid) {
  const Model model = model_in(
      "fluid = \"data/minifab\"\ndays = 60\nwarmup_days = 20\noutputs = [\"wip\", "
      "\"cycle_days\"]\n");
  EXPECT_TRUE(model.cheap);
  const std::vector<std::string> inputs = {"transport", "luck.1", "process.Diffusion_Ma_Mb"};
  ASSERT_NE(std::ranges::find(model.known_inputs, inputs[2]), model.known_inputs.end());
  const auto y = run_of(model, {1.0, 0.25, 1.0}, inputs),
             other = run_of(model, {1.0, 0.75, 1.0}, inputs),
             slower = run_of(model, {1.0, 0.25, 1.1}, inputs);
  ASSERT_EQ(y.size(), 2U);
  EXPECT_EQ(y, other);
  EXPECT_GT(slower[0], y[0]);
  EXPECT_GT(slower[1], y[1]);
}

// A rare event is come to step by step only where chance can be changed a part at a time.
TEST(UqModel, HasLuckInParts) {
  const Model model = model_in(
      "fab = \"data/minifab\"\ndays = 30\nwarmup_days = 12\nluck_days = 10\n"
      "outputs = [\"late_days of Lot_Pa\", \"wip\"]\n");
  const std::vector<std::string> inputs = {"luck.1", "luck.2", "luck.3"};
  EXPECT_EQ(model.rough_inputs, inputs);
  const auto a = run_of(model, {0.1, 0.2, 0.3}, inputs),
             late = run_of(model, {0.1, 0.2, 0.9}, inputs),
             middle = run_of(model, {0.1, 0.9, 0.3}, inputs);
  EXPECT_EQ(a[0], late[0]);  // it has left by day 20
  EXPECT_NE(a[1], late[1]);
  EXPECT_NE(a[1], middle[1]);
  // The same in all parts is one for the whole run.
  const Model whole = model_in(
      "fab = \"data/minifab\"\ndays = 30\nwarmup_days = 12\n"
      "outputs = [\"late_days of Lot_Pa\", \"wip\"]\n");
  EXPECT_EQ(run_of(model, {0.1, 0.1, 0.1}, inputs), run_of(whole, {0.1}, {"luck"}));
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
