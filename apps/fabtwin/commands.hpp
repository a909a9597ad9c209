// The program's commands, each in a file of its own.
#pragma once
#include "apps/fabtwin/command_line.hpp"

namespace apps::fabtwin {

// Each adds a command.
void add_simulate(Command& program);
void add_advise(Command& program);
void add_what_if(Command& program);
void add_schedule(Command& program);
void add_ask(Command& program);
void add_decide(Command& program);
void add_enter(Command& program);
void add_operate(Command& program);
void add_compare(Command& program);
void add_sweep(Command& program);
void add_check(Command& program);
void add_calibrate(Command& program);
void add_track(Command& program);
void add_validate(Command& program);
void add_serve(Command& program);
void add_plant(Command& program);
void add_torture(Command& program);
void add_verify(Command& program);
void add_replay(Command& program);
void add_export(Command& program);
void add_backup(Command& program);
void add_restore(Command& program);
void add_fork(Command& program);
void add_migrate(Command& program);
void add_index(Command& program);
void add_import_tool(Command& program);
void add_generate(Command& program);
void add_rules(Command& program);
void add_bench(Command& program);
void add_completion(Command& program);
void add_manual(Command& program);

void describe(Command& program);  // all of them, and the program itself

}  // namespace apps::fabtwin
