// If these failed, a model of the list could not be named in a file, or would be another.
#include "apps/fabtwin/assimilate/models.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin::assimilate {
namespace {

Built build(const std::string& model, const std::string& truth = "") {
  Sheet a(read_toml(model, "x.toml"), "x.toml", "[model]");
  Sheet b(read_toml(truth, "x.toml"), "x.toml", "[truth]");
  return build_model(a, b, 3);
}

TEST(Models, AreBuiltAsTheyAreListed) {
  // The reference would name a key or a parameter that the model does not take: each is given its
  // default, and is accepted.
  for (const ModelEntry& entry : models()) {
    if (entry.name == "fab") continue;  // has parameters of its data
    std::string text = "name = \"" + entry.name + "\"\n";
    for (const Key& key : entry.keys) {
      text += key.name + " = " +
              (key.name == "cells"     ? "32"
               : key.name == "spin_up" ? "0"
                                       : key.standard) +
              "\n";
    }
    text += "[theta]\n";
    for (const auto& p : entry.theta) text += p.name + " = " + std::to_string(p.nominal) + "\n";
    const Built built = build(text);
    EXPECT_GT(built.subject->size(), 0) << entry.name;
    EXPECT_FALSE(entry.text.empty());
    EXPECT_EQ(built.subject->ability(), entry.ability) << entry.name;
  }
}

TEST(Models, StartMembersAndTruthApart) {
  // A member would be the truth, or another member.
  for (const char* text : {"name = \"lorenz63\"\n", "name = \"mm1\"\n",
                           "name = \"qg\"\ncells = 32\nspin_up = 0\n[theta]\nrkh2 = 1e-9\n"}) {
    const Built built = build(text);
    const auto population = built.subject->start({.seed = 1, .members = 3});
    Eigen::MatrixXd x(built.subject->size(), 3);
    population->read(x);
    EXPECT_NE(x.col(0), x.col(1)) << text;
    EXPECT_NE(x.col(1), x.col(2)) << text;
    for (int i = 0; i < 3; ++i) EXPECT_NE(x.col(i), population->truth()) << text;
  }
}

TEST(Models, GiveTheTruthItsOwnTheta) {
  // A model error would not be there.
  const Built same = build("name = \"lorenz96\"\n"),
              other = build("name = \"lorenz96\"\n", "theta = {F = 9.0}\n");
  const auto a = same.subject->start({.seed = 1, .members = 2});
  const auto b = other.subject->start({.seed = 1, .members = 2});
  EXPECT_EQ(a->truth(), b->truth());
  for (const auto* p : {&a, &b}) {
    (*p)->advance(10);
    (*p)->advance_truth(10);
  }
  EXPECT_NE(a->truth(), b->truth());
  EXPECT_EQ(a->shown(), b->shown());
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
