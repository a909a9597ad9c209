#include "apps/fabtwin/man_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;

// The manual would describe another program than the one installed.
TEST(ManPage, IsTheOneInTheRepository) {
  CommandLine line("fabtwin", "1.0");
  Command& program = line.program();
  describe(program);
  EXPECT_EQ(read_text("docs/man/fabtwin.1"), man_page(program))
      << "make it again: fabtwin man > docs/man/fabtwin.1";
}

// The reader would not learn when a script should give up.
TEST(ManPage, SaysWhatTheExitStatusMeans) {
  CommandLine line("fabtwin", "1.0");
  Command& program = line.program();
  describe(program);
  const std::string page = man_page(program);
  EXPECT_THAT(page, HasSubstr(".SH EXIT STATUS"));
  for (const char* code : {"\n  0 ", "\n  1 ", "\n  2 ", "\n  3 ", "\n  130 "})
    EXPECT_THAT(page, HasSubstr(code));
}

}  // namespace
}  // namespace apps::fabtwin
