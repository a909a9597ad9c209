// If these failed, clients would be told of another API than the one that answers them.
#include "apps/api/openapi.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "apps/api/routes.hpp"

namespace apps::api {
namespace {

using nlohmann::json;

std::string text_of_openapi(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void references(const json& x, std::set<std::string>& to) {
  if (x.is_object() && x.contains("$ref")) to.insert(x["$ref"].get<std::string>());
  if (x.is_structured()) {
    for (const auto& one : x) references(one, to);
  }
}

TEST(OpenApi, SaysEachRouteAndEveryReferenceLeadsSomewhere) {
  const json text = json::parse(openapi_text());
  std::set<std::string> ids;
  std::size_t operations = 0;
  for (const auto& [path, methods] : text["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      ++operations;
      EXPECT_TRUE(ids.insert(operation["operationId"].get<std::string>()).second) << path;
    }
  }
  EXPECT_EQ(operations, routes().size());
  std::set<std::string> all;
  references(text, all);
  for (const std::string& ref : all)
    EXPECT_TRUE(text.contains(json::json_pointer(ref.substr(1)))) << ref;
  EXPECT_EQ(text["paths"]["/v1/recommendations/{id}/approve"]["post"]["x-roles"],
            json({"approver", "operator"}));
  EXPECT_EQ(text["paths"]["/v1/health"]["get"]["security"], json::array());
}

TEST(OpenApi, TheTextInTheDocsIsThisOne) {
  // docs/openapi.json is what outsiders read. To make it anew, run this test with FABTWIN_BLESS=1.
  const std::string path = "docs/openapi.json";
  const std::string now = json::parse(openapi_text()).dump(1) + "\n";
  if (std::getenv("FABTWIN_BLESS") != nullptr) std::ofstream(path) << now;
  EXPECT_TRUE(text_of_openapi(path) == now) << "docs/openapi.json is another one";
}

TEST(OpenApi, TheTableInTheDocsIsThisOne) {
  // Between the marks of docs/api.md; FABTWIN_BLESS=1 puts it there.
  const std::string path = "docs/api.md", begin = "<!-- routes -->\n", end = "<!-- /routes -->\n";
  std::string page = text_of_openapi(path);
  const std::size_t from = page.find(begin), to = page.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos);
  const std::size_t at = from + begin.size();
  if (std::getenv("FABTWIN_BLESS") != nullptr)
    std::ofstream(path) << page.substr(0, at) + routes_table() + page.substr(to);
  page = text_of_openapi(path);
  EXPECT_EQ(page.substr(at, page.find(end) - at), routes_table());
}

}  // namespace
}  // namespace apps::api
