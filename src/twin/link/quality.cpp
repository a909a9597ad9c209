#include "twin/link/quality.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>

namespace twin::link {
namespace {

using event::Event;
using event::Kind;
using event::None;
using event::Table;
using event::Unit;

constexpr std::array<std::string_view, 15> Words = {
    "none",         "unreadable",           "too-many-events", "bad-name",
    "unknown-name", "missing-object",       "not-finite",      "wrong-unit",
    "out-of-range", "before-site",          "far-future",      "too-fast",
    "two-tools",    "ended-before-started", "too-long"};

constexpr std::uint32_t StepsMax = 1'000'000;  // of a route, visits of a lot
constexpr double PriorityMax = 1e6;

struct Needs {  // objects without which an event of the kind says nothing
  bool lot = false, tool = false, item = false;
};

Needs needs_of(Kind kind) {
  switch (kind) {
    case Kind::SetupStarted:
    case Kind::ToolStateChanged:
    case Kind::PmDue:
    case Kind::PmStarted:
    case Kind::PmEnded:
    case Kind::ToolDown:
    case Kind::ToolUp: return {.tool = true};
    case Kind::LoadStarted:
    case Kind::ProcessingStarted:
    case Kind::ProcessingSuspended:
    case Kind::ProcessingResumed:
    case Kind::ProcessingEnded:
    case Kind::Unloaded: return {.lot = true, .tool = true};
    case Kind::Split:
    case Kind::Merged: return {.lot = true, .item = true};
    case Kind::RecipeChanged:
    case Kind::ConstantChanged:
    case Kind::AlarmSet:
    case Kind::AlarmCleared:
    case Kind::Measurement:
    case Kind::TraceSamples: return {.item = true};
    case Kind::Unknown:
    case Kind::ClockChanged:
    case Kind::CommandApproved:
    case Kind::CommandSent:
    case Kind::CommandAcknowledged:
    case Kind::CommandFailed:
    case Kind::CommandVerified: return {};
    default: return {.lot = true};  // 1 to 20: a lot's life
  }
}

struct Bounds {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

// What no measurement in these units can be below or above, whatever it is of. Lengths, voltages and
// flows may be negative: overlay, bias, the drift of a controller at zero.
Bounds bounds_of(Unit unit) {
  constexpr double HottestKelvin = 20'000.0;  // above any plasma's gas and any lamp
  switch (unit) {
    case Unit::Celsius: return {-273.15, HottestKelvin};
    case Unit::Kelvin: return {0.0, HottestKelvin};
    case Unit::Pascal:
    case Unit::Torr: return {-1.1e5, 1e10};  // below one atmosphere under the gauge's zero
    case Unit::Count:
    case Unit::Hertz:
    case Unit::Second:
    case Unit::Minute:
    case Unit::Hour:
    case Unit::Day:
    case Unit::Gram:
    case Unit::PerSquareCentimetre:
    case Unit::KilowattHour: return {0.0, std::numeric_limits<double>::infinity()};
    default: return {};
  }
}

std::string speaks_of(const Event& e, const event::Names& names) {
  std::string words(event::to_string(e.kind));
  if (e.lot != None) words += " of lot " + event::label(names, Table::Lot, e.lot);
  if (e.tool != None) words += " in tool " + event::label(names, Table::Tool, e.tool);
  if (e.item != None && event::item_table(e.kind) == Table::Item)
    words += " (" + event::label(names, Table::Item, e.item) + ")";
  return words;
}

class Check {
 public:
  Check(const Arrival& arrival, const event::Names& names, const QualityOptions& options)
      : arrival_(arrival), names_(names), options_(options) {}

  Finding time(core::Tick at) const {
    if (at < options_.site_zero_ms) {
      return {Fault::BeforeSite, fmt::format("{} ms before the site's time zero",
                                             static_cast<std::uint64_t>(options_.site_zero_ms) -
                                                 static_cast<std::uint64_t>(at))};
    }
    if (at > arrival_.arrived && at - arrival_.arrived > options_.future_ms_max) {
      return {Fault::FarFuture, fmt::format("{} ms after it arrived (at most {})",
                                            at - arrival_.arrived, options_.future_ms_max)};
    }
    return {};
  }

