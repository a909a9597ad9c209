// The man page fabtwin(1), made from the program's own description, so that the two cannot differ;
// docs/man/fabtwin.1 is its output, and a test says so.
#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace apps::fabtwin {

// In the order in which they were added.
std::vector<const CLI::App*> commands_of(const CLI::App& program);
std::vector<const CLI::Option*> options_of(const CLI::App& command);

std::string plain_text(const std::string& description);  // on one line

std::string man_page(const CLI::App& program);

}  // namespace apps::fabtwin
