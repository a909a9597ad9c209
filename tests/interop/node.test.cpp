// If these failed, the tests against other makers' software would test nothing, or hang.
#include "tests/interop/node.hpp"

#include <gtest/gtest.h>

namespace tests::interop {
namespace {

TEST(Node, APackageThatIsNotThereIsSaid) {
  EXPECT_THROW(static_cast<void>(install_packages("no_such_folder")), std::exception);
}

TEST(Node, AScriptTalksInLines) {
  if (const std::string reason = install_packages("secs4js"); !reason.empty()) {
    GTEST_SKIP() << reason;
  }
  Node node("secs4js", "-e", {"process.stdin.on('data', d => process.stdout.write('<' + d))"});
  node.say("hello");
  EXPECT_EQ(node.heard(std::chrono::seconds(10)), std::vector<std::string>{"<hello"});
  EXPECT_EQ(node.heard(std::chrono::milliseconds(10)).size(), 0U);
}

TEST(Node, FreePortsDiffer) { EXPECT_NE(free_port(), 0); }

}  // namespace
}  // namespace tests::interop
