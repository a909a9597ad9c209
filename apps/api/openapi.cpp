// See the header.
#include "apps/api/openapi.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/api/bodies.hpp"
#include "apps/api/routes.hpp"
#include "apps/api/scenario.hpp"

namespace apps::api {
namespace {

constexpr std::string_view Prefix = "#/components/schemas/";
constexpr std::string_view Info =
    R"({"title":"fabtwin","version":"1","summary":"The API of a living twin of a fab",)"
    R"("description":"docs/api.md tells of it in words.",)"
    R"("license":{"name":"Apache-2.0","identifier":"Apache-2.0"}})";

std::string quoted(std::string_view text) {
  std::string out;
  people::put_json(out, text);
  return out;
}

std::string operation_id(const Route& route) {
  std::string id;
  for (const char c : route.method) id += static_cast<char>(c - 'A' + 'a');
  for (std::string_view name : names_of(route.path)) {
    if (name == "v1") continue;
    if (is_open(name)) name = name.substr(1, name.size() - 2);
    id += '_';
    for (const char c : name) id += c == '.' ? '_' : c;
  }
  return id;
}

std::string roles_of(const Route& route, std::string_view between) {
  std::string text;
  for (std::size_t k = 0; k < people::RoleWords.size(); ++k) {
    if (!people::may(static_cast<people::Role>(k), route.permission)) continue;
    if (!text.empty()) text += between;
    text += people::RoleWords[k];
  }
  return text;
}

std::string parameters_of(const Route& route) {
  std::string out;
  for (const std::string_view name : names_of(route.path)) {
    if (!is_open(name)) continue;
    if (!out.empty()) out += ',';
    out += fmt::format(R"({{"name":{},"in":"path","required":true,"schema":{{"type":"string",)"
                       R"("pattern":{}}}}})",
                       quoted(name.substr(1, name.size() - 2)), quoted(people::NamePattern));
  }
  for (const Query& query : route.queries) {
    if (!out.empty()) out += ',';
    out += fmt::format(R"({{"name":{},"in":"query","description":{},"schema":{}}})",
                       quoted(query.name), quoted(query.meaning), query.schema);
  }
  return out;
}

std::string content_of(std::string_view gives) {
  if (gives == Events)
    return R"("text/event-stream":{"schema":{"type":"string",)"
           R"("description":"events named decision hold a DecisionNews each, )"
           R"(events named alarm the group that is announced"}})";
  if (gives == MetricsText) return R"("text/plain":{"schema":{"type":"string"}})";
  const bool own = gives == TwinsOwn || gives == OpenApiText;
  const std::string schema =
      own ? R"({"type":"object"})"
          : fmt::format(R"({{"$ref":{}}})", quoted(std::string(Prefix) + std::string(gives)));
  return fmt::format(R"("application/json":{{"schema":{}}})", schema);
}

std::string operation_of(const Route& route) {
  const bool open = route.permission == people::Permission::None;
  std::string out = fmt::format(R"({{"operationId":{},"summary":{},"x-permission":{},"x-roles":[)",
                                quoted(operation_id(route)), quoted(route.summary),
                                quoted(people::word(route.permission)));
  if (const std::string roles = roles_of(route, "\",\""); !roles.empty() && !open)
    out += '"' + roles + '"';
  out += ']';
  if (open) out += R"(,"security":[])";
  if (route.op == Op::Stream) out += R"(,"security":[{"token":[]},{"ticket":[]}])";
  if (const std::string all = parameters_of(route); !all.empty())
    out += fmt::format(R"(,"parameters":[{}])", all);
  if (!route.takes.empty())
    out += fmt::format(R"(,"requestBody":{{"required":true,"content":{{{}}}}})",
                       content_of(route.takes));
  out += fmt::format(R"(,"responses":{{"{}":{{"description":{},"content":{{{}}}}},)"
                     R"("default":{{"$ref":"#/components/responses/Problem"}}}}}})",
                     route.status, quoted(route.summary), content_of(route.gives));
  return out;
}

}  // namespace

std::string openapi_text() {
  people::Schemas schemas;
  const std::string prefix(Prefix);
  people::add_schema<Scenario>(schemas, prefix);
  for_each_body([&]<class T>() { people::add_schema<T>(schemas, prefix); });
  std::map<std::string_view, std::string> paths;
  for (const Route& route : routes()) {
    std::string& path = paths[route.path];
    if (!path.empty()) path += ',';
    std::string method;
    for (const char c : route.method) method += static_cast<char>(c - 'A' + 'a');
    path += fmt::format("\"{}\":{}", method, operation_of(route));
  }
  std::string out = fmt::format(R"({{"openapi":"3.1.0","info":{},"servers":[{{"url":"/"}}],)"
                                R"("security":[{{"token":[]}}],"paths":{{)",
                                Info);
  bool first = true;
  const auto put = [&](std::string_view name, std::string_view json) {
    if (!first) out += ',';
    first = false;
    out += fmt::format("{}:{}", quoted(name), json);
  };
  for (const auto& [path, operations] : paths) put(path, '{' + operations + '}');
  out += R"(},"components":{"schemas":{)";
  first = true;
  for (const auto& [name, schema] : schemas) put(name, schema);
  out += R"(},"responses":{"Problem":{"description":"What is wrong, as a sentence","content":{)" +
         content_of("Problem") + "}}}" +
         R"(,"securitySchemes":{"token":{"type":"http","scheme":"bearer"},)"
         R"("ticket":{"type":"apiKey","in":"query","name":"ticket"}}}})";
  return out;
}

std::string routes_table() {
  std::string out = "| route | who | takes | gives | what |\n|---|---|---|---|---|\n";
  for (const Route& route : routes()) {
    std::string queries;
    for (const Query& query : route.queries)
      queries += fmt::format("{}`{}`", queries.empty() ? "" : ", ", query.name);
    const std::string takes = route.takes.empty() ? queries : fmt::format("`{}`", route.takes);
    const std::string who =
        route.permission == people::Permission::None ? "anybody" : roles_of(route, ", ");
    out += fmt::format("| `{} {}` | {} | {} | {} `{}` | {} |\n", route.method, route.path,
                       who == "viewer, engineer, approver, operator, admin" ? "all roles" : who,
                       takes, route.status, route.gives, route.summary);
  }
  return out;
}

}  // namespace apps::api
