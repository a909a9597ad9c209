// Several files of a target are compiled as one (docs/decisions/0020), so that their unnamed namespaces are one too.
#pragma once
#include <string>
#include <vector>

#include "tests/tree.hpp"

namespace tests {

// The names that a source file defines in unnamed namespaces at the beginning of a line, in the order of the file.
std::vector<std::string> unnamed_names_of(const std::vector<std::string>& lines);

// Names that two files of one target give to two things. The compiler refuses two of a kind; two functions that differ
// in their parameters it would take for overloads, and a call might go to the other file's.
Findings shared_unnamed_names(const Files& files);

}  // namespace tests
