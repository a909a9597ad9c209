// Is an event log one of this data set? Shared by the commands that read one.
#pragma once
#include <string>

#include "twin/event/names.hpp"
#include "twins/fab/layout.hpp"

namespace apps::fabtwin {

// The log's numbers mean something only where its tables are those of the data set. Throws Failure.
void expect_names_of(const twins::fab::Layout& layout, const twin::event::Names& names,
                     const std::string& file);

}  // namespace apps::fabtwin
