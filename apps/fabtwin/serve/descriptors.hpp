// How many files and lines this process may hold at once: a tool's line needs one or two, and the
// usual 1,024 are too few for a fab.
#pragma once
#include <cstdint>

namespace apps::fabtwin::serve {

// As many as the system lets a process have without asking; answers how many that is.
std::uint64_t allow_descriptors();

}  // namespace apps::fabtwin::serve
