// If these failed, a study would ask something else than its file says, or a mistake in it would be found after
// hours.
#include "apps/fabtwin/uq/study.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/files.hpp"
#include "twin/contract/refusal.hpp"

namespace apps::fabtwin::uq {
namespace {

const std::string ThreeInputs =
    "[model]\nfunction = \"ishigami\"\n"
    "[[input]]\nname = \"a\"\n[[input]]\nname = \"b\"\n[[input]]\nname = \"c\"\n";

std::string refused_study(const std::string& text) {
  return twin::contract::refusal([&] { static_cast<void>(read_study(text, "x.toml")); });
}

TEST(UqStudy, ReadsWhatIsAsked) {
  const Study s = read_study(ThreeInputs + "[rank]\n[study]\nseed = 7\nthreads = 3\n", "f/x.toml");
  EXPECT_EQ(s.kind, "rank");
  EXPECT_EQ(s.title, "x");
  EXPECT_EQ(s.seed, 7U);
  EXPECT_EQ(s.threads, 3U);
  EXPECT_EQ(s.folder, "f/x.runs");
  EXPECT_EQ(s.inputs.names(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(s.model.outputs, std::vector<std::string>{"y"});
}

TEST(UqStudy, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(refused_study(ThreeInputs),
            "x.toml:1: nothing is asked (one of [propagate], [rank], [emulate], [rare], [invert], "
            "[design] is needed)");
  EXPECT_EQ(refused_study(ThreeInputs + "[rank]\n[rare]\n"),
            "x.toml:10: [rare] beside [rank] (a study asks one thing)");
  EXPECT_EQ(
      refused_study("[model]\nfunction = \"ishigam\"\n[rank]\n"),
      "x.toml:2: function = \"ishigam\" (one of ishigami, g, borehole, four-branches, membrane) "
      "did you mean ishigami?");
  EXPECT_EQ(
      refused_study("[model]\n[rank]\n"),
      "x.toml:1: [model]: no model (one of function, program, um_bridge, fab, fluid, emulator is "
      "needed)");
  EXPECT_EQ(refused_study("[model]\nfunction = \"g\"\nfab = \"y\"\n[rank]\n"),
            "x.toml:3: [model]: function and fab (one model is needed)");
  EXPECT_EQ(refused_study("[model]\nfunction = \"ishigami\"\n[[input]]\nname = \"a\"\n[rank]\n"),
            "x.toml:1: [model]: 1 inputs ('ishigami' has 3)");
  EXPECT_EQ(refused_study(ThreeInputs + "[rank]\nmethod = \"sobel\"\n"),
            "x.toml:10: method = \"sobel\" (one of sobol, morris, hsic) did you mean sobol?");
  EXPECT_EQ(refused_study(ThreeInputs + "[rank]\npints = 5\n"),
            "x.toml:10: unknown key 'pints' ([rank] has no such key) did you mean points?");
  EXPECT_EQ(refused_study(ThreeInputs + "[rare]\nabove = 1\nbelow = 2\n"),
            "x.toml:11: [rare]: one of above and below is needed (the limit)");
  const std::string learnt = ThreeInputs + "[rare]\nabove = 1\nmethod = \"cross-entropy\"\n";
  EXPECT_EQ(refused_study(learnt + "parts = 50\nsamples = 100\n"),
            "x.toml:12: [rare]: parts = 50 (ten samples and ten points a part at least)");
  EXPECT_EQ(refused_study(ThreeInputs + "[invert]\ndata = [1, 2]\nerror = 1\n"),
            "x.toml:10: [invert]: 2 data of 1 outputs");
  const std::string one = "[invert]\ndata = [1]\nerror = 1\n";
  EXPECT_EQ(refused_study(ThreeInputs + one + "[invert.discrepancy]\namplitude = 1\nlength = 1\n"),
            "x.toml:12: [invert.discrepancy]: 0 numbers in places (1 data of 1 coordinates each)");
  EXPECT_EQ(refused_study(ThreeInputs + one +
                          "method = \"eki\"\n[invert.discrepancy]\nplaces = [0]\namplitude = "
                          "1\nlength = 1\n"),
            "x.toml:13: [invert]: eki knows no discrepancy (temper, dram and metropolis do)");
  EXPECT_EQ(refused_study("[model]\nfunction = \"g\"\n[[input]]\nname = \"a\"\n" + one +
                          "method = \"nuts\"\n"),
            "x.toml:8: [invert]: nuts needs slopes, and the model has none (temper, dram?)");
  EXPECT_EQ(refused_study(ThreeInputs + one + "method = \"eks\"\nmembers = 4\n"),
            "x.toml:13: [invert]: members = 4 (two more than inputs at least: 5)");
  EXPECT_EQ(
      refused_study(ThreeInputs + one + "method = \"delayed-acceptance\"\n"),
      "x.toml:12: [invert]: no [[cheaper]] model has an output 'y' (delayed-acceptance asks one "
      "first)");
  EXPECT_EQ(refused_study(ThreeInputs + "[propagate]\nmethod = \"choose-fidelity\"\n"),
            "x.toml:10: [propagate]: choose-fidelity without a [[cheaper]] model");
  EXPECT_EQ(refused_study(ThreeInputs + "[emulate]\nmethod = \"co-kriging\"\n"),
            "x.toml:10: [emulate]: co-kriging without a [[cheaper]] model");
  const std::string exchange = ThreeInputs + "[design]\nmethod = \"exchange\"\n";
  EXPECT_EQ(refused_study(exchange + "levels = 2\n"),
            "x.toml:11: [design]: levels = 2 (a quadratic law needs three)");
  EXPECT_EQ(refused_study(exchange + "count = 9\n"),
            "x.toml:11: [design]: count = 9 (10 coefficients need as many runs)");
  EXPECT_EQ(refused_study(exchange + "repeats = false\ncount = 28\n"),
            "x.toml:12: [design]: count = 28 (27 candidates without repeats)");
}

TEST(UqStudy, RefusesALawWithoutSupport) {
  const auto with = [](const std::string& law) {
    return refused_study("[model]\nfunction = \"g\"\n[[input]]\nname = \"a\"\n" + law + "[rank]\n");
  };
  EXPECT_EQ(with("low = 1\nhigh = 1\n"),
            "x.toml:3: a uniform prior from 1 to 1 (must be finite and rise) are they exchanged?");
  EXPECT_EQ(with("law = \"beta\"\na = 0\nb = 1\n"),
            "x.toml:6: a = 0 (must be above 0, at most 1e+300)");
  EXPECT_EQ(
      with("law = \"truncated-normal\"\nmean = 0\ndeviation = 1\nlow = 50\nhigh = 60\n"),
      "x.toml:5: a normal prior of mean 0 and deviation 1 cut to 50 to 60 (less than 1e-300 of "
      "it is there) is another law meant?");
  EXPECT_EQ(with("law = \"normall\"\n"),
            "x.toml:5: law = \"normall\" (one of beta, cauchy, exponential, gamma, half-cauchy, "
            "half-normal, laplace, lognormal, "
            "normal, student-t, truncated-normal, uniform, weibull) did you mean normal?");
}

TEST(UqStudy, KnowsAFabsInputs) {
  const auto with = [](const std::string& input, const std::string& model = "") {
    return "[model]\nfab = \"data/minifab\"\ndays = 10\n" + model + "[[input]]\n" + input +
           "[rank]\n";
  };
  const Study s = read_study(with("name = \"mttr.*\"\nlow = 0.5\nhigh = 2\n"), "x.toml");
  EXPECT_GT(s.inputs.size(), 1U);
  for (const auto& i : s.inputs.all) EXPECT_TRUE(i.name.starts_with("mttr."));
  EXPECT_EQ(refused_study(with("name = \"mtr.*\"\n")), "x.toml:5: the model has no input 'mtr.*'");
  EXPECT_EQ(
      refused_study(with("name = \"luck\"\n", "outputs = [\"cicle\"]\n")),
      "x.toml:4: [model]: outputs has 'cicle' (known: cycle_days, cycle_p95_days, flow_factor, "
      "moves_per_day, on_time, outs_per_day, tardy_days, violated, wip)");
  EXPECT_TRUE(read_study(with("name = \"luck\"\n"), "x.toml").inputs.all[0].rough);
  EXPECT_FALSE(s.inputs.all[0].rough);
  EXPECT_TRUE(
      read_study("[model]\nfunction = \"g\"\n[[input]]\nname = \"seed\"\nrough = true\n[rank]\n",
                 "x.toml")
          .inputs.all[0]
          .rough);
}

}  // namespace
}  // namespace apps::fabtwin::uq
