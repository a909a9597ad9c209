// What an emulator foretold, held against runs that it has not seen; and what its mean varies by.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "apps/fabtwin/uq/study.hpp"

namespace apps::fabtwin::uq {

struct Held {
  double q2 = 0.0;  // share of the variance foretold
  double rmse = 0.0;
  double coverage = 0.0;  // share in intervals that are to hold 90 %
  double ratio = 0.0;     // root mean square of errors over what was told; 1: as told
};
// variance: [run] of what came, chance included; empty: none was told, coverage and ratio are 0.
Held held_against(const std::vector<double>& mean, const std::vector<double>& variance,
                  const std::vector<double>& came);

// A warning where an emulator foretells too little to be used. what: "the emulator"
void warn_of_little(const Held& held, const std::string& what, Answer& answer);

// First and total shares of a function that costs next to nothing; x: [point][input] uniforms. lengths: [input],
// told beside them; empty: none.
Part shares_of_mean(const Work& work,
                    const std::function<std::vector<double>(std::span<const double> x)>& mean,
                    const std::vector<double>& lengths, Answer& answer);

// [point][input] of columns [input][point].
std::vector<double> rows_of(const std::vector<std::vector<double>>& columns);

}  // namespace apps::fabtwin::uq
