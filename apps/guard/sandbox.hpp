// How little the guard may do once it runs: its own user, no other descriptor, and the few system calls
// that answering takes. Any other call ends it.
#pragma once
#include <string>

namespace apps::guard {

void close_inherited();                // descriptors from 3 on
void become(const std::string& user);  // where we are root; throws twin::core::Error
void confine();                        // from here on: no files, no sockets, no programs
inline constexpr bool Confines =
#ifdef TWIN_GUARD_UNCONFINED
    false;
#else
    true;
#endif

}  // namespace apps::guard
