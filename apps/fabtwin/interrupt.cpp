#include "apps/fabtwin/interrupt.hpp"

#include <array>
#include <csignal>

namespace apps::fabtwin {
namespace {

// A signal can reach a global only; it is the program's, not the engine's.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal");

constexpr std::array Signals = {SIGINT, SIGTERM};

extern "C" void ask_to_stop(int) { stop_asked.store(true, std::memory_order_relaxed); }

}  // namespace

Interrupt::Interrupt() {
  stop_asked = false;
  struct sigaction action = {};
  action.sa_handler = ask_to_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND | static_cast<unsigned>(SA_RESTART));
  for (const int signal : Signals) ::sigaction(signal, &action, nullptr);
}

Interrupt::~Interrupt() {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  for (const int signal : Signals) ::sigaction(signal, &action, nullptr);
}

const std::atomic<bool>& Interrupt::asked() const { return stop_asked; }

}  // namespace apps::fabtwin
