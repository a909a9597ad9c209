// The built program as a user meets it: through its arguments, its output, its exit status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/fabtwin/changing_log.hpp"
#include "apps/fabtwin/child.hpp"
#include "apps/fabtwin/files.hpp"
#include "twin/decide/machine_search.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string ProgramFab = "data/minifab";

class Program : public ::testing::Test {
 protected:
  [[nodiscard]] std::string at(const std::string& name) const { return folder / name; }

  [[nodiscard]] Ended run(const std::vector<std::string>& words) const {
    return programs.run(words);
  }

  // What the machine decides is left out.
  static json result_of(const Ended& ended) {
    json result = json::parse(ended.out);
    result.erase("timing");
    return result;
  }

  twin::record::ScratchFolder folder{"program"};
  Programs programs{folder.path()};
};

// A newcomer would get an error for asking.
TEST_F(Program, ExplainsItself) {
  const Ended all = run({"--help"});
  EXPECT_EQ(all.status, 0);
  EXPECT_EQ(all.err, "");
  for (const char* command : {"simulate", "compare", "advise", "what-if", "schedule", "sweep",
                              "check", "calibrate", "track", "assimilate", "uq", "validate",
                              "plant", "generate", "rules", "bench", "completion", "man"}) {
    EXPECT_THAT(all.out, HasSubstr(command));
    const Ended one = run({command, "--help"});
    EXPECT_EQ(one.status, 0);
    EXPECT_THAT(one.out, HasSubstr("Examples:"));
  }
  EXPECT_THAT(all.out, HasSubstr("Exit status:"));
  EXPECT_THAT(run({"--version"}).out, StartsWith("fabtwin "));
}

// A script could not tell its own mistake from a broken data set.
TEST_F(Program, EndsEveryMistakeInOneLineAndItsCode) {
  const auto mistake = [&](const std::vector<std::string>& words, int status,
                           const std::string& text) {
    const Ended e = run(words);
    EXPECT_EQ(e.status, status) << e.err;
    EXPECT_EQ(e.out, "");
    EXPECT_THAT(e.err, StartsWith("fabtwin: "));
    EXPECT_THAT(e.err, HasSubstr(text));
    EXPECT_EQ(std::ranges::count(e.err, '\n'), 1) << e.err;
  };
  mistake({}, 2, "subcommand");
  mistake({"simulate"}, 2, "DIR is required");
  mistake({"simulate", ProgramFab, "--sed", "1"}, 2, "did you mean --seed?");
  mistake({"simulat", ProgramFab}, 2, "did you mean simulate?");
  mistake({"simulate", ProgramFab, "--rule", "fifi"}, 2, "did you mean fifo?");
  mistake({"simulate", ProgramFab, "--days", "0"}, 2, "days");
  mistake({"simulate", ProgramFab, "--wake", "maybe"}, 2, "one of cascading, all, never");
  mistake({"simulate", ProgramFab, "--set", "transport=900"}, 2, "must be from");
  mistake({"simulate", at("none")}, 3, "no such file or folder");
  write_file(at("file"), std::string_view("hello\n"));
  mistake({"simulate", at("file")}, 3, "neither a data set's folder nor a MIMAC file");
  fs::create_directories(at("empty"));
  mistake({"check", at("empty")}, 3, "");
  mistake({"simulate", ProgramFab, "--days", "1", "--save", at("none/run")}, 1,
          "cannot be written");
  mistake({"simulate", ProgramFab, "--days", "1", "--csv", at("file")}, 1, "");
  mistake({"simulate", ProgramFab, "--resume", at("file")}, 3, "saved state cannot be read");
  mistake({"simulate", ProgramFab, "--resume", at("none")}, 3, "No such file");
  mistake({"simulate", ProgramFab, "--intervals", "60"}, 2, "has releases of its own");
  mistake({"compare", ProgramFab, "--rule", "fifo"}, 2, "needs two");
  mistake({"advise", ProgramFab, "--horizon", "0"}, 2, "--horizon 0 (must be above 0");
  mistake({"advise", ProgramFab, "--menu", "1"}, 2, "--menu 1 (must be 2 to 1000");
  mistake({"advise", ProgramFab, "--budget", "3"}, 2, "before anything is judged");
  mistake({"advise", ProgramFab, "--with-rule", "eddy"}, 2, "did you mean edd?");
  mistake({"what-if", ProgramFab}, 2, "nothing is otherwise (say --down");
  mistake({"what-if", ProgramFab, "--mix", "a=1", "--runs", "1"}, 2,
          "--runs 1 (must be 2 to 100000");
  const std::string example = "data/example-fab";
  mistake({"what-if", example, "--after", "1", "--mix", "prat_1=1"}, 2, "did you mean part_1?");
  mistake({"what-if", example, "--after", "1", "--down", "LithoScan_1#3:9:9"}, 2,
          "LithoScan_1#3 down from 9.00 h to 9.00 h (must end after it begins)");
  mistake({"schedule", example, "--after", "1", "--group", "LithoScan_3"}, 2,
          "did you mean LithoScan_");
  mistake({"schedule", example, "--hours", "0"}, 2, "--hours 0 (must be above 0");
  mistake({"schedule", example, "--lots", "0"}, 2, "--lots 0 (must be 1 to 200)");
  mistake({"schedule", example, "--pairs", "2"}, 2, "--pairs 2 (must be 10 to 10000)");
  mistake({"advise", example, "--plans", "21"}, 2, "--plans 21 (must be at most 20");
  mistake({"simulate", example, "--rule", "fifo:plan.LithoScan_9#1=3@1~2"}, 2,
          "no tool of this name");
  mistake({"assimilate", at("none")}, 3, "");
  write_file(at("x.toml"), std::string_view("cycles = 9\nseds = 2\n"));
  mistake({"assimilate", at("x.toml")}, 3, "x.toml:1: no [[method]] (one or more are needed)");
  mistake({"check", at("x.toml")}, 3,
          "x.toml:1: neither a site's settings ([site], docs/site.md) nor a class of tools "
          "([class], docs/tool-description.md)");
  mistake({"check", at("x.toml"), "--json"}, 2, "--json and --all are for data sets");
  write_file(at("site.toml"), std::string_view("[site]\nnane = \"a\"\n"));
  mistake({"check", at("site.toml")}, 3, "site.toml:1: [site] has no 'name' (it is needed)");
  write_file(at("tool.toml"), std::string_view("[class]\nname = \"a\"\nsofware = \"1\"\n"));
  mistake({"check", at("tool.toml")}, 3, "tool.toml:3: unknown key 'sofware'");
  mistake({"import-tool", at("x.toml")}, 3, "no XML");
  mistake({"index", at("empty")}, 3, "");
  mistake({"completion", "csh"}, 2, "one of bash, zsh, fish");
}

