// If these failed, a method of the list could not be named in a file, or would be another.
#include "apps/fabtwin/assimilate/methods.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin::assimilate {
namespace {

TEST(Methods, AreReadAsTheyAreListed) {
  // The reference would name an option that the method does not take: each is given its default.
  for (const MethodEntry& entry : methods()) {
    const bool one = entry.carries == Carries::OneEstimate;
    std::string text = "name = \"" + entry.name + "\"\nlabel = \"L\"\n";
    if (!one) text += "members = 5\n";
    for (const Key& key : entry.keys) {
      text += key.name + " = " + (key.standard.empty() ? "0.1" : key.standard) + "\n";
    }
    Sheet sheet(read_toml(text, "x.toml"), "x.toml", "[[method]]");
    const Method method = read_method(sheet);
    EXPECT_EQ(method.label, "L");
    EXPECT_EQ(method.members, one ? 1 : 5);
    EXPECT_TRUE(method.start) << entry.name;
    EXPECT_FALSE(entry.text.empty());
  }
}

TEST(Methods, AreLabelledByNameAndSize) {
  // Two rows of a table could not be told apart.
  Sheet sheet(read_toml("name = \"etkf\"\nmembers = 5\n", "x.toml"), "x.toml", "[[method]]");
  EXPECT_EQ(read_method(sheet).label, "etkf 5");
  Sheet one(read_toml("name = \"ekf\"\n", "x.toml"), "x.toml", "[[method]]");
  EXPECT_EQ(read_method(one).label, "ekf");
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
