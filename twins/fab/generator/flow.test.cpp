// Layers and routes as a wafer fab has them.
#include "twins/fab/generator/flow.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace twins::fab::generator {
namespace {

TEST(Flow, LengthsLieInTheirRange) {
  // Wrong: the user would get routes of another length than asked for.
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    for (const FlowOptions& o :
         {FlowOptions{3, 250, 500}, FlowOptions{1, 40, 70}, FlowOptions{10, 470, 500}}) {
      const Flow flow = make_flow(o, {seed, 0});
      ASSERT_EQ(flow.products.size(), o.products);
      for (std::uint32_t p = 0; p < o.products; ++p) {
        EXPECT_GE(step_count(flow, p), o.steps_min) << "seed " << seed << " product " << p;
        EXPECT_LE(step_count(flow, p), o.steps_max) << "seed " << seed << " product " << p;
        EXPECT_LE(step_count(flow, p), step_count(flow, 0));
      }
    }
  }
}

TEST(Flow, LayersAreWhole) {
  // Wrong: windows, rework loops or lens chains would point outside their layer.
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Flow flow = make_flow({}, {seed, 0});
    for (const Layer& layer : flow.layers) {
      const auto& ops = layer.operations;
      EXPECT_GE(ops.size(), 8U);
      EXPECT_LE(ops.size(), 26U);
      EXPECT_EQ(
          std::count_if(ops.begin(), ops.end(), [](const Operation& o) { return o.own_setup; }), 1);
      for (std::size_t i = 0; i < ops.size(); ++i) {
        const Profile& p = profile(ops[i].family);
        EXPECT_TRUE(ops[i].minutes >= p.minutes_min && ops[i].minutes <= p.minutes_max) << p.name;
        EXPECT_TRUE(ops[i].sampling > 0.0 && ops[i].sampling <= 1.0);
        EXPECT_LE(ops[i].rework_back, i);
        if (ops[i].rework > 0.0) {
          EXPECT_EQ(ops[i].family, Family::LithoReg);
          EXPECT_EQ(ops[i - ops[i].rework_back].family, Family::LithoScan);
          EXPECT_EQ(ops[i].sampling, 1.0);
        }
        if (ops[i].window_ahead > 0) {
          ASSERT_LT(i + ops[i].window_ahead, ops.size());
          EXPECT_EQ(ops[i].sampling, 1.0);  // both ends are always performed
          EXPECT_EQ(ops[i + ops[i].window_ahead].sampling, 1.0);
          EXPECT_TRUE(ops[i].window_hours >= 1.0 && ops[i].window_hours <= 24.0);
        }
      }
    }
  }
}

TEST(Flow, MixOfStepsIsLikeThePublishedOne) {
  // Wrong: the fab would be one of furnaces or of metrology. Shares of SMT2020's 926 steps (HVLM),
  // within a factor of 1.6: the mean of 40 flows of about 480 steps has a relative standard error
  // of a few percent.
  const std::map<std::string, double> published = {
      {"Dry_Etch", 0.126}, {"Wet_Etch", 0.259},   {"Litho", 0.134},     {"Litho_Met", 0.145},
      {"TF", 0.053},       {"Dielectric", 0.051}, {"Diffusion", 0.030}, {"Implant", 0.048},
      {"Def_Met", 0.067},  {"Planar", 0.024},     {"TF_Met", 0.027},    {"Delay", 0.037}};
  std::map<std::string, double> count;
  double steps = 0.0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    for (const Layer& layer : make_flow({}, {seed, 0}).layers) {
      for (const Operation& op : layer.operations)
        count[profile(op.family).area] += 1.0, steps += 1.0;
    }
  }
  for (const auto& [area, share] : published) {
    EXPECT_GT(count[area] / steps, share / 1.6) << area;
    EXPECT_LT(count[area] / steps, share * 1.6) << area;
  }
}

TEST(Flow, SameSeedSameFlow) {
  // Wrong: nobody could make a published fab again. Another seed must give another one.
  EXPECT_EQ(make_flow({}, {7, 0}), make_flow({}, {7, 0}));
  EXPECT_NE(make_flow({}, {7, 0}), make_flow({}, {8, 0}));
}

}  // namespace
}  // namespace twins::fab::generator
