// How the guard's process begins: its files and its socket are opened, root is given up, and the guard
// takes this program's place. None of this is in the process once it reads messages.
#pragma once
#include <string>

namespace apps::guard {

struct Site {
  std::string limits, key, ledger, socket;  // their paths
  std::string user;                         // who root becomes
};

// All throw twin::core::Error.
void close_inherited();                                         // descriptors from 3 on
void open_site(const Site& site);                               // as the descriptors of serve.hpp
void become(const std::string& user);                           // where we are root
[[noreturn]] void become_kernel(const std::string& authority);  // fabtwin-guard-kernel, beside us

}  // namespace apps::guard
