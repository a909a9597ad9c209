// The options that every command shares which runs a fab ahead from how it stands: when that is, how far, by what
// chances.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "apps/fabtwin/run_flags.hpp"
#include "twins/fab/decide/outlook.hpp"

namespace apps::fabtwin {

struct AheadFlags : RunFlags {
  double after_days = 20.0;    // of the present
  double outlook_days = 60.0;  // that what lies beyond the horizon is learnt from
  bool json = false;
};

void add_present(Command& command,
                 AheadFlags& flags);  // which fab, after how long, under which rule
void add_objective(Command& command, std::string& objective, const char* text);
void add_horizon(Command& command, double& hours);
void add_chances(Command& command, AheadFlags& flags);  // seed, threads, what is changed of the fab

// A rule that need not be the standing one, in lower case; the fab gets what it needs. Throws Failure.
std::string another_rule(std::string rule, RunFlags& flags);

// The fab as it stands and what lies beyond a horizon, by the chances of the flags.
struct Present {
  explicit Present(const AheadFlags& flags);  // Throws Failure.
  [[nodiscard]] twins::fab::decide::Outlook learn_outlook() const;

  Prepared prepared;
  std::unique_ptr<twins::fab::AnyFab> fab;
  twins::fab::State seen;
  unsigned threads;

 private:
  double outlook_days_;
};

// Throws Failure for a present, a horizon or a number of threads that cannot be.
void check_ahead(const AheadFlags& flags, double horizon_hours);

}  // namespace apps::fabtwin
