// The OpenAPI 3.1 text of the API, made from the table of routes and the tables of types: it cannot say
// anything else than the desk does.
#pragma once
#include <string>

namespace apps::api {

[[nodiscard]] std::string openapi_text();  // one line of JSON

// The table of routes for docs/api.md: method and path, who may, body, answer, what it is.
[[nodiscard]] std::string routes_table();

}  // namespace apps::api
