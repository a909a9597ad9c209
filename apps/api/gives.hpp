// Bodies in and out, each of the type that the table of routes says: what a route takes and gives, and what it
// is documented to, are one.
#pragma once
#include <string>

#include "apps/api/bodies.hpp"
#include "apps/api/message.hpp"
#include "apps/api/routes.hpp"
#include "twin/core/expect.hpp"

namespace apps::api {

template <people::Tabled T>
Answer give(const Route& route, const T& value) {
  TWIN_EXPECT(route.gives == T::Name, route.path, T::Name);
  return {.status = route.status, .body = people::to_json(value)};
}

template <people::Tabled T>
T body_of(const Route& route, const Request& request) {
  TWIN_EXPECT(route.takes == T::Name, route.path, T::Name);
  return people::from_json<T>(request.body, "body");
}

}  // namespace apps::api
