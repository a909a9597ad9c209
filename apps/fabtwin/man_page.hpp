// The man page fabtwin(1), made from the program's own description, so that the two cannot differ;
// docs/man/fabtwin.1 is its output, and a test says so.
#pragma once
#include <string>

namespace apps::fabtwin {

class Command;

std::string man_page(const Command& program);

}  // namespace apps::fabtwin
