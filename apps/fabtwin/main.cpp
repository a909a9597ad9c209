// The process around the program.
#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/out_of_memory.hpp"

int main(int count, char** words) {
  using namespace apps::fabtwin;
  end_where_memory_does();
  CommandLine line("fabtwin", FABTWIN_VERSION);
  describe(line.program());
  return static_cast<int>(run(line, std::vector<std::string>(words + 1, words + count)));
}