// A pipe or a log file would fill with a progress bar.
TEST_F(Program, IsQuietOnStandardErrorInAPipe) {
  const Ended e = run({"simulate", ProgramFab, "--days", "200"});
  EXPECT_EQ(e.status, 0);
  EXPECT_EQ(e.err, "");
  EXPECT_THAT(e.out, HasSubstr("Bottlenecks"));
  EXPECT_THAT(e.out, Not(HasSubstr("\r")));
}

// Half a table would be taken for the whole.
TEST_F(Program, SaysWhenItsOutputIsNotTaken) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  const std::string line = std::string(FABTWIN_PROGRAM) + " rules > /dev/full 2> " + at("err");
  const int status = std::system(line.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_THAT(read_text(at("err")), HasSubstr("standard output cannot be written"));
}

// A program that reads the JSON and a person who reads the table would see two results.
TEST_F(Program, SaysTheSameInJsonAndInTheTable) {
  const std::vector<std::string> words = {"simulate", ProgramFab, "--days", "60"};
  auto with_json = words;
  with_json.emplace_back("--json");
  const std::string table = run(words).out;
  const json result = result_of(run(with_json));
  for (const auto& one : result["mean"]["classes"]) {
    if (one["initial"].get<bool>()) continue;
    EXPECT_THAT(table, HasSubstr(one["name"].get<std::string>()));
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f", one["cycle_days"]["mean"].get<double>());
    EXPECT_THAT(table, HasSubstr(text.data()));
  }
}

