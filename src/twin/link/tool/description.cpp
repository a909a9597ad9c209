#include "twin/link/tool/description.hpp"

#include "twin/core/hash.hpp"
#include "twin/link/secs/codec.hpp"

namespace twin::link::tool {

std::uint32_t Description::variable(std::string_view called) const noexcept {
  for (std::size_t k = 0; k < variables.size(); ++k) {
    if (variables[k].name == called) return static_cast<std::uint32_t>(k);
  }
  return None;
}

std::uint32_t Description::variable(Role role) const noexcept {
  for (std::size_t k = 0; k < variables.size(); ++k) {
    if (variables[k].role == role) return static_cast<std::uint32_t>(k);
  }
  return None;
}

std::uint32_t Description::event(Moment role) const noexcept {
  for (std::size_t k = 0; k < events.size(); ++k) {
    if (events[k].role == role) return static_cast<std::uint32_t>(k);
  }
  return None;
}

std::uint64_t Description::digest() const {
  core::Hash64 hash;
  const auto key = [&](const secs::Key& k) {
    const std::string text = secs::to_string(k) + "\n";
    hash.absorb(text.data(), text.size());
  };
  const auto count = [&](std::size_t n) {
    const std::uint64_t wide = n;
    hash.absorb(&wide, sizeof wide);
  };
  for (const Report& report : reports) {
    key(report.id);
    count(report.variables.size());
    for (const std::uint32_t v : report.variables) key(variables[v].id);
  }
  for (const CollectionEvent& event : events) {
    key(event.id);
    count(event.reports.size());
    for (const std::uint32_t r : event.reports) key(reports[r].id);
  }
  for (const Trace& trace : traces) {
    key(trace.id);
    count(static_cast<std::size_t>(trace.period_ms));
    count(trace.samples);
    count(trace.group);
    for (const Signal& signal : trace.signals) key(variables[signal.variable].id);
  }
  return hash.digest();
}

}  // namespace twin::link::tool
