// If these failed, a study would say something else than the method that it names, or something else on another
// number of threads, or after it was killed.
#include "apps/fabtwin/uq/carry_out.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "apps/fabtwin/files.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::uq {
namespace {

const std::atomic<bool> GoesOn = false;

CarriedOut carried_out(const std::string& text, unsigned threads = 2) {
  const Study study = read_study(text, "x.toml");
  return carry_out(study, threads, GoesOn);
}

const std::string Ishigami =
    "[model]\nfunction = \"ishigami\"\n"
    "[[input]]\nname = \"a\"\nlow = -3.141592653589793\nhigh = 3.141592653589793\n"
    "[[input]]\nname = \"b\"\nlow = -3.141592653589793\nhigh = 3.141592653589793\n"
    "[[input]]\nname = \"c\"\nlow = -3.141592653589793\nhigh = 3.141592653589793\n";

TEST(UqCarryOut, RanksAsIsKnown) {
  const auto found = carried_out(Ishigami + "[rank]\npoints = 512\n").answer.json;
  const std::map<std::string, std::pair<double, double>> exact = {
      {"a", {0.3139051911, 0.5575888552}},
      {"b", {0.4424111448, 0.4424111448}},
      {"c", {0.0, 0.2436836641}}};
  EXPECT_EQ(found["inputs"][0]["name"], "a");  // by falling total
  for (const auto& input : found["inputs"]) {
    const auto [first, total] = exact.at(input["name"]);
    // Five standard errors; half-widths are 2.13 of them (t, 15 degrees of freedom).
    EXPECT_NEAR(input["first"], first, 2.4 * input["first_half_width"].get<double>());
    EXPECT_NEAR(input["total"], total, 2.4 * input["total_half_width"].get<double>());
  }
  EXPECT_EQ(found["evaluations"], 512 * 16 * 5);
}

TEST(UqCarryOut, RanksByGroupsAndKinds) {
  std::string text = Ishigami;
  text.replace(text.find("name = \"b\""), 10, "name = \"b\"\nkind = \"aleatory\"");
  const auto found = carried_out(text + "[rank]\nby = \"kind\"\npoints = 512\n").answer.json;
  ASSERT_EQ(found["inputs"].size(), 2U);
  EXPECT_EQ(found["inputs"][0]["name"], "knowledge (epistemic)");
  EXPECT_NEAR(found["inputs"][0]["total"], 1.0 - 0.4424111448, 0.01);
  EXPECT_NEAR(found["inputs"][1]["first"], 0.4424111448, 0.01);
  text.replace(text.find("name = \"c\""), 10, "name = \"c\"\nkind = \"numerical\"");
  const auto three = carried_out(text + "[rank]\nby = \"kind\"\npoints = 512\n").answer.json;
  ASSERT_EQ(three["inputs"].size(), 3U);
  EXPECT_EQ(three["inputs"][2]["name"], "how it is worked out (numerical)");
  EXPECT_NEAR(three["inputs"][2]["total"], 0.2436836641, 0.01);
}

TEST(UqCarryOut, FindsByAllWaysWhatMatters) {
  const auto morris = carried_out(Ishigami + "[rank]\nmethod = \"morris\"\n").answer.json;
  EXPECT_EQ(morris["evaluations"], 50 * 4);
  const auto hsic = carried_out(Ishigami + "[rank]\nmethod = \"hsic\"\npoints = 256\n").answer.json;
  for (const auto& input : hsic["inputs"]) {
    if (input["name"] == "a") {
      EXPECT_LE(input["p"], 0.01);
    }
  }
}

TEST(UqCarryOut, PropagatesAsIsKnown) {
  const auto y = carried_out(Ishigami + "[propagate]\npoints = 8192\n").answer.json["outputs"]["y"];
  EXPECT_NEAR(y["mean"], 3.5, 2.4 * y["mean_half_width"].get<double>());
  EXPECT_NEAR(std::pow(y["deviation"].get<double>(), 2), 13.844587940719, 0.15);
  EXPECT_GT(y["conditional_value_at_risk"], y["value_at_risk"]);
}

const std::string FourBranches =
    "[model]\nfunction = \"four-branches\"\n"
    "[[input]]\nname = \"a\"\nlaw = \"normal\"\nmean = 0\ndeviation = 1\n"
    "[[input]]\nname = \"b\"\nlaw = \"normal\"\nmean = 0\ndeviation = 1\n";

TEST(UqCarryOut, FindsARareEventEachWay) {
  constexpr double Exact = 4.45733149e-3;
  for (const char* method : {"subset", "cross-entropy", "chance"}) {
    const auto found =
        carried_out(FourBranches + "[rare]\nbelow = 0\nmethod = \"" + method + "\"\n").answer.json;
    EXPECT_NEAR(found["probability"], Exact, 5 * found["standard_error"].get<double>()) << method;
    EXPECT_LT(found["standard_error"].get<double>(), 0.3 * Exact) << method;
  }
  // The event above a limit is that below it turned round.
  const auto above = carried_out(FourBranches + "[rare]\nabove = 3\nmethod = \"chance\"\n");
  const auto below = carried_out(FourBranches + "[rare]\nbelow = 3\nmethod = \"chance\"\n");
  EXPECT_NEAR(above.answer.json["probability"].get<double>() +
                  below.answer.json["probability"].get<double>(),
              1.0, 1e-12);
}

TEST(UqCarryOut, EmulatesAndSaysHowWell) {
  const auto found =
      carried_out(Ishigami + "[emulate]\npoints = 160\ntests = 100\nchance = false\n").answer.json;
  EXPECT_GT(found["test"]["q2"], 0.9);
  EXPECT_NEAR(found["leave_one_out"]["q2"].get<double>(), found["test"]["q2"].get<double>(), 0.1);
}

TEST(UqCarryOut, PutsAPolynomialInTheModelsPlace) {
  const auto found =
      carried_out(Ishigami + "[emulate]\nmethod = \"chaos\"\npoints = 400\ntests = 100\n")
          .answer.json;
  EXPECT_GT(found["test"]["q2"], 0.999);
  EXPECT_NEAR(found["inputs"][0]["total"], 0.5575888552, 0.01);  // of a
  EXPECT_NEAR(found["inputs"][1]["first"], 0.4424111448, 0.01);  // of b
}

// y = x of two inputs measured with error 0.5, prior N(0, 1): precision 1 + 4, mean 0.8 of what was seen.
const std::string Linear =
    "[model]\nprogram = [\"/bin/cat\"]\noutputs = [\"u\", \"v\"]\n"
    "[[input]]\nname = \"a\"\nlaw = \"normal\"\nmean = 0\ndeviation = 1\n"
    "[[input]]\nname = \"b\"\nlaw = \"normal\"\nmean = 0\ndeviation = 1\n";

std::string in_folder(const twin::record::ScratchFolder& folder, const std::string& name) {
  return "[study]\nfolder = \"" + folder.file(name) + "\"\n";
}

TEST(UqCarryOut, InvertsAsIsKnownInClosedForm) {
  const twin::record::ScratchFolder folder("uq_invert");
  const std::string data = "[invert]\ndata = [1.0, -2.0]\nerror = 0.5\n";
  for (const std::string method : {"temper", "dram", "metropolis"}) {
    const std::string options = method == "temper"
                                    ? "particles = 2000\nmoves = 5\n"
                                    : "chains = 4\nwarmup = 300\ndraws = 500\nthin = 4\n";
    const auto found = carried_out(in_folder(folder, method) + Linear + data + "method = \"" +
                                   method + "\"\n" + options)
                           .answer.json;
    const double tolerance = 0.06;  // about five errors of 2,000 draws, of which a third counts
    EXPECT_NEAR(found["inputs"][0]["mean"], 0.8, tolerance) << method;
    EXPECT_NEAR(found["inputs"][1]["mean"], -1.6, tolerance) << method;
    for (const auto& input : found["inputs"]) {
      EXPECT_NEAR(input["deviation"], std::sqrt(0.2), 0.05) << method;
      EXPECT_NEAR(input["contraction"], 0.8, 0.06) << method;
    }
    if (method == "temper") {
      // ln of N(1; 0, 1.25) N(-2; 0, 1.25)
      const double exact = -std::log(2 * M_PI * 1.25) - 0.5 * (1.0 + 4.0) / 1.25;
      EXPECT_NEAR(found["log_evidence"], exact, 0.15);
    }
  }
}

std::string line_of(const char* what) {
  return std::string("program = [\"awk\", \"-W\", \"interactive\", \"{ print ") + what +
         "; fflush() }\"]\n";
}

// x^2 / 4 + x with x = 1.5 measured; the near one is off by a fifth of the error, and says nothing beyond 3; the
// far one by more than the error.
TEST(UqCarryOut, AsksACheaperModelFirst) {
  const twin::record::ScratchFolder folder("uq_delayed");
  const std::string text =
      "[model]\n" + line_of("$1 * $1 / 4 + $1") +
      "[[input]]\nname = \"x\"\nlaw = \"normal\"\nmean = 0\ndeviation = 2\n"
      "[invert]\ndata = [2.0625]\nerror = 0.2\nchains = 4\nwarmup = 300\ndraws = 1000\nthin = 3\n";
  const auto with = [&](const std::string& name, const std::string& program,
                        const std::string& more = "") {
    return carried_out(in_folder(folder, name) + text + "method = \"delayed-acceptance\"\n" + more +
                       "[[cheaper]]\ncost = 0.1\n" + program);
  };
  const auto right =
      carried_out(in_folder(folder, "right") + text + "method = \"metropolis\"\n").answer.json;
  const auto near = with("near", line_of("($1 > 3 ? \\\"nan\\\" : $1 * $1 / 4 + $1 + 0.04)"));
  const auto far = with("far", line_of("$1 + 0.5"), "widen = 3.0\n");
  for (const auto* done : {&near, &far}) {
    const auto& found = done->answer.json;
    // The same posterior: each within five of its own errors.
    const double error = 5 * std::hypot(found["inputs"][0]["mean_error"].get<double>(),
                                        right["inputs"][0]["mean_error"].get<double>());
    EXPECT_NEAR(found["inputs"][0]["mean"], right["inputs"][0]["mean"], error);
    EXPECT_NEAR(found["inputs"][0]["deviation"], right["inputs"][0]["deviation"], error);
    EXPECT_LT(found["asked_of_the_model"], done == &near ? 0.6 : 1.0);
    EXPECT_LT(found["evaluations"], right["evaluations"]);
  }
  // What the cheaper one lets through is right almost always.
  EXPECT_GT(near.answer.json["accepted"],
            0.8 * near.answer.json["asked_of_the_model"].get<double>());
}

TEST(UqCarryOut, InvertsWithSlopesAsWithout) {
  const std::string text =
      "[model]\nfunction = \"ishigami\"\n"
      "[[input]]\nname = \"a\"\nlaw = \"normal\"\nmean = 1.2\ndeviation = 0.2\n"
      "[[input]]\nname = \"b\"\nlaw = \"normal\"\nmean = 0.5\ndeviation = 0.2\n"
      "[[input]]\nname = \"c\"\nlaw = \"normal\"\nmean = 0.2\ndeviation = 0.2\n"
      "[invert]\ndata = [3.0]\nerror = 0.1\nmethod = ";
  const auto right = carried_out(text + "\"temper\"\nparticles = 4000\nmoves = 10\n").answer.json;
  const auto paths = carried_out(text + "\"nuts\"\nchains = 4\ndraws = 1000\n").answer.json;
  const auto bell = carried_out(text + "\"laplace\"\n").answer.json;
  EXPECT_EQ(paths["method"], "nuts");
  for (std::size_t i = 0; i < 3; ++i) {
    const double mean = right["inputs"][i]["mean"], deviation = right["inputs"][i]["deviation"];
    // Five errors of 4,000 draws, of which a third counts, and of NUTS' own.
    const double error = 5 * std::hypot(deviation / std::sqrt(1'300.0),
                                        paths["inputs"][i]["mean_error"].get<double>());
    EXPECT_NEAR(paths["inputs"][i]["mean"], mean, error) << i;
    EXPECT_LT(paths["inputs"][i]["r_hat"], 1.02);
    // The normal law is near: the function is almost straight over so little.
    EXPECT_NEAR(bell["inputs"][i]["mean"], mean, 0.25 * deviation + error) << i;
    EXPECT_NEAR(bell["inputs"][i]["deviation"], deviation, 0.25 * deviation) << i;
  }
  EXPECT_NEAR(bell["log_evidence"], right["log_evidence"], 0.3);
  // One datum speaks of one direction, mostly of b; how the function bends may show as more.
  ASSERT_GE(bell["directions"].size(), 1U);
  EXPECT_GT(std::abs(bell["directions"][0]["direction"][1].get<double>()), 0.9);
}

TEST(UqCarryOut, AnEnsembleInvertsLinearModelsAsIsKnown) {
  const twin::record::ScratchFolder folder("uq_ensemble");
  const std::string data = "[invert]\ndata = [1.0, -2.0]\nerror = 0.5\n";
  for (const std::string method : {"eki", "eks"}) {
    const auto found = carried_out(in_folder(folder, method) + Linear + data + "method = \"" +
                                   method + "\"\nmembers = 400\n")
                           .answer.json;
    // Five standard errors of the means of 400 independent members, sqrt(0.2 / 400) each.
    EXPECT_NEAR(found["inputs"][0]["mean"], 0.8, 0.112) << method;
    EXPECT_NEAR(found["inputs"][1]["mean"], -1.6, 0.112) << method;
    for (const auto& input : found["inputs"])
      EXPECT_NEAR(input["deviation"], std::sqrt(0.2), 5 * std::sqrt(0.2 / 800)) << method;
  }
}

TEST(UqCarryOut, TellsWhatTheModelLeavesUnsaid) {
  const twin::record::ScratchFolder folder("uq_discrepancy");
  // The model says a at each of five places; what was measured bends, 1 up in the middle. A discrepancy of the
  // right size takes the bend; the parameter is known less well than without.
  const std::string text =
      "[model]\nprogram = [\"awk\", \"-W\", \"interactive\", \"{ print $1, $1, $1, $1, $1; "
      "fflush() }\"]\noutputs = [\"y0\", \"y1\", \"y2\", \"y3\", \"y4\"]\n"
      "[[input]]\nname = \"a\"\nlaw = \"normal\"\nmean = 0\ndeviation = 3\n"
      "[invert]\ndata = [2.0, 2.5, 3.0, 2.5, 2.0]\nerror = 0.05\nparticles = 1000\nmoves = 5\n";
  const auto without = carried_out(in_folder(folder, "one") + text).answer.json;
  const auto with = carried_out(in_folder(folder, "two") + text +
                                "[invert.discrepancy]\nplaces = [0, 1, 2, 3, 4]\namplitude = 1\n"
                                "length = 2\n")
                        .answer;
  const auto& found = with.json;
  ASSERT_EQ(without["inputs"].size(), 1U);
  ASSERT_EQ(found["inputs"].size(), 3U);
  EXPECT_NEAR(without["inputs"][0]["deviation"], 0.05 / std::sqrt(5.0), 0.006);
  EXPECT_GT(found["inputs"][0]["deviation"], 0.2);
  EXPECT_GT(found["log_evidence"], without["log_evidence"].get<double>() + 50);
  // a + delta is what was measured, to its error.
  const double bend = found["discrepancy"][2]["mean"].get<double>() -
                      0.5 * (found["discrepancy"][0]["mean"].get<double>() +
                             found["discrepancy"][4]["mean"].get<double>());
  EXPECT_NEAR(bend, 1.0, 0.1);
  EXPECT_NEAR(
      found["inputs"][0]["mean"].get<double>() + found["discrepancy"][2]["mean"].get<double>(), 3.0,
      0.05);
  ASSERT_FALSE(with.warnings.empty());
}

TEST(UqCarryOut, EmulatesWithTheHelpOfACheaperModel) {
  const twin::record::ScratchFolder folder("uq_cokriging");
  // The pair of A. Forrester, A. Sobester and A. Keane (Proc. R. Soc. A 463, 2007).
  const auto found =
      carried_out(in_folder(folder, "runs") + "[model]\n" + line_of("(6*$1-2)^2*sin(12*$1-4)") +
                  "[[cheaper]]\ncost = 0.1\n" +
                  line_of("0.5*(6*$1-2)^2*sin(12*$1-4)+10*($1-0.5)-5") +
                  "[[input]]\nname = \"x\"\n[emulate]\nmethod = \"co-kriging\"\npoints = 4\n"
                  "replications = 2\ncheap_points = [16]\ntests = 50\nchance = false\n"
                  "kernel = \"squared-exponential\"\n")
          .answer.json;
  EXPECT_GT(found["test"]["q2"], 0.99);
  EXPECT_LT(found["without_cheaper"]["q2"], 0.9);
  EXPECT_NEAR(found["levels"][1]["factor"], 2.0, 0.1);
  EXPECT_EQ(found["levels"][0]["runs"], 16);
}

// An emulator in the model's place says what the one that was judged says, from the same runs.
TEST(UqCarryOut, RunsAnEmulatorOfAnotherStudy) {
  const twin::record::ScratchFolder folder("uq_emulator");
  const std::string inputs =
      "[[input]]\nname = \"a\"\n[[input]]\nname = \"b\"\nlaw = \"normal\"\nmean = 1\ndeviation = "
      "2\n";
  const std::string model =
      "[model]\nprogram = [\"awk\", \"-W\", \"interactive\", \"{ print 2 * $1 + $2 + $1 * $2; "
      "fflush() "
      "}\"]\n";
  for (const std::string method : {"chaos", "process"}) {
    const std::string made = in_folder(folder, method) + model + inputs + "[emulate]\nmethod = \"" +
                             method + "\"\npoints = 96\ntests = 20\n" +
                             (method == "chaos" ? "" : "chance = false\n");
    const std::string file = folder.file(method + ".toml");
    write_file(file, std::string_view(made));
    const std::string uses = "[model]\nemulator = \"" + file + "\"\nrefuse = false\n" + inputs +
                             "[propagate]\npoints = 256\n";
    // Nothing is run behind the user's back.
    const std::string missing = twin::contract::refusal([&] { (void)carried_out(uses); });
    EXPECT_NE(missing.find(method + " (carry that study out first)"), std::string::npos) << missing;
    EXPECT_GT(carried_out(made).answer.json["test"]["q2"], 0.999);
    // At the same points as the program itself: a thousandth of the variance is missed at most.
    const auto y = carried_out(uses).answer.json["outputs"]["y"],
               right = carried_out(in_folder(folder, "right") + model + inputs +
                                   "[propagate]\npoints = 256\n")
                           .answer.json["outputs"]["y"];
    EXPECT_NEAR(y["mean"], right["mean"], 0.04 * right["deviation"].get<double>()) << method;
    EXPECT_NEAR(y["deviation"], right["deviation"], 0.04 * right["deviation"].get<double>())
        << method;
  }
  EXPECT_EQ(twin::contract::refusal([&] {
              (void)read_study("[model]\nemulator = \"" + folder.file("none.toml") +
                                   "\"\n[[input]]\nname = \"a\"\n[propagate]\n",
                               "x.toml");
            }).substr(0, 18),
            "x.toml:2: [model]:");
}

TEST(UqCarryOut, DesignsExperimentsAsAreKnownToBeBest) {
  // A line in three inputs and eight runs: the corners of the cube, each once (2^3 factorial).
  const twin::record::ScratchFolder folder("uq_exchange");
  const std::string inputs =
      in_folder(folder, "runs") +
      "[model]\nprogram = [\"/bin/cat\"]\noutputs = [\"y\"]\n[[input]]\nname = \"a\"\nlow = -1\n"
      "high = 1\n[[input]]\nname = \"b\"\nlow = -1\nhigh = 1\n[[input]]\nname = \"c\"\nlow = "
      "-1\nhigh = 1\n[design]\nmethod = \"exchange\"\n";
  const auto cube =
      carried_out(inputs + "terms = \"interactions\"\ncount = 8\nlevels = 2\n").answer.json;
  EXPECT_EQ(cube["runs"].size(), 8U);
  for (const auto& run : cube["runs"])
    for (const double v : run["x"]) EXPECT_NEAR(std::abs(v), 0.9, 1e-12);  // 5 and 95 %
  EXPECT_NEAR(cube["efficiency"], 1.0, 1e-5);
  EXPECT_EQ(cube["terms"], 7);
  for (const char* criterion : {"D", "A", "I"}) {
    const auto bent =
        carried_out(inputs + "criterion = \"" + criterion + "\"\ncount = 20\n").answer.json;
    EXPECT_GT(bent["efficiency"], 0.9) << criterion;
    EXPECT_LE(bent["efficiency"], 1.0 + 1e-6) << criterion;
  }
}

TEST(UqCarryOut, DesignsAsIsKnownForLinearLaws) {
  const twin::record::ScratchFolder folder("uq_design");
  // w = 3 a + b, by a program: a is worth measuring, and then b.
  const std::string text = in_folder(folder, "runs") +
                           "[model]\nprogram = [\"awk\", \"-W\", \"interactive\", \"{ print 3 * $1 "
                           "+ $2; fflush() }\"]\noutputs = [\"w\"]\n"
                           "[[input]]\nname = \"a\"\nlaw = \"normal\"\nmean = 0\ndeviation = 1\n"
                           "[[input]]\nname = \"b\"\nlaw = \"normal\"\nmean = 0\ndeviation = 1\n"
                           "[design]\npoints = 1024\n"
                           "[[design.candidate]]\nname = \"*\"\nerror = 0.1\n";
  const auto found = carried_out(text).answer.json;
  EXPECT_EQ(found["order"][0]["name"], "a");
  EXPECT_NEAR(found["order"][0]["share"], 0.9 / 1.01, 0.02);
  EXPECT_EQ(found["order"][1]["name"], "b");
  EXPECT_NEAR(found["order"][1]["deviation_left"], std::sqrt(9 * 0.01 / 1.01 + 0.01 / 1.01), 0.05);
}

TEST(UqCarryOut, SpendsRunsOfCheaperModelsWell) {
  const twin::record::ScratchFolder folder("uq_cheaper");
  // x^5, x^4 and x^2 of a uniform: means 1/6, 1/5, 1/3.
  const auto done = carried_out(
      in_folder(folder, "runs") + "[model]\n" + line_of("$1 * $1 * $1 * $1 * $1") +
      "[[cheaper]]\ncost = 0.1\n" + line_of("$1 * $1 * $1 * $1") + "[[cheaper]]\ncost = 0.001\n" +
      line_of("$1 * $1") +
      "[[input]]\nname = \"x\"\n[propagate]\nmethod = \"control-variates\"\nbudget = 60\n");
  const auto& found = done.answer.json;
  EXPECT_NEAR(found["mean"], 1.0 / 6, 2.5 * found["half_width"].get<double>());
  EXPECT_LE(found["cost"], 60.0);
  EXPECT_LT(found["variance_ratio"], 0.3);  // alone: 1
  EXPECT_GT(found["models"].size(), 1U);
}

// x, by a model that is exact and by one that is 0.3 too high and costs a hundredth.
TEST(UqCarryOut, ChoosesTheFidelityThatTheAccuracyNeeds) {
  const twin::record::ScratchFolder folder("uq_fidelity");
  const auto study = [&](const std::string& declared, const std::string& asked) {
    return carried_out(in_folder(folder, "runs") + "[model]\n" + line_of("$1") +
                       "[[cheaper]]\ncost = 0.01\n" + declared + line_of("$1 + 0.3") +
                       "[[input]]\nname = \"x\"\nlaw = \"normal\"\nmean = 5\ndeviation = 2\n"
                       "[propagate]\nmethod = \"choose-fidelity\"\nbudget = 2000\n" +
                       asked);
  };
  // 0.5: the cheaper one by 2^2 / (0.5^2 - 0.3^2) = 25 runs of it, a quarter of a run of the model.
  const std::string declared = "bias = 0.3\ndeviation = 2.0\n";
  const auto rough = study(declared, "accuracy = 0.5\ndeviation = 2.0\n").answer.json;
  EXPECT_EQ(rough["chosen"], 1);
  EXPECT_EQ(rough["runs"], 25);
  EXPECT_NEAR(rough["mean"], 5.3, 4 * 2.0 / 5);
  EXPECT_FALSE(rough.contains("pilot"));
  // 0.2: its bias is too large; 2^2 / 0.2^2 = 100 runs of the model.
  const auto fine = study(declared, "accuracy = 0.2\ndeviation = 2.0\n").answer.json;
  EXPECT_EQ(fine["chosen"], 0);
  EXPECT_EQ(fine["runs"], 100);
  EXPECT_NEAR(fine["mean"], 5.0, 4 * 0.2);
  // What is not declared is learnt: the difference is 0.3 at every point.
  const auto learnt = study("", "accuracy = 0.5\npilot = 40\n").answer.json;
  EXPECT_EQ(learnt["chosen"], 1);
  EXPECT_NEAR(learnt["bias"], 0.3, 1e-6);
  EXPECT_NEAR(learnt["fidelities"][0]["deviation"], 2.0, 4 * 2.0 / std::sqrt(80.0));
  EXPECT_NEAR(learnt["pilot"]["cost"], 40.4, 1e-9);
  // What cannot be had is said, and the best is given.
  const auto poor = study(declared, "accuracy = 0.01\ndeviation = 2.0\n");
  EXPECT_EQ(poor.answer.json["runs"], 2000);
  EXPECT_EQ(poor.answer.json["reached"], false);
  ASSERT_EQ(poor.answer.warnings.size(), 1U);
  EXPECT_EQ(poor.answer.warnings[0],
            "an accuracy of 0.01 cannot be had for this work: this is the best that can");
}

// All that does not depend on the machine.
nlohmann::ordered_json found_in(const std::string& text, unsigned threads) {
  const Study study = read_study(text, "x.toml");
  auto json = json_of(study, carry_out(study, threads, GoesOn), threads);
  json.erase("timing");
  return json;
}

TEST(UqCarryOut, IsTheSameOnAnyNumberOfThreadsAndFromMemory) {
  const twin::record::ScratchFolder folder("uq_threads");
  const std::string fab =
      "[model]\nfab = \"data/minifab\"\ndays = 20\noutputs = [\"cycle_days\", \"wip\"]\n"
      "[[input]]\nname = \"mttr.*\"\nlow = 0.5\nhigh = 2\ngroup = \"repair\"\n"
      "[[input]]\nname = \"luck\"\n";
  for (const std::string asked :
       {"[rank]\npoints = 16\nreplications = 3\n", "[propagate]\npoints = 48\n",
        "[emulate]\npoints = 48\ntests = 20\n", "[rare]\nabove = 1\nsamples = 100\nruns = 2\n",
        "[rare]\nmethod = \"cross-entropy\"\nabove = 1\nsamples = 100\npoints = 100\n",
        "[invert]\noutputs = [\"wip\"]\ndata = [10]\nerror = 1\nparticles = 50\nmoves = 2\n",
        "[invert]\nmethod = \"eki\"\noutputs = [\"wip\"]\ndata = [10]\nerror = 1\nmembers = 20\n",
        "[design]\npoints = 48\n[[design.candidate]]\nname = \"mttr*\"\nerror = 0.1\n"}) {
    const auto one = found_in(in_folder(folder, "one") + fab + asked, 1);
    const auto three = found_in(in_folder(folder, "three") + fab + asked, 3);
    EXPECT_EQ(one, three) << asked;
    const auto again = found_in(in_folder(folder, "three") + fab + asked, 2);
    EXPECT_EQ(one, again) << asked;
  }
}

TEST(UqCarryOut, LeavesOutWhatFailsAndSaysSo) {
  const twin::record::ScratchFolder folder("uq_failed");
  // Every run whose first number is above 0.95 gives no number, above 0.9 dies.
  const std::string text =
      in_folder(folder, "runs") +
      "[model]\nprogram = [\"awk\", \"-W\", \"interactive\", \"{ if ($1 > 0.95) print \\\"nan\\\"; "
      "else if ($1 > 0.9) exit "
      "3; "
      "else print $1; fflush() }\"]\n[[input]]\nname = \"a\"\n[propagate]\npoints = 160\n";
  const auto done = carried_out(text);
  const auto no_number = done.status.failed.at(twin::uq::RunEnd::NoNumber),
             died = done.status.failed.at(twin::uq::RunEnd::Died);
  EXPECT_NEAR(static_cast<double>(no_number), 8.0, 4.0);  // sixteen parts of ten points, each even
  EXPECT_NEAR(static_cast<double>(died), 8.0, 4.0);
  EXPECT_EQ(done.status.done + no_number + died, 160U);
  EXPECT_NEAR(done.answer.json["outputs"]["y"]["mean"], 0.45, 0.02);
  ASSERT_EQ(done.answer.warnings.size(), 1U);
  EXPECT_TRUE(done.answer.warnings[0].starts_with(
      fmt::format("{} of 160 runs failed ({} no number, {} died); the first: ", no_number + died,
                  no_number, died)))
      << done.answer.warnings[0];
}

}  // namespace
}  // namespace apps::fabtwin::uq
