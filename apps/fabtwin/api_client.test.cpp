// If these failed, a token would go in the clear to another machine, or lie where others can read it.
#include "apps/fabtwin/api_client.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "apps/fabtwin/exit.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

std::string refusal(const auto& f) {
  try {
    f();
  } catch (const Failure& e) {
    return e.what();
  }
  return {};
}

TEST(ApiAddress, IsReadStrictly) {
  const ApiAddress tls = api_address("https://twin.fab:8443/");
  EXPECT_TRUE(tls.tls);
  EXPECT_EQ(tls.host, "twin.fab");
  EXPECT_EQ(tls.port, "8443");
  const ApiAddress v6 = api_address("http://[::1]:8080");
  EXPECT_FALSE(v6.tls);
  EXPECT_EQ(v6.host, "::1");
  for (const char* wrong :
       {"", "twin:8443", "https://", "https://twin", "https://twin:", "https://:1",
        "https://twin:84a", "https://twin:1/v1", "https://me@twin:1", "ftp://a:1"})
    EXPECT_NE(refusal([&] { (void)api_address(wrong); }), "") << wrong;
  EXPECT_EQ(refusal([] { (void)api_address("http://10.0.0.1:80"); }),
            "'http://10.0.0.1:80' would send the token in the clear to another machine; https?");
}

TEST(ApiToken, IsKeptForItsOwnerAlone) {
  const twin::record::ScratchFolder folder("api_token");
  const std::string file = folder / "token";
  std::ofstream(file) << "old and longer than the new one\n";
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  keep_token(file, "fabtwin-abc");
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(token_in(file), "fabtwin-abc");
  std::ofstream(file) << " \n";
  EXPECT_EQ(refusal([&] { (void)token_in(file); }), file + ": holds no token");
  std::ofstream(file) << "one two\n";
  EXPECT_EQ(refusal([&] { (void)token_in(file); }), file + ": holds more than a token");
}

TEST(ApiClient, SaysWhoDoesNotAnswer) {
  // Port 1 of this machine: nobody listens.
  ApiClient client({.tls = false, .host = "127.0.0.1", .port = "1"}, {});
  EXPECT_NE(refusal([&] {
              (void)client.ask("GET", "/v1/health");
            }).find("127.0.0.1:1: cannot be reached"),
            std::string::npos);
}

}  // namespace
}  // namespace apps::fabtwin
