// If this failed, docs/api.md would tell people of a first day that they cannot have: its commands are run as they
// stand there, by bash and curl, against a server over TLS.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "apps/api/certificates.hpp"
#include "apps/api/example.hpp"
#include "apps/api/server.hpp"

namespace apps::api {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string with(std::string text, const std::string& what, const std::string& instead) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + instead.size()))
    text.replace(at, what.size(), instead);
  return text;
}

TEST(ApiCurl, TheFirstDayOfTheDocsIsSo) {
  if (std::system("curl --version >/dev/null 2>&1 && bash --version >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "no curl, or no bash";
  example::Authority authority("curl");
  example::Twin twin;
  Desk desk(twin.port(), example::options());
  const std::string once = *desk.first_token(example::Now);
  ASSERT_EQ(
      desk.take({.id = "R-1", .actor = "twin", .content = people::example::advice()}, example::Now),
      "");
  ServerOptions options;
  options.tls = authority.issue("server");
  Server server(options,
                {.ask = [&](const Request& r) { return desk.ask(r); },
                 .goes_on = [&](const StreamPass& p, Tick now) { return desk.goes_on(p, now); },
                 .clock = [] { return example::Now; }});
  const std::string page = text_of("docs/api.md");
  const std::size_t from = page.find("```sh\n") + 6;
  std::string script = page.substr(from, page.find("```\n", from) - from);
  script = with(script, "https://twin:8443", "https://127.0.0.1:" + std::to_string(server.port()));
  script = with(script, "ca.pem", authority.ca());
  const std::filesystem::path file = std::filesystem::path(authority.ca()).parent_path() / "day.sh";
  std::ofstream(file) << "once=" << once << "\n" << script;

  std::atomic<bool> over = false;
  std::thread loop([&] {
    auto next = std::chrono::steady_clock::now();
    while (!over) {
      server.wait(std::chrono::milliseconds(5));
      server.lasts(twin.notes.size());
      if (std::chrono::steady_clock::now() < next) continue;
      next += std::chrono::milliseconds(200);
      server.publish({.type = "state", .json = "{\"n\":1}"});
    }
  });
  const std::string run =
      "timeout 60 bash '" + file.string() + "' > '" + file.string() + ".out' 2>&1";
  static_cast<void>(std::system(run.c_str()));
  over = true;
  loop.join();
  const std::string said = text_of(file.string() + ".out");
  EXPECT_NE(said.find("\"cases\":[{\"number\":2,\"id\":\"R-1\""), std::string::npos) << said;
  EXPECT_NE(said.find("\"stage\":\"approved\""), std::string::npos) << said;
  EXPECT_NE(said.find("event: state\ndata: {\"n\":1}\n"), std::string::npos) << said;
  EXPECT_EQ(desk.people().find("R-1")->stage, people::Stage::Approved);
}

}  // namespace
}  // namespace apps::api
