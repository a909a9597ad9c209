#include "apps/fabtwin/what_if_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"
#include "twins/fab/rules/policy_text.hpp"

namespace apps::fabtwin {

using namespace twins::fab::decide;
using twin::core::Error;
using twins::fab::Layout;
using twins::fab::State;
using twins::fab::Tick;

namespace {

constexpr double MostHours = 87'600.0;  // ten years

// One entry of one flag, for its complaints.
struct Entry {
  std::string flag, word, form;

  [[noreturn]] void wrong(const std::string& why) const {
    throw Error(fmt::format("{} {} ({})", flag, word, why));
  }
  [[nodiscard]] double number(std::string_view digits) const {
    double value = 0.0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value))
      wrong(fmt::format("'{}' is no number; must be {}", digits, form));
    return value;
  }
  [[nodiscard]] std::uint32_t whole(std::string_view digits) const {
    std::uint32_t value = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc{} || end != digits.data() + digits.size())
      wrong(fmt::format("'{}' is no whole number; must be {}", digits, form));
    return value;
  }
  [[nodiscard]] Tick time(std::string_view hours, Tick now) const {
    const double h = number(hours);
    if (!(h >= 0.0 && h <= MostHours)) wrong(fmt::format("{} h must be 0 to {}", hours, MostHours));
    return now + static_cast<Tick>(std::llround(h * twins::fab::HourMs));
  }
  // Around the last separators, so that a name may have them.
  [[nodiscard]] std::vector<std::string_view> parts(char separator, std::size_t count) const {
    std::vector<std::string_view> found;
    std::string_view left = word;
    for (std::size_t n = 1; n < count; ++n) {
      const std::size_t at = left.rfind(separator);
      if (at == std::string_view::npos) wrong("must be " + form);
      found.insert(found.begin(), left.substr(at + 1));
      left = left.substr(0, at);
    }
    found.insert(found.begin(), left);
    return found;
  }
  [[nodiscard]] std::uint32_t named(std::string_view name, const std::vector<std::string>& known,
                                    const std::string& what) const {
    const auto found = std::ranges::find(known, name);
    if (found != known.end()) return static_cast<std::uint32_t>(found - known.begin());
    std::string text = fmt::format("{} {} (no {} '{}' in this fab)", flag, word, what, name);
    if (const auto near = twin::core::nearest(name, known)) text += " did you mean " + *near + "?";
    throw Error(text);
  }
};

template <class T>
std::vector<std::string> names_of(const std::vector<T>& all) {
  std::vector<std::string> names;
  for (const T& one : all) names.push_back(one.name);
  return names;
}

struct WhatIfWordsReading {
  const Layout& m;
  const State& x;
  std::vector<std::string> tools = {};  // [tool]

  [[nodiscard]] Down down(const Entry& e) const {
    const auto p = e.parts(':', 3);
    return {e.named(p[0], tools, "tool"), e.time(p[1], x.now), e.time(p[2], x.now)};
  }
  [[nodiscard]] Mix mix(const Entry& e) const {
    const auto p = e.parts('=', 2);
    return {e.named(p[0], names_of(m.description.products), "product"), e.number(p[1])};
  }
  [[nodiscard]] Bought bought(const Entry& e) const {
    Bought b{twins::fab::None, 1, x.now};
    const auto p = e.parts('+', 2);
    const std::size_t at = p[1].find('@');
    b.count = e.whole(p[1].substr(0, at));
    if (at != std::string_view::npos) b.from = e.time(p[1].substr(at + 1), x.now);
    b.group = e.named(p[0], names_of(m.description.tool_groups), "tool group");
    return b;
  }
  [[nodiscard]] SetPriority hot(const Entry& e) const {
    std::int32_t highest = 0;
    for (const twins::fab::Lot& lot : x.lots)
      if (lot.place != twins::fab::LotPlace::Free) highest = std::max(highest, lot.priority);
    return {e.whole(e.word), highest + 10, twin::core::Never};
  }
  [[nodiscard]] ShiftPm pm(const Entry& e) const {
    const auto p = e.parts(':', 3);
    const std::uint32_t tool = e.named(p[0], tools, "tool");
    const auto& group = m.description.tool_groups[m.tool_group[tool]];
    const std::uint32_t calendar = e.named(p[1], names_of(group.maintenances), "maintenance");
    return {tool, calendar, e.time(p[2], x.now)};
  }
};

}  // namespace

bool WhatIfWords::empty() const {
  return downs.empty() && mixes.empty() && bought.empty() && hot.empty() && pms.empty() &&
         rule.empty() && release.empty() && qualifications.empty();
}

WhatIf what_if_of(const WhatIfWords& words, const Layout& m, const State& x,
                  const std::string& standing) {
  WhatIfWordsReading reading{m, x};
  for (std::uint32_t t = 0; t < m.tools(); ++t) reading.tools.push_back(m.tool_name(t));
  WhatIf w;
  for (const std::string& word : words.hot)
    w.acts.emplace_back(reading.hot({"--hot", word, "a lot's number"}));
  for (const std::string& word : words.pms)
    w.acts.emplace_back(reading.pm({"--move-pm", word, "TOOL:CALENDAR:TO_H"}));
  for (const std::string& word : words.downs)
    w.downs.push_back(reading.down({"--down", word, "TOOL:FROM_H:UNTIL_H"}));
  for (const std::string& word : words.mixes)
    w.mixes.push_back(reading.mix({"--mix", word, "PRODUCT=STARTS_PER_DAY"}));
  for (const std::string& word : words.bought)
    w.bought.push_back(reading.bought({"--buy", word, "GROUP+N or GROUP+N@FROM_H"}));
  w.rule = words.rule;
  if (!words.release.empty()) {
    w.rule = twins::fab::without_release(w.rule.empty() ? standing : w.rule);
    if (words.release != "scheduled") w.rule = twins::fab::with_parameter(w.rule, words.release);
  }
  for (const std::string& which : words.qualifications) {
    if (w.rule.empty()) w.rule = standing;
    w.rule = which == "all" ? twins::fab::without_qualification(w.rule)
                            : twins::fab::with_parameter(w.rule, which);
  }
  return w;
}

}  // namespace apps::fabtwin
