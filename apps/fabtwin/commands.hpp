// The program's commands, each in a file of its own. One description serves the parser, --help, the
// man page and the completion.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "apps/fabtwin/exit.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace apps::fabtwin {

using Action = std::function<Exit()>;

// Each adds a command; when it is parsed, `chosen` is what it does.
void add_simulate(CLI::App& program, Action& chosen);
void add_compare(CLI::App& program, Action& chosen);
void add_sweep(CLI::App& program, Action& chosen);
void add_check(CLI::App& program, Action& chosen);
void add_calibrate(CLI::App& program, Action& chosen);
void add_track(CLI::App& program, Action& chosen);
void add_assimilate(CLI::App& program, Action& chosen);
void add_validate(CLI::App& program, Action& chosen);
void add_serve(CLI::App& program, Action& chosen);
void add_plant(CLI::App& program, Action& chosen);
void add_torture(CLI::App& program, Action& chosen);
void add_verify(CLI::App& program, Action& chosen);
void add_replay(CLI::App& program, Action& chosen);
void add_export(CLI::App& program, Action& chosen);
void add_backup(CLI::App& program, Action& chosen);
void add_restore(CLI::App& program, Action& chosen);
void add_fork(CLI::App& program, Action& chosen);
void add_index(CLI::App& program, Action& chosen);
void add_import_tool(CLI::App& program, Action& chosen);
void add_generate(CLI::App& program, Action& chosen);
void add_rules(CLI::App& program, Action& chosen);
void add_bench(CLI::App& program, Action& chosen);
void add_completion(CLI::App& program, Action& chosen);
void add_manual(CLI::App& program, Action& chosen);

void describe(CLI::App& program, Action& chosen);  // all of them, and the program itself

// What is wrong with the words of a command line before they are parsed: an unknown command or flag,
// with the nearest known one. Empty: nothing.
std::string unknown_word(const CLI::App& program, const std::vector<std::string>& words);

// The whole program but its process.
Exit run_program(const std::vector<std::string>& words);

}  // namespace apps::fabtwin
