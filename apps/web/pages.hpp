// The window (web/dist), embedded in the program when it is built.
#pragma once
#include "apps/api/page.hpp"

namespace apps::web {

// By path; empty where web/dist was not there.
[[nodiscard]] api::Pages pages();

}  // namespace apps::web
