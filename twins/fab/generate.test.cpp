// The generator as its users see it.
#include "twins/fab/generate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "twin/core/error.hpp"
#include "twins/fab/export/write_smt2020.hpp"

namespace twins::fab {
namespace {

TEST(Generate, SameOptionsSameFab) {
  // Wrong: a fab could not be named by its options and seed.
  GeneratorOptions options;
  options.seed = 42;
  const Description fab = generate(options);
  EXPECT_EQ(generate(options), fab);
  options.seed = 43;
  EXPECT_NE(generate(options), fab);
}

TEST(Generate, SizesAreAsAskedFor) {
  // Wrong: the options would be ignored.
  GeneratorOptions options;
  options.products = 5;
  options.tool_groups = 60;
  options.tools = 900;
  options.steps_min = 100, options.steps_max = 300;
  const Description fab = generate(options);
  EXPECT_EQ(fab.products.size(), 5U);
  EXPECT_EQ(fab.routes.size(), 5U);
  EXPECT_NEAR(static_cast<double>(fab.tool_groups.size()), 61.0,
              6.0);  // with the delay; small families get fewer
  std::uint32_t tools = 0;
  for (const ToolGroup& g : fab.tool_groups) tools += g.area == "Delay" ? 0 : g.tools;
  EXPECT_NEAR(tools, 900.0, 30.0);
  for (const Route& r : fab.routes) {
    EXPECT_GE(r.steps.size(), 100U);
    EXPECT_LE(r.steps.size(), 300U);
  }
  EXPECT_FALSE(fab.lots.empty());
  options.wip_flow_factor = 0.0;
  EXPECT_TRUE(generate(options).lots.empty());
}

TEST(Generate, MistakesAreNamed) {
  // Wrong: a slip on the command line would end in a crash or a senseless fab.
  const auto message = [](auto change) {
    GeneratorOptions options;
    change(options);
    try {
      static_cast<void>(generate(options));
    } catch (const twin::core::Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(message([](GeneratorOptions& o) { o.products = 0; }),
            "products = 0 (must be 1 to 100)");
  EXPECT_EQ(message([](GeneratorOptions& o) { o.tool_groups = 14; }),
            "tool_groups = 14 (must be 15 to 400)");
  EXPECT_EQ(message([](GeneratorOptions& o) { o.bottleneck_load = 1.2; }),
            "bottleneck_load = 1.2 (must be 0.3 to 0.99)");
  EXPECT_EQ(message([](GeneratorOptions& o) { o.hot_share = -0.1; }),
            "hot_share = -0.1 (must be 0 to 0.5)");
  EXPECT_THAT(message([](GeneratorOptions& o) { o.steps_min = o.steps_max; }),
              ::testing::StartsWith("steps_max = 500"));
  EXPECT_THAT(message([](GeneratorOptions& o) { o.wafers_per_week = -5.0; }),
              ::testing::StartsWith("wafers_per_week = -5"));
}

TEST(Generate, ExampleFabIsWhatTheGeneratorMakes) {
  // Wrong: the bundled fab could not be made again by the command in its README.
  const std::filesystem::path folder = "data/example-fab";
  const auto files = smt2020_files(generate({}));
  for (const auto& [name, text] : files) {
    std::ifstream in(folder / name, std::ios::binary);
    ASSERT_TRUE(in) << name;
    const std::string committed{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(committed.size(), text.size()) << name;
    EXPECT_TRUE(committed == text) << name;
  }
  std::size_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    bytes += entry.file_size();
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(name == "README.md" || files.contains(name)) << name << " was not generated";
  }
  EXPECT_LT(bytes, 300'000U);
}

}  // namespace
}  // namespace twins::fab
