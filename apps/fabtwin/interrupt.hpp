// Ctrl-C as a wish: the first interrupt (SIGINT, SIGTERM) asks the run to stop with what there is,
// the second ends the program at once.
#pragma once
#include <atomic>

namespace apps::fabtwin {

// Catches interrupts while it lives. One at a time: signals belong to the whole program.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();
  [[nodiscard]] const std::atomic<bool>& asked() const;
};

}  // namespace apps::fabtwin
