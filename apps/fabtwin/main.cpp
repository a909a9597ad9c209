// The process around the program.
#include "apps/fabtwin/commands.hpp"

int main(int count, char** words) {
  using namespace apps::fabtwin;
  return static_cast<int>(run_program(std::vector<std::string>(words + 1, words + count)));
}
