// The process around the program.
#include "apps/fabtwin/commands.hpp"

int main(int count, char** words) {
  using namespace apps::fabtwin;
  CommandLine line("fabtwin", FABTWIN_VERSION);
  describe(line.program());
  return static_cast<int>(run(line, std::vector<std::string>(words + 1, words + count)));
}