// A result would depend on the machine.
TEST_F(Program, HasTheSameResultForAnyNumberOfThreads) {
  const std::vector<std::string> words = {"simulate", ProgramFab,       "--days", "30",
                                          "--json",   "--replications", "5",      "--threads"};
  std::vector<json> results;
  for (const char* threads : {"1", "2", "3"}) {
    auto all = words;
    all.emplace_back(threads);
    results.push_back(result_of(run(all)));
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

// A run that was put aside would become another run.
TEST_F(Program, GoesOnWithASavedRunBitForBit) {
  const auto words = [](const std::string& days, std::vector<std::string> more) {
    std::vector<std::string> all = {"simulate", ProgramFab, "--warmup", "5",
                                    "--json",   "--days",   days};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const json whole = result_of(run(words("50", {"--replications", "3"})));
  EXPECT_EQ(run(words("20", {"--replications", "2", "--save", at("run")})).status, 0);
  const json rest =
      result_of(run(words("50", {"--replications", "3", "--resume", at("run"), "--threads", "1"})));
  EXPECT_EQ(rest, whole);

  const Ended other = run(words("50", {"--seed", "2", "--resume", at("run")}));
  EXPECT_EQ(other.status, 3);
  EXPECT_THAT(other.err, HasSubstr("saved with seed 1, now 2"));
  std::string bytes = read_text(at("run"));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file(at("run"), std::string_view(bytes));
  EXPECT_EQ(run(words("50", {"--resume", at("run")})).status, 3);
}

// Ctrl-C would lose what was computed.
TEST_F(Program, StopsCleanlyWithWhatThereIs) {
  using std::chrono::steady_clock;
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::vector<std::string> words = {"simulate", "data/example-fab", "--days",
                                            "36500",    "--json",           "--save",
                                            at("run"),  "--threads",        "1"};
    Child child = programs.start(words);
    for (int k = 0; k < 2'000 && !child.catches(signal); ++k)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    const auto asked = steady_clock::now();
    const Ended e = programs.end(child, signal);
    EXPECT_LT(steady_clock::now() - asked, std::chrono::seconds(20));
    ASSERT_EQ(e.status, 130) << e.err;
    const json result = json::parse(e.out);
    EXPECT_EQ(result["stopped"], true);
    const double reached = result["replications"][0]["to_day"];
    EXPECT_GT(reached, 0.0);
    EXPECT_LT(reached, 36500.0);

    // What was saved goes on to what an uninterrupted run would have been.
    const std::string days = std::to_string(static_cast<int>(reached) + 3);
    const Ended short_of = run({"simulate", "data/example-fab", "--days", days, "--json"});
    const Ended gone_on =
        run({"simulate", "data/example-fab", "--days", days, "--json", "--resume", at("run")});
    EXPECT_EQ(result_of(gone_on), result_of(short_of));
  }
}

// A spreadsheet would be empty, or hold other figures than the JSON.
TEST_F(Program, WritesCsv) {
  const Ended e =
      run({"simulate", ProgramFab, "--days", "20", "--replications", "2", "--csv", at("csv")});
  ASSERT_EQ(e.status, 0) << e.err;
  EXPECT_EQ(std::ranges::count(read_text(at("csv/days.csv")), '\n'), 1 + 2 * 20);
  for (const char* name : {"classes.csv", "groups.csv", "windows.csv"})
    EXPECT_THAT(read_text(at("csv/" + std::string(name))), StartsWith("replication,"));
}

// A site would find out at night what is wrong with its files, and lose what it looks up by.
TEST_F(Program, ChecksSitesAndToolsAndMakesTheStoreAgain) {
  EXPECT_THAT(run({"check", "data/tools/fab-tool.toml"}).out,
              StartsWith("class of tools fab-tool"));
  const Ended tool = run({"import-tool", "data/tools/example-sedd.xml"});
  EXPECT_EQ(tool.status, 0) << tool.err;
  EXPECT_THAT(tool.err, HasSubstr("not taken over: command START (to be allowed by a person)"));
  write_file(at("etcher.toml"), tool.out);
  EXPECT_EQ(run({"check", at("etcher.toml")}).out,
            "class of tools example etcher: 6 variables, 0 reports, 2 events, 1 alarms, 0 commands "
            "allowed\n");
  write_file(at("site.toml"), "[site]\nname = \"north\"\ndata = \"" +
                                  fs::absolute(ProgramFab).string() +
                                  "\"\ntime_zero = \"2026-01-31T00:00:00.000Z\"\n[http]\nlisten = "
                                  "\"127.0.0.1:0\"\n");
  EXPECT_EQ(run({"check", at("site.toml")}).out,
            "site north: links http; forecasts off; store on\n");
  // What the policy lets the twin do and nobody guards is done by hand, and that is said.
  write_file(at("policy.json"),
             R"({"classes":[{"name":"rule","kind":"move","role":"approver","persons":1,"level":5,)"
             R"("veto_ms":0,"fresh":"target","age_ms":3600000}]})");
  write_file(at("sent.toml"), read_text(at("site.toml")) + "[advice]\npolicy = \"policy.json\"\n");
  EXPECT_EQ(run({"check", at("sent.toml")}).out,
            "site north: links http; forecasts off; store on\n"
            "class rule: carried out by hand, level 4 (the site has no [guard])\n");
  write_file(at("policy.json"), "{}");
  EXPECT_EQ(run({"check", at("sent.toml")}).status, 3);
  ASSERT_EQ(run({"serve", at("site.toml"), "--seconds", "0.5"}).status, 0);
  ASSERT_TRUE(fs::exists(at("record.sqlite")));
  write_file(at("record.sqlite"), std::string(5'000, 'x'));
  fs::remove(at("record.sqlite-wal"));
  const Ended refused = run({"serve", at("site.toml"), "--seconds", "0.5"});
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.err, HasSubstr("fabtwin index " + at("record")));
  const Ended made = run({"index", at("record")});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr(" entries, "));
  EXPECT_EQ(run({"serve", at("site.toml"), "--seconds", "0.5"}).status, 0);
}

// The commands around the simulation would not do what they say.
TEST_F(Program, ChecksComparesSweepsAndGenerates) {
  EXPECT_THAT(run({"check", ProgramFab}).out, HasSubstr("RPT"));
  EXPECT_EQ(json::parse(run({"check", ProgramFab, "--json"}).out)["schema"], "fabtwin.check");
  EXPECT_THAT(run({"rules"}).out, HasSubstr("fifo"));

  std::string advised;
  for (const char* threads : {"1", "3"}) {
    const Ended advice =
        run({"advise", "data/example-fab", "--rule", "fifo", "--after", "3", "--menu", "9",
             "--horizon", "12", "--with-rule", "ATCS:k1=1", "--threads", threads, "--json"});
    ASSERT_EQ(advice.status, 0) << advice.err;
    const std::string result = result_of(advice).dump();
    EXPECT_EQ(json::parse(result)["alternatives"].size(), 9U);
    EXPECT_THAT(result, HasSubstr("rule atcs:k1=1")) << "weighs setups, which others do not";
    EXPECT_TRUE(advised.empty() || advised == result) << "depends on the number of threads";
    advised = result;
  }
  if (twin::decide::has_constraint_solver()) {
    std::string planned;
    for (const char* threads : {"1", "3"}) {
      const Ended plan = run({"schedule", "data/example-fab", "--rule", "fifo", "--after", "3",
                              "--lots", "15", "--rounds", "5", "--pairs", "10", "--horizon", "12",
                              "--threads", threads, "--json"});
      ASSERT_EQ(plan.status, 0) << plan.err;
      const std::string result = result_of(plan).dump();
      EXPECT_LE(json::parse(result)["cost"], json::parse(result)["cost_dispatched"]);
      EXPECT_THAT(json::parse(result)["rule"].get<std::string>(), StartsWith("fifo:plan."));
      EXPECT_EQ(json::parse(result)["in_the_twin"]["alternatives"].size(), 2U);
      EXPECT_TRUE(planned.empty() || planned == result) << "depends on the number of threads";
      planned = result;
    }
    const Ended advice = run({"advise", "data/example-fab", "--rule", "fifo", "--after", "3",
                              "--menu", "2", "--horizon", "12", "--plans", "2", "--json"});
    ASSERT_EQ(advice.status, 0) << advice.err;
    EXPECT_THAT(result_of(advice).dump(), HasSubstr("plan of "));
  }
  std::string answered;
  for (const char* threads : {"1", "3"}) {
    const Ended answer =
        run({"what-if", "data/example-fab", "--rule", "fifo", "--after", "3", "--down",
             "LithoScan_1#3:0:12", "--mix", "part_1=15", "--buy", "LithoScan_2+1@2", "--runs", "4",
             "--horizon", "24", "--threads", threads, "--json"});
    ASSERT_EQ(answer.status, 0) << answer.err;
    const std::string result = result_of(answer).dump();
    EXPECT_EQ(json::parse(result)["what_if"].size(), 3U);
    EXPECT_EQ(json::parse(result)["pairs"], 4);
    EXPECT_TRUE(answered.empty() || answered == result) << "depends on the number of threads";
    answered = result;
  }
  const Ended compared = run({"compare", ProgramFab, "--rule", "FIFO", "--rule", "cr", "--days",
                              "60", "--replications", "3", "--json"});
  ASSERT_EQ(compared.status, 0) << compared.err;
  const json comparison = json::parse(compared.out);
  EXPECT_EQ(comparison["rules"].size(), 2U);
  EXPECT_EQ(comparison["differences"][0]["rule"], "cr");
  EXPECT_EQ(comparison["differences"][0]["fab.wip"]["n"], 3);

  const Ended swept = run({"sweep", ProgramFab, "--loads", "0.5,0.9", "--days", "60", "--warmup",
                           "10", "--json", "--csv", at("curve.csv")});
  ASSERT_EQ(swept.status, 0) << swept.err;
  const json curve = json::parse(swept.out)["curve"];
  ASSERT_EQ(curve.size(), 2U);
  // Not the flow factor: at a low load lots wait for their batches.
  EXPECT_LT(curve[0]["bottleneck"]["utilisation"], curve[1]["bottleneck"]["utilisation"]);
  EXPECT_EQ(std::ranges::count(read_text(at("curve.csv")), '\n'), 3);

  const std::vector<std::string> made = {"generate",    at("made"), "--products",    "1",
                                         "--tools",     "60",       "--tool-groups", "15",
                                         "--steps-min", "80",       "--steps-max",   "120"};
  ASSERT_EQ(run(made).status, 0);
  EXPECT_EQ(run({"check", at("made")}).status, 0);
  const Ended again = run(made);
  EXPECT_EQ(again.status, 1);  // nothing is overwritten
}

// A fab that runs otherwise than its data set says would not find out, or could not use what it found.
TEST_F(Program, LearnsFromItsLog) {
  const std::string example = "data/example-fab", log = at("log.ftel"), theta = at("theta.json");
  ASSERT_EQ(run({"simulate", example, "--days", "5", "--set", "process.LithoTrack_1=1.2",
                 "--events", log})
                .status,
            0);
  const Ended learnt = run({"calibrate", example, "--events", log, "--json", "--out", theta});
  ASSERT_EQ(learnt.status, 0) << learnt.err;
  const json parameters = json::parse(learnt.out)["parameters"];
  EXPECT_LT(parameters["process.LithoTrack_1"]["p005"], 1.2);
  EXPECT_GT(parameters["process.LithoTrack_1"]["p995"], 1.2);
  EXPECT_TRUE(parameters["process.LithoTrack_1"]["differs"]);
  EXPECT_NEAR(parameters["process.LithoTrack_2"]["median"], 1.0, 1e-3);
  EXPECT_THAT(run({"calibrate", example, "--events", log}).out, HasSubstr("process.LithoTrack_1"));
  EXPECT_EQ(run({"simulate", example, "--days", "2", "--theta", theta}).status, 0);

  // The posterior: rows of theta within the intervals, in the order of the names.
  const std::string rows = at("posterior.json");
  const Ended drawn = run({"calibrate", example, "--events", log, "--posterior", rows, "--members",
                           "20", "--window", "12"});
  ASSERT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_THAT(drawn.out, HasSubstr("no changes within the log"));
  const json posterior = json::parse(read_text(rows));
  EXPECT_EQ(posterior["schema"], "fabtwin.posterior");
  ASSERT_EQ(posterior["members"].size(), 20U);
  const auto names = posterior["parameters"].get<std::vector<std::string>>();
  const auto place =
      static_cast<std::size_t>(std::ranges::find(names, "process.LithoTrack_1") - names.begin());
  for (const auto& member : posterior["members"]) {
    ASSERT_EQ(member.size(), names.size());
    EXPECT_NEAR(member[place], 1.2, 1e-3);
  }
  // What changes within a log is told with its day, and handed on as it is at the end.
  write_changing_log(at("changing.ftel"));
  const Ended changing =
      run({"calibrate", example, "--events", at("changing.ftel"), "--out", theta});
  ASSERT_EQ(changing.status, 0) << changing.err;
  EXPECT_THAT(changing.out, ContainsRegex("process.LithoTrack_1 +step +2018-01-1[01] "));
  EXPECT_THAT(changing.out, ContainsRegex("process.LithoTrack_2 +drift +2018-01-"));
  EXPECT_NEAR(json::parse(read_text(theta))["process.LithoTrack_1"], 1.1, 2e-3);
  EXPECT_NEAR(json::parse(read_text(theta))["process.LithoTrack_2"], 0.88, 5e-3);

  const Ended narrow = run({"calibrate", example, "--events", log, "--window", "0.5"});
  EXPECT_EQ(narrow.status, 2);
  EXPECT_THAT(narrow.err, HasSubstr("--window 0.5 (must be 1 to 8760 hours)"));
  const Ended nobody = run({"calibrate", example, "--events", log, "--members", "0"});
  EXPECT_EQ(nobody.status, 2);
  EXPECT_THAT(nobody.err, HasSubstr("--members 0 (must be 1 to 100000)"));

  const Ended other = run({"calibrate", "data/minifab", "--events", log});
  EXPECT_EQ(other.status, 3);
  EXPECT_THAT(other.err, HasSubstr("not a log of this data set (its tool 1 is 'LithoTrack_1#1', "
                                   "the data set's is 'Diffusion_Ma_Mb#1')"));
  const Ended none = run({"calibrate", example, "--events", at("none.ftel")});
  EXPECT_EQ(none.status, 3);
  EXPECT_THAT(none.err, HasSubstr("cannot be read"));
  EXPECT_EQ(run({"calibrate", example, "--events", example + "/README.md"}).status, 3);
  // A log whose writer was stopped: what stands before is used, and it is said.
  fs::resize_file(log, fs::file_size(log) - 1);
  const Ended cut = run({"calibrate", example, "--events", log, "--json"});
  EXPECT_EQ(cut.status, 0);
  EXPECT_THAT(cut.err, HasSubstr("what stands before is used"));
  EXPECT_FALSE(json::parse(cut.out)["whole_log"]);
}

// A lot would be looked for at the wrong tool, and nobody told that its whereabouts are not certain.
TEST_F(Program, TracksLotsThroughALogWithHoles) {
  const std::string example = "data/example-fab", log = at("holes.ftel");
  ASSERT_EQ(run({"simulate", example, "--days", "3", "--events", log}).status, 0);
  const Ended test = run({"track", example, "--events", log, "--drop", "0.2", "--json"});
  ASSERT_EQ(test.status, 0) << test.err;
  const json told = json::parse(test.out);
  EXPECT_NEAR(told["missing"]["tools"], 0.2, 0.01);
  EXPECT_GE(told["score"]["covered"], 0.95 * told["score"]["lots"].get<double>());
  EXPECT_EQ(
      run({"track", example, "--events", log, "--drop", "0.2", "--json", "--threads", "3"}).out,
      test.out);
  const Ended whole = run({"track", example, "--events", log, "--at", "2"});
  ASSERT_EQ(whole.status, 0) << whole.err;
  EXPECT_THAT(whole.out, StartsWith("day 2.00: "));
  EXPECT_THAT(whole.out, HasSubstr("lots expected in the fab"));
  EXPECT_THAT(run({"track", example, "--events", log, "--drop", "0.5", "--unnumbered"}).out,
              HasSubstr("held against the whole log"));
  const Ended other = run({"track", "data/minifab", "--events", log});
  EXPECT_EQ(other.status, 3);
  EXPECT_THAT(other.err, HasSubstr("not a log of this data set"));
  EXPECT_EQ(run({"track", example, "--events", at("none.ftel")}).status, 3);
  EXPECT_EQ(run({"track", example, "--events", log, "--drop", "1.2"}).status, 2);
  fs::resize_file(log, fs::file_size(log) - 1);
  const Ended cut = run({"track", example, "--events", log, "--json"});
  EXPECT_EQ(cut.status, 0);
  EXPECT_FALSE(json::parse(cut.out)["whole_log"]);
}

// A fab's forecasts would be trusted, or not, by something that nobody can repeat or read.
TEST_F(Program, SaysHowFarForecastsCanBeTrusted) {
  const std::string log = at("log.ftel"), written = at("vvuq.json"), page = at("vvuq.html");
  const Ended own =
      run({"validate", ProgramFab, "--json", written, "--report", page, "--threads", "1"});
  ASSERT_EQ(own.status, 0) << own.err;
  EXPECT_THAT(own.out, HasSubstr("WIP"));
  const std::string first = read_text(written);
  const json report = json::parse(first);
  EXPECT_EQ(report["schema"], 1);
  EXPECT_GT(report["quantities"].size(), 20U);
  EXPECT_THAT(read_text(page), StartsWith("<!DOCTYPE html>"));
  EXPECT_EQ(run({"validate", ProgramFab, "--json", written, "--threads", "3"}).out, own.out);
  EXPECT_EQ(read_text(written), first);

  ASSERT_EQ(run({"simulate", ProgramFab, "--days", "20", "--set", "process.Diffusion_Ma_Mb=1.1",
                 "--events", log})
                .status,
            0);
  write_file(at("theta.json"), std::string_view("{\"process.Diffusion_Ma_Mb\": 1.1}"));
  const Ended real = run({"validate", ProgramFab, "--events", log, "--theta", at("theta.json"),
                          "--json", written, "--horizon-days", "0.5,2", "--every", "0.5"});
  ASSERT_EQ(real.status, 0) << real.err;
  bool against_nominal = false;
  const json judged = json::parse(read_text(written));
  for (const json& q : judged["quantities"])
    for (const json& r : q["references"]) against_nominal |= r["name"] == "nominal theta";
  EXPECT_TRUE(against_nominal);

  const Ended learnt = run({"calibrate", ProgramFab, "--events", log, "--json"});
  write_file(at("posterior.json"), std::string_view(learnt.out));
  ASSERT_EQ(run({"validate", ProgramFab, "--events", log, "--posterior", at("posterior.json"),
                 "--json", written})
                .status,
            0);
  const json drawn = json::parse(read_text(written));
  EXPECT_GE(drawn["parameters"].size(), 2U);
  EXPECT_TRUE(drawn["quantities"][0]["uncertainty"]["epistemic"].is_number());

  const auto refused = [&](std::vector<std::string> words, int status) {
    words.insert(words.begin(), {"validate", ProgramFab});
    const Ended ended = run(words);
    EXPECT_EQ(ended.status, status) << ended.err;
    return ended.err;
  };
  EXPECT_EQ(refused({"--members", "1"}, 2), "fabtwin: members = 1 (must be 2 to 10000)\n");
  EXPECT_EQ(refused({"--days", "0"}, 2), "fabtwin: --days 0 (must be above 0 and at most 3650)\n");
  EXPECT_THAT(refused({"--days", "3"}, 2), HasSubstr("no forecast can be judged (the log has 3."));
  EXPECT_EQ(refused({"--events", log, "--hidden", "transport=2"}, 2),
            "fabtwin: --hidden (a log has its truth already) leave out --events?\n");
  EXPECT_THAT(refused({"--hidden", "proces.Litho_Me=2"}, 2), HasSubstr("process.Litho_Me"));
  EXPECT_THAT(refused({"--events", at("none.ftel")}, 3), HasSubstr("cannot be read"));
  EXPECT_THAT(refused({"--thresholds", at("none.toml")}, 3), HasSubstr("none.toml"));
  EXPECT_EQ(refused({"--json", at("no/such/folder")}, 1).empty(), false);
  EXPECT_EQ(run({"validate", "data/example-fab", "--events", log}).status, 3);
}

// A shell would refuse the script.
TEST_F(Program, CompletesInBash) {
  if (!fs::exists("/bin/bash")) GTEST_SKIP() << "this system has no /bin/bash";
  write_file(at("completion"), std::string_view(run({"completion", "bash"}).out));
  const std::string line =
      "bash -c '. " + at("completion") +
      "; COMP_WORDS=(fabtwin simulate --repl); COMP_CWORD=2; _fabtwin; echo ${COMPREPLY[0]}' > " +
      at("completed");
  ASSERT_EQ(std::system(line.c_str()), 0);
  EXPECT_EQ(read_text(at("completed")), "--replications\n");
}

}  // namespace
}  // namespace apps::fabtwin
