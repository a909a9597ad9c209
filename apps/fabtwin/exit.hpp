// How the program ends: its exit codes, and the one exception that carries one of them to main.
// Every failure is one line on standard error, "fabtwin: problem (why) suggestion?".
#pragma once
#include <stdexcept>
#include <string>

namespace apps::fabtwin {

enum class Exit : int { Ok = 0, Failed = 1, Usage = 2, BadInput = 3, Interrupted = 130 };

class Failure : public std::runtime_error {
 public:
  Failure(Exit exit, const std::string& message) : std::runtime_error(message), exit_(exit) {}
  [[nodiscard]] Exit exit() const noexcept { return exit_; }

 private:
  Exit exit_;
};

// f(); what it throws becomes a Failure with this exit code, unless it is one already.
template <class F>
decltype(auto) or_fail(Exit exit, const F& f) {
  try {
    return f();
  } catch (const Failure&) {
    throw;
  } catch (const std::exception& e) {
    throw Failure(exit, e.what());
  }
}

}  // namespace apps::fabtwin
