// Counts this thread's allocations, to prove that an inner loop makes none. The replaced operator
// new is linked into test programs only (they link twin_contract), never into a program for users.
#pragma once
#include <cstdint>

namespace twin::contract {

// False under AddressSanitizer, ThreadSanitizer and MemorySanitizer, which bring their own.
bool allocations_are_counted() noexcept;

// Calls of operator new by this thread since it began; 0 where they are not counted.
std::uint64_t allocations() noexcept;

}  // namespace twin::contract
