#include "apps/fabtwin/reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/man_page.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

// The reference would describe another program than the one it comes with.
TEST(Reference, IsTheOneInTheRepository) {
  CommandLine line("fabtwin", "1.0");
  Command& program = line.program();
  describe(program);
  const std::string again = "make it again: fabtwin man --markdown docs/reference";
  const auto pages = reference_pages(program);
  for (const auto& [name, text] : pages) {
    const std::string path = "docs/reference/" + name;
    ASSERT_TRUE(std::filesystem::exists(path)) << path << ": " << again;
    EXPECT_TRUE(read_text(path) == text) << path << " is another page; " << again;
  }
  for (const auto& entry : std::filesystem::directory_iterator("docs/reference"))
    EXPECT_TRUE(pages.contains(entry.path().filename().string()) ||
                entry.path().filename() == "experiments.md")
        << entry.path() << " is made by nothing";
}

// A command, an option or its default would be missing.
TEST(Reference, HoldsEveryCommandAndOption) {
  CommandLine line("fabtwin", "1.0");
  Command& program = line.program();
  describe(program);
  const std::string page = reference_pages(program).at("commands.md");
  for (const auto& command : program.commands()) {
    EXPECT_THAT(page, HasSubstr("\n## fabtwin " + command->name() + "\n"));
    for (const OptionWords& option : command->options()) {
      EXPECT_THAT(page,
                  HasSubstr((option.flags.empty() ? option.name : option.flags.back()) + "`"));
    }
  }
}

// A bar in a cell would begin another cell.
TEST(Reference, EscapesTheBarsOfItsTables) {
  EXPECT_EQ(markdown_table({"a", "b"}, {{"`x|y`", ""}}), "| a | b |\n|---|---|\n| `x\\|y` | |\n");
  EXPECT_EQ(code(""), "");
}

}  // namespace
}  // namespace apps::fabtwin