  Finding one(const Event& e) const {
    const bool unit_known = e.unit == Unit::None || !event::to_string(e.unit).empty();
    if (!unit_known || event::to_string(e.kind).empty() || event::to_string(e.quality).empty()) {
      return {Fault::OutOfRange,
              fmt::format("kind {}, unit {}, quality {}: not words of the schema",
                          static_cast<int>(e.kind), static_cast<int>(e.unit),
                          static_cast<int>(e.quality))};
    }
    const Needs needs = needs_of(e.kind);
    if (needs.lot && e.lot == None) return missing(e, "lot");
    if (needs.tool && e.tool == None) return missing(e, "tool");
    if (needs.item && e.item == None) return missing(e, "item");
    if (Finding f = time(e.at); !f.good()) return of(e, std::move(f));
    if (e.wafers > options_.wafers_max) return above(e, "wafers", e.wafers, options_.wafers_max);
    if (e.step != None && e.step > StepsMax) return above(e, "step", e.step, StepsMax);
    if (e.visit != None && e.visit > StepsMax) return above(e, "visit", e.visit, StepsMax);
    return value(e);
  }

 private:
  Finding of(const Event& e, Finding f) const {
    f.words = speaks_of(e, names_) + ": " + f.words;
    return f;
  }
  Finding missing(const Event& e, const char* what) const {
    return of(e, {Fault::MissingObject, fmt::format("no {} is said", what)});
  }
  Finding above(const Event& e, const char* what, std::uint32_t is, std::uint32_t most) const {
    return of(e, {Fault::OutOfRange, fmt::format("{} {} (at most {})", what, is, most)});
  }
  Finding outside(const Event& e, double low, double high) const {
    return of(e, {Fault::OutOfRange,
                  fmt::format("{} {} ({} to {})", e.value, event::to_string(e.unit), low, high)});
  }
  Finding unit(const Event& e, Unit must) const {
    return of(e, {Fault::WrongUnit, fmt::format("unit '{}' (must be '{}')",
                                                event::to_string(e.unit), event::to_string(must))});
  }

  Finding value(const Event& e) const {
    if (!std::isfinite(e.value)) return of(e, {Fault::NotFinite, fmt::format("{}", e.value)});
    switch (e.kind) {
      case Kind::ToolStateChanged:
        if (e.unit != Unit::State) return unit(e, Unit::State);
        if (e.value != std::trunc(e.value) || e.value < 1.0 || e.value > 6.0)
          return outside(e, 1.0, 6.0);
        return {};
      case Kind::ReworkDecided:
        if (e.value != std::trunc(e.value) || e.value < 0.0 || e.value > StepsMax)
          return outside(e, 0.0, StepsMax);
        return {};
      case Kind::PriorityChanged:
        if (std::abs(e.value) > PriorityMax) return outside(e, -PriorityMax, PriorityMax);
        return {};
      case Kind::Measurement:
      case Kind::TraceSamples:
      case Kind::ConstantChanged:
      case Kind::RecipeChanged: return parameter(e);
      default: return {};
    }
  }

  Finding parameter(const Event& e) const {
    const Bounds bounds = bounds_of(e.unit);
    if (e.value < bounds.low || e.value > bounds.high) return outside(e, bounds.low, bounds.high);
    if (options_.ranges.empty()) return {};
    const std::string_view item = names_.name(Table::Item, e.item);
    for (const ItemRange& range : options_.ranges) {
      if (range.item != item) continue;
      if (e.unit != range.unit) return unit(e, range.unit);
      if (e.value < range.low || e.value > range.high) return outside(e, range.low, range.high);
    }
    return {};
  }

  const Arrival& arrival_;
  const event::Names& names_;
  const QualityOptions& options_;
};

}  // namespace

std::string_view to_string(Fault fault) noexcept {
  const auto k = static_cast<std::size_t>(fault);
  return k < Words.size() ? Words[k] : std::string_view{};
}

Finding check_message(const Arrival& arrival, const event::Names& names,
                      const QualityOptions& options) {
  const Check check(arrival, names, options);
  if (arrival.events.size() > options.events_max) {
    return {Fault::TooManyEvents, fmt::format("{} events in a message (at most {})",
                                              arrival.events.size(), options.events_max)};
  }
  if (Finding f = check.time(arrival.clock); !f.good()) {
    f.words = "the source's clock: " + f.words;
    return f;
  }
  for (const Event& e : arrival.events) {
    if (Finding f = check.one(e); !f.good()) return f;
  }
  return {};
}

Finding check_name(event::Table table, std::string_view name, const QualityOptions& options) {
  if (name.empty() || name.size() > options.name_bytes_max) {
    return {Fault::BadName,
            fmt::format("a {}'s name of {} bytes (1 to {})", event::to_string(table), name.size(),
                        options.name_bytes_max)};
  }
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      return {Fault::BadName, fmt::format("a {}'s name with the control character {:#04x}",
                                          event::to_string(table), byte)};
    }
  }
  if (!options.known.of(table).empty() && !options.known.find(table, name)) {
    return {Fault::UnknownName,
            fmt::format("the {} '{}' is not known here", event::to_string(table), name)};
  }
  return {};
}

}  // namespace twin::link
