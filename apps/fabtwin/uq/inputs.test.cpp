// If these failed, an input would have another law than its file gives it.
#include "apps/fabtwin/uq/inputs.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace apps::fabtwin::uq {
namespace {

Inputs inputs_in(const std::string& text, std::vector<std::string> known = {}) {
  const auto value = twin::sheet::read_toml(text, "x.toml");
  twin::sheet::Sheet sheet(value, "x.toml", "");
  const Model model{.title = "m", .words = "m", .outputs = {"y"}, .known_inputs = std::move(known)};
  return read_inputs(sheet, model);
}

TEST(UqInputs, HaveTheLawsOfTheirTables) {
  const Inputs inputs = inputs_in(
      "[[input]]\nname = \"a\"\n"
      "[[input]]\nname = \"b\"\nlaw = \"normal\"\nmean = 5\ndeviation = 2\nkind = \"aleatory\"\n"
      "[[input]]\nname = \"c\"\nlaw = \"lognormal\"\nmedian = 3\nlog_deviation = 0.5\ngroup = "
      "\"g\"\n"
      "[[input]]\nname = \"d\"\nlaw = \"cauchy\"\nscale = 1\n");
  const double half[] = {0.5, 0.5, 0.5, 0.975};
  const auto x = inputs.of_uniforms(half);
  EXPECT_DOUBLE_EQ(x[0], 0.5);
  EXPECT_DOUBLE_EQ(x[1], 5.0);
  EXPECT_NEAR(x[2], 3.0, 1e-12);
  EXPECT_NEAR(x[3], 12.7062047, 1e-6);
  const double z[] = {0.0, 1.0, 0.0, 0.0};
  EXPECT_DOUBLE_EQ(inputs.of_normals(z)[1], 7.0);
  EXPECT_EQ(inputs.all[1].kind, InputKind::Aleatory);
  EXPECT_EQ(inputs.all[0].kind, InputKind::Epistemic);
  EXPECT_EQ(inputs.all[2].group, "g");
}

TEST(UqInputs, ComeByAStarWhereTheModelKnowsThem) {
  const std::vector<std::string> known = {"mttr.a", "mttr.b", "mtbf.a", "luck"};
  EXPECT_EQ(inputs_in("[[input]]\nname = \"mttr.*\"\n", known).names(),
            (std::vector<std::string>{"mttr.a", "mttr.b"}));
  EXPECT_EQ(inputs_in("[[input]]\nname = \"*.a\"\n", known).names(),
            (std::vector<std::string>{"mttr.a", "mtbf.a"}));
  EXPECT_EQ(inputs_in("[[input]]\nname = \"*\"\n", known).size(), 4U);
  const auto refused = [&](const std::string& text) {
    return twin::contract::refusal([&] { static_cast<void>(inputs_in(text, known)); });
  };
  EXPECT_EQ(refused("[[input]]\nname = \"mttr.c\"\n"),
            "x.toml:2: the model has no input 'mttr.c' did you mean 'mttr.a'?");
  EXPECT_EQ(refused("[[input]]\nname = \"mttr.a\"\n[[input]]\nname = \"*.a\"\n"),
            "x.toml:4: input 'mttr.a' is there already");
}

}  // namespace
}  // namespace apps::fabtwin::uq
