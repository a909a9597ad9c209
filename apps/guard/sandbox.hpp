// How little the guard may do once it runs: the few system calls that answering takes. Any other call
// ends it.
#pragma once

namespace apps::guard {

void confine();  // from here on: no files, no sockets, no programs; throws twin::core::Error
inline constexpr bool Confines = TWIN_GUARD_CONFINES;  // not beside sanitizers and gcov

}  // namespace apps::guard
