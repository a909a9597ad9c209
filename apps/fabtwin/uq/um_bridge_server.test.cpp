// If these failed, others could not run our models, or would take a failed run for a number.
#include "apps/fabtwin/uq/um_bridge_server.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/fabtwin/uq/um_bridge.hpp"

namespace apps::fabtwin::uq {
namespace {

using Json = nlohmann::json;
using twin::uq::RunEnd;
using twin::uq::RunOutcome;

// Serves a study's model in a thread of its own.
class ServedModel {
 public:
  explicit ServedModel(const std::string& text)
      : study_(read_study(text, "x.toml")),
        server_(study_, {.port = 0, .at_once = 2}),
        thread_([this] {
          while (!over_) server_.wait(std::chrono::milliseconds(5));
        }) {}
  ~ServedModel() {
    over_ = true;
    thread_.join();
  }
  ServedModel(const ServedModel&) = delete;
  ServedModel& operator=(const ServedModel&) = delete;
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port());
  }
  [[nodiscard]] Json ask(const char* method, const char* path, const std::string& body = "") const {
    ApiClient client(um_bridge_server(url()), {});
    return Json::parse(client.ask(method, path, body).body);
  }

 private:
  Study study_;
  ModelServer server_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

const std::string Product =
    "[model]\nprogram = [\"awk\", \"-W\", \"interactive\", \"{ if ($1 == 13) exit 3; print $1 * "
    "$2, $1; fflush() }\"]\n"
    "outputs = [\"p\", \"q\"]\nretries = 0\n[[input]]\nname = \"a\"\n[[input]]\nname = "
    "\"b\"\n[propagate]\n";

TEST(UqUmBridge, AnswersAsTheProtocolSays) {
  const ServedModel model(Product);
  EXPECT_EQ(model.ask("GET", "/Info"),
            Json::parse(R"({"protocolVersion":1.0,"models":["forward"]})"));
  EXPECT_EQ(model.ask("POST", "/InputSizes", R"({"name":"forward","config":{}})"),
            Json::parse(R"({"inputSizes":[2]})"));
  EXPECT_EQ(model.ask("POST", "/OutputSizes", R"({"name":"forward"})"),
            Json::parse(R"({"outputSizes":[2]})"));
  EXPECT_EQ(model.ask("POST", "/ModelInfo", R"({"name":"forward"})")["support"]["Evaluate"], true);
  EXPECT_EQ(model.ask("POST", "/Evaluate", R"({"name":"forward","input":[[3,0.5]]})"),
            Json::parse(R"({"output":[[1.5,3.0]]})"));
}

TEST(UqUmBridge, GivesSlopesWhereTheModelHasThem) {
  const ServedModel model(
      "[model]\nfunction = \"ishigami\"\n[[input]]\nname = \"a\"\n[[input]]\nname = \"b\"\n"
      "[[input]]\nname = \"c\"\n[propagate]\n");
  EXPECT_EQ(model.ask("POST", "/ModelInfo", R"({"name":"forward"})")["support"]["Gradient"], true);
  // Ours from ours.
  const Study study = read_study("[model]\num_bridge = \"" + model.url() +
                                     "\"\n[[input]]\nname = \"a\"\n[[input]]\nname = \"b\"\n"
                                     "[[input]]\nname = \"c\"\n[propagate]\n",
                                 "x.toml");
  ASSERT_TRUE(study.model.make_slopes);
  const auto slope = study.model.make_slopes(study.inputs.names())()->run(
      std::vector<double>{0.3, 0.4, 2.0, 2.0}, 5.0);
  ASSERT_EQ(slope.end, RunEnd::Done) << slope.problem;
  ASSERT_EQ(slope.y.size(), 3U);
  EXPECT_NEAR(slope.y[0], 2 * std::cos(0.3) * 2.6, 1e-13);
  EXPECT_NEAR(slope.y[2], 2 * 3.2 * std::sin(0.3), 1e-13);
  const Json wrong =
      model.ask("POST", "/Gradient",
                R"({"name":"forward","inWrt":1,"outWrt":0,"input":[[1,2,3]],"sens":[1]})");
  EXPECT_EQ(wrong["error"]["message"], "inWrt and outWrt must be 0, and sens 1 finite numbers");
  const ServedModel without(Product);
  EXPECT_EQ(without.ask("POST", "/ModelInfo", R"({"name":"forward"})")["support"]["Gradient"],
            false);
}

TEST(UqUmBridge, SaysWhatIsWrongInItsWords) {
  const ServedModel model(Product);
  const auto error = [&](const std::string& body, const char* path = "/Evaluate") {
    const Json j = model.ask("POST", path, body);
    return j["error"]["type"].get<std::string>() + ": " + j["error"]["message"].get<std::string>();
  };
  EXPECT_EQ(error(R"({"name":"other","input":[[1,2]]})"),
            "ModelNotFound: Model other not found! There is: forward.");
  EXPECT_EQ(error("no JSON"), "InvalidInput: the question is no object of JSON");
  for (const char* input :
       {"[[1]]", "[1,2]", "[[1,\"x\"]]", "[[1,2],[3]]", "[]", "{}", "[[1,null]]"})
    EXPECT_EQ(error(std::string(R"({"name":"forward","input":)") + input + "}"),
              "InvalidInput: input must be one vector of 2 finite numbers")
        << input;
  EXPECT_EQ(error(R"({"name":"forward","input":[[13,2]]})"),
            "ModelFailed: died: ended with status 3");
  EXPECT_EQ(error(R"({"name":"forward"})", "/Gradient"),
            "UnsupportedFeature: Gradient not supported by model!");
}

TEST(UqUmBridge, IsARunnerOfItsOwn) {
  const ServedModel model(Product);
  const UmBridgeAddress address{.server = um_bridge_server(model.url()), .name = "forward"};
  const auto sizes = um_bridge_sizes(address);
  EXPECT_EQ(sizes.inputs, std::vector<std::size_t>{2});
  EXPECT_EQ(sizes.outputs, std::vector<std::size_t>{2});
  UmBridgeRunner runner(address, sizes);
  const double x[] = {0.1 + 0.2, 3.0}, bad[] = {13.0, 1.0};
  EXPECT_EQ(runner.run(x, 5.0), (RunOutcome{.y = {0.9, 0.1 + 0.2}}));  // awk works out six digits
  const auto died = runner.run(bad, 5.0);
  EXPECT_EQ(died.end, RunEnd::Died);
  EXPECT_EQ(died.problem, "died: ended with status 3");
}

TEST(UqUmBridge, IsAModelOfAStudy) {
  const ServedModel model(Product);
  const std::string text = "[model]\num_bridge = \"" + model.url() +
                           "\"\n[[input]]\nname = \"a\"\n[[input]]\nname = \"b\"\n[propagate]\n";
  const Study study = read_study(text, "x.toml");
  EXPECT_EQ(study.model.outputs, (std::vector<std::string>{"y1", "y2"}));
}

TEST(UqUmBridge, TellsAnAbsentModelFromAFailedRun) {
  std::string url;
  {
    const ServedModel model(Product);
    url = model.url();
  }
  UmBridgeRunner runner({.server = um_bridge_server(url), .name = "forward"},
                        {.inputs = {2}, .outputs = {2}});
  const double x[] = {1.0, 3.0};
  EXPECT_EQ(runner.run(x, 5.0).end, RunEnd::Away);
}

TEST(UqUmBridge, EndsToWaitAtTheDeadline) {
  const ServedModel model(
      "[model]\nprogram = [\"sleep\", \"20\"]\n[[input]]\nname = \"a\"\n[propagate]\n");
  UmBridgeRunner runner({.server = um_bridge_server(model.url()), .name = "forward"},
                        {.inputs = {1}, .outputs = {1}});
  const double x[] = {1.0};
  EXPECT_EQ(runner.run(x, 0.3),
            (RunOutcome{.end = RunEnd::Hung, .problem = "took more than 0.3 s"}));
}

}  // namespace
}  // namespace apps::fabtwin::uq
