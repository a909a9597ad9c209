// Runs scripts of ours with Node.js and packages from npm, so that tests can talk to software that
// others wrote. The packages are installed under build/, by a lock file, without install scripts.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace tests::interop {

// Makes build/interop/NAME from the folder tests/interop/NAME (package.json, package-lock.json,
// scripts) with its packages installed. Why that is impossible here; empty: it is ready.
std::string install_packages(const std::string& name);
// The same of any folder of the repository, with all that is below it but node_modules and dist.
std::string install_packages_of(const std::string& folder, const std::string& name);

std::uint16_t free_port();  // on the loopback address, free a moment ago

// A script of an installed folder that talks in lines. Killed by the destructor.
class Node {
 public:
  // Script `script` of build/interop/NAME.
  Node(const std::string& name, const std::string& script, std::vector<std::string> arguments);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  void say(const std::string& line);
  // The lines that it has said since the last call; waits for at most `wait` where there is none.
  std::vector<std::string> heard(std::chrono::milliseconds wait);

 private:
  pid_t process_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::string partial_;
};

}  // namespace tests::interop
