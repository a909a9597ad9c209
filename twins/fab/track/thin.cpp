#include "twins/fab/track/thin.hpp"

#include <fmt/format.h>

#include "twin/core/error.hpp"
#include "twin/math/elementary.hpp"
#include "twins/fab/description.hpp"

namespace twins::fab::track {

Thinner::Thinner(const ThinOptions& options) : options_(options), draw_{options.seed, 0} {
  if (!(options.share >= 0.0 && options.share <= 1.0))
    throw twin::core::Error(
        fmt::format("share of lost events = {} (must lie between 0 and 1)", options.share));
  if (!(options.outage_days >= 0.0 && options.outage_hours >= 0.0 && options.outage_days < 1e6 &&
        options.outage_hours < 1e6))
    throw twin::core::Error(fmt::format("outages every {} days of {} hours (must not be negative)",
                                        options.outage_days, options.outage_hours));
}

bool Thinner::loses(const twin::event::Event& event) {
  if (options_.outage_days > 0.0 && event.source < 1'000'000U) {
    if (event.source >= outages_.size()) outages_.resize(event.source + 1);
    Outage& outage = outages_[event.source];
    const auto at = static_cast<double>(event.at);
    while (outage.count == 0 || at >= outage.to) {
      const double u = draw_.uniform(DrawOutage, event.source, outage.count++);
      outage.from = outage.to - options_.outage_days * DayMs * twin::math::log(u);
      outage.to = outage.from + options_.outage_hours * HourMs;
    }
    if (at >= outage.from) return true;
  }
  return draw_.uniform(DrawLoss, event.source, static_cast<std::uint32_t>(event.source_seq)) <
         options_.share;
}

}  // namespace twins::fab::track
