// If these failed, somebody would sign what he has not read, or with a key that others may read.
#include "apps/fabtwin/approval_line.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/files.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/guard/client.hpp"
#include "twin/guard/example.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

namespace guard = twin::guard;

struct ApprovalLine : testing::Test {
  ApprovalLine() {
    write_file(key, guard::show(guard::example::Alice) + "\n");
    std::filesystem::permissions(key, std::filesystem::perms(0600));
  }
  twin::record::ScratchFolder folder{"approval_line"};
  std::filesystem::path key = folder / "alice.key";
  std::string text = guard::show(guard::example::with_bytes(guard::example::offset()));
  Signing by{.key = key, .person = "alice", .role = "approver", .at = guard::example::Now - 800};
};

TEST_F(ApprovalLine, IsWhatTheGuardTakes) {
  const std::string line = approval_line(by, text) + "\n";
  const auto request = guard::read_request("fabtwin-guard request 1\n" + text + line);
  ASSERT_TRUE(request);
  ASSERT_EQ(request->approvals.size(), 1U);
  const guard::Approval& a = request->approvals[0];
  EXPECT_EQ(a.person, "alice");
  EXPECT_EQ(a.at, by.at);
  EXPECT_TRUE(guard::verify(guard::public_key(guard::example::Alice),
                            guard::approval_text("alice", "approver", by.at, text), a.signature));
}

TEST_F(ApprovalLine, IsMadeOfACommandAlone) {
  EXPECT_EQ(twin::contract::refusal([&] { (void)approval_line(by, text + "x\n"); }),
            "what would be sent is no command in its one spelling (not signed)");
  EXPECT_NE(twin::contract::refusal([&] { (void)command_words("x"); }), "accepted");
}

TEST_F(ApprovalLine, TakesNoKeyThatOthersMayRead) {
  std::filesystem::permissions(key, std::filesystem::perms(0644));
  EXPECT_EQ(twin::contract::refusal([&] { (void)approval_line(by, text); }),
            key.string() + " (others may read or write it) chmod go-rwx?");
  by.key = folder / "none";
  EXPECT_NE(twin::contract::refusal([&] { (void)approval_line(by, text); }), "accepted");
}

TEST_F(ApprovalLine, ShowsWhatIsSigned) {
  EXPECT_EQ(command_words(text),
            "to be sent: offset at LITHO_01, parameter PERCENT, from 0 to 1 %, until "
            "2026-11-29T07:01:00.000Z");
}

}  // namespace
}  // namespace apps::fabtwin
