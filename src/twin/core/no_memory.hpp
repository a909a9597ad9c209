// What a library in C answers with a null pointer or an error: as if operator new had been refused.
#pragma once
#include <new>

namespace twin::core {

// Asks whoever has said what is to be done then (std::set_new_handler), which may not return; else std::bad_alloc.
[[noreturn]] inline void no_memory() {
  if (const auto told = std::get_new_handler()) told();
  throw std::bad_alloc();
}

}  // namespace twin::core
