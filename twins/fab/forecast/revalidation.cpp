#include "twins/fab/forecast/revalidation.hpp"

#include <fmt/core.h>

#include <array>

namespace twins::fab::forecast {

std::vector<twin::core::Note> revalidation_due(const Layout& layout, const Ledger& ledger,
                                               const ToolWatch& tools, std::size_t alarms_answered,
                                               Tick now) {
  std::vector<twin::core::Note> notes;
  for (std::size_t i = alarms_answered; i < tools.alarms().size(); ++i) {
    const ToolAlarm& a = tools.alarms()[i];
    notes.push_back(
        {now, "alarm",
         fmt::format("re-validation due: process times of {} are {:.2f} times its group's, "
                     "were {:.2f}; began {} ago, found {} later",
                     layout.tool_name(a.tool), a.after, a.before, duration_text(now - a.began),
                     duration_text(a.raised - a.began))});
  }
  constexpr std::array<const char*, 3> Of = {"WIP", "output", "moves"};
  for (std::size_t k = 0; k < Of.size(); ++k) {
    for (const twin::score::Reason& r : ledger.watches()[k].reasons())
      notes.push_back(
          {now, "alarm",
           fmt::format(
               "re-validation due: forecasts of the fab's {} a day ahead: {}, in the {}. of "
               "{} days forecast, since the {}.",
               Of[k], twin::score::to_string(r.cause), r.found, ledger.watches()[k].count(),
               r.since)});
  }
  return notes;
}

}  // namespace twins::fab::forecast
