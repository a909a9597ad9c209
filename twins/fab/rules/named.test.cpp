#include "twins/fab/rules/named.hpp"

#include <gtest/gtest.h>

namespace twins::fab {
namespace {

// Wrong: a rule's text, which is read in lower case, could name no product of a data set.
TEST(Named, CaseIsOne) {
  std::vector<Product> products(2);
  products[0].name = "Product_3";
  products[1].name = "Product_4";
  EXPECT_EQ(index_named(products, "product_4"), 1U);
  EXPECT_EQ(index_named(products, "PRODUCT_3"), 0U);
  EXPECT_EQ(index_named(products, "product"), None);
  EXPECT_EQ(guess(products, "product_5"), "; did you mean Product_3?");
  EXPECT_EQ(guess(products, "x"), "");
  EXPECT_FALSE(same_name("a", "ab"));
}

TEST(Named, Tools) {
  Description fab;
  for (const char* name : {"Etch_1", "Litho"}) {
    ToolGroup group;
    group.name = group.area = name;
    group.tools = 2;
    fab.tool_groups.push_back(group);
  }
  Step step;
  step.group = 0;
  fab.routes.push_back({"r", {step}});
  fab.products.push_back({"p", "f", 0});
  const auto layout = compile(fab);
  EXPECT_EQ(tool_named(*layout, "litho#2"), 3U);
  EXPECT_EQ(tool_named(*layout, "litho#3"), None);
  EXPECT_EQ(guess_tool(*layout, "etch_1#3"), "; did you mean Etch_1#1?");
}

}  // namespace
}  // namespace twins::fab
