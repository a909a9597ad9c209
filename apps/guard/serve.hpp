// What the guard's process does once it runs: it reads messages from one local socket, and answers when
// the ledger's line is on the disk. It opens nothing; whoever starts it leaves it four descriptors.
#pragma once
#include <string>

#include "twin/guard/guard.hpp"

namespace apps::guard {

inline constexpr int LimitsIn = 0, KeyIn = 1, LedgerIn = 3, ListeningIn = 4;  // descriptors

[[nodiscard]] twin::core::Tick now_ms();  // [ms since 1970]

[[nodiscard]] std::string read_rest(int file);

void watch_for_stop();  // SIGUSR1 presses the kill switch, too

// Answers until the ledger cannot be written: then it is silent for good, and returns.
void serve(twin::guard::Guard& guard, int listening, int ledger);

}  // namespace apps::guard
