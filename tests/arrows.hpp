// The include arrows of ARCHITECTURE.md: which module may know which. The document itself is read, so that the picture
// of the house and the check of the house cannot drift apart.
#pragma once
#include <map>
#include <set>
#include <string>

#include "tests/tree.hpp"

namespace tests {

// Module of src/twin -> the modules right of its arrow, as written (not yet followed further).
using Arrows = std::map<std::string, std::set<std::string>>;

// The fenced blocks that follow the line "<!-- arrows -->": one module a line, "math  -> core  ...words".
// The names right of the arrow are modules until the first word in brackets or the end of the line.
Arrows read_arrows(const File& architecture);

// All modules that `module` may include: along the arrows, any number of them, and itself.
std::set<std::string> reachable(const Arrows& arrows, const std::string& module);

// The laws: src/twin/<module> includes what it can reach (its tests also contract); core includes the standard library
// only; a twin includes src/twin and itself, never another twin; src/twin never includes twins; neither includes apps,
// tests, cases, bench or fuzz; a quoted include is a full path. The LINKS of CMakeLists.txt obey the same arrows.
Findings find_broken_arrows(const Files& files, const Arrows& arrows);

}  // namespace tests
