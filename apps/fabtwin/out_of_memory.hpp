// Where the system gives no more memory, the program ends, in one sentence and at once: what would go on might have
// taken half a message or folded half an event, while the record beneath it is whole.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <new>
#include <string_view>

#include "apps/fabtwin/exit.hpp"

namespace apps::fabtwin {

// From now on, in all threads. Instead of std::bad_alloc, which whoever keeps a server up might catch.
inline void end_where_memory_does() {
  std::set_new_handler(
      [] {  // allocates nothing, and runs nothing that might: no destructors, no buffers
        constexpr std::string_view Words =
            "fabtwin: no memory is left (the system gives none); what was acknowledged is in the "
            "record\n";
        [[maybe_unused]] const auto said = ::write(STDERR_FILENO, Words.data(), Words.size());
        std::_Exit(static_cast<int>(Exit::Failed));
      });
}

}  // namespace apps::fabtwin
