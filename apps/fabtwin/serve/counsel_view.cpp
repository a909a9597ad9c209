// What was advised and what came of it, in lines for people.
#include <fmt/format.h>

#include "apps/fabtwin/serve/counsel.hpp"
#include "apps/fabtwin/serve/duration.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace people_of = twin::people;

std::string gain_text(const people_of::Interval& gain, const std::string& unit) {
  return fmt::format("{:.2f} {} [{:.2f}, {:.2f}]", gain.mean, unit, gain.low, gain.high);
}

std::string line_of(const people_of::Case& one, const people_of::Sequel* sequel, Tick now_ms) {
  const people_of::Recommendation& r = one.content;
  const bool decided = one.stage != people_of::Stage::Proposed;
  const Tick of = decided ? now_ms - one.since : r.expires - now_ms;
  std::string text =
      fmt::format("{}{} {}{}: {} {} less {}", word(one.stage), decided ? "" : ", open for",
                  duration_text(std::max<Tick>(of, 0)), decided ? " ago" : "", r.act.words,
                  gain_text(r.benefit.gain, r.benefit.unit), r.benefit.objective);
  if (sequel != nullptr && sequel->outcome) {
    const auto& came = *sequel->outcome;
    return text + fmt::format("; {} {}",
                              came.became == people_of::Became::CarriedOut ? "came" : "was missed",
                              gain_text(came.realised, came.unit));
  }
  if (decided) return text;
  return text + fmt::format(" in {}, the best with {:.2f}; it binds: {}",
                            duration_text(r.benefit.horizon_ms), r.benefit.probability_best,
                            r.why.binding.empty() ? "nothing that was found" : r.why.binding);
}

}  // namespace

std::vector<std::string> told(const people_of::People& people, Tick now_ms, std::size_t most) {
  std::vector<std::string> lines;
  const auto& cases = people.cases();
  for (auto at = cases.rbegin(); at != cases.rend() && lines.size() < most; ++at)
    lines.push_back(line_of(at->second, people.sequel(at->second.content.id), now_ms));
  return lines;
}

}  // namespace apps::fabtwin::serve
