// If this failed, no client but our own could use the API by its OpenAPI text: it is judged by @seriousme's validator
// (npm, MIT), the running server is held to it by ajv (MIT), its streams are read by eventsource-parser (MIT).
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "apps/api/certificates.hpp"
#include "apps/api/openapi.hpp"
#include "apps/api/served.hpp"
#include "tests/interop/node.hpp"

namespace tests::interop {
namespace {

using apps::api::example::Authority;
using apps::api::example::Served;
using std::chrono::milliseconds;

// What the script says of a server whose text is this one: its faults, and how many checks there were.
struct Heard {
  std::string wrong = {}, last = {};
};
Heard heard_of(const std::string& text) {
  Authority authority("interop");
  apps::api::ServerOptions options;
  options.tls = authority.issue("server");
  apps::api::DeskOptions desk = apps::api::example::options();
  desk.openapi = text;
  Served s(options, desk);
  EXPECT_EQ(s.house.propose(twin::people::example::advice()), "");
  EXPECT_EQ(s.house.propose(twin::people::example::set_point()), "");
  s.publish();  // before the stream opens
  std::string tokens = "{";
  for (const auto& [role, person] :
       {std::pair{"viewer", "vera"}, std::pair{"engineer", "emil"}, std::pair{"approver", "anna"},
        std::pair{"operator", "otto"}, std::pair{"admin", "admin"}})
    tokens += std::string(tokens.size() > 1 ? "," : "") + "\"" + role + "\":\"" +
              s.house.token.at(person) + "\"";
  Node node("openapi", "check.mjs",
            {"https://127.0.0.1:" + std::to_string(s.server.port()), authority.ca(), tokens + "}"});
  Heard heard;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (heard.last.find(" checks") == std::string::npos &&
         std::chrono::steady_clock::now() < end) {
    s.server.wait(milliseconds(1));
    s.house.now += 1;
    s.publish();
    s.lasts();
    for (const std::string& line : node.heard(milliseconds(0))) {
      if (line.starts_with("wrong ")) heard.wrong += line + "\n";
      if (line == "asked") {
        s.house.twin.outcomes["S-1"] = {.stage = apps::api::ScenarioStage::Done,
                                        .json = "{\"x\":1}"};
        node.say("go");
      }
      heard.last = line;
    }
  }
  return heard;
}

std::string with(std::string text, const std::string& what, const std::string& instead) {
  const std::size_t at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error("there is no " + what);
  return text.replace(at, what.size(), instead);
}

TEST(OpenApiByOthers, TheServerDoesAsItsTextSays) {
  if (const std::string reason = install_packages("openapi"); !reason.empty())
    GTEST_SKIP() << reason;
  const Heard heard = heard_of(apps::api::openapi_text());
  EXPECT_EQ(heard.wrong, "");
  EXPECT_TRUE(heard.last.starts_with("right in all of ")) << heard.last;
  std::puts(heard.last.c_str());
}

TEST(OpenApiByOthers, AServerThatDoesOtherwiseIsFound) {
  // Planted: a role that may not, a member of another name, a document that is none.
  if (const std::string reason = install_packages("openapi"); !reason.empty())
    GTEST_SKIP() << reason;
  std::string text = apps::api::openapi_text();
  text = with(text, R"("x-roles":["engineer"])", R"("x-roles":["viewer"])");
  text = with(text, R"("permissions":{"description")", R"("permits":{"description")");
  text = with(text, R"("in":"path")", R"("in":"nowhere")");
  const std::string wrong = heard_of(text).wrong;
  EXPECT_NE(wrong.find("wrong document "), std::string::npos) << wrong;
  EXPECT_NE(wrong.find("wrong post /v1/recommendations answers engineer 400"), std::string::npos)
      << wrong;
  EXPECT_NE(wrong.find("wrong get /v1/me as viewer: "), std::string::npos) << wrong;
}

}  // namespace
}  // namespace tests::interop
