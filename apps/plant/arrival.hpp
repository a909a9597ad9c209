// The plant's messages as a link would hand them over, without the bytes of any protocol: the fast
// way from the simulated wire to whoever takes link::Arrival.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "apps/plant/source.hpp"
#include "twin/event/names.hpp"
#include "twin/link/arrival.hpp"
#include "twins/fab/event_names.hpp"

namespace apps::plant {

// How the plant names its lots: "L42". Its number back; nothing where it is no such name.
std::string lot_name(std::uint32_t lot);
std::optional<std::uint32_t> lot_number(std::string_view name);

class Arrivals {
 public:
  // Both must outlive this.
  Arrivals(const Sources& sources, const twins::fab::EventNames& names);

  // arrived: [tick]. Times become [ms since 1970], also those that stand as values (Unit::Tick);
  // `at` is the source's clock. Lots are named (lot_name) and numbered anew; all else keeps its
  // number.
  [[nodiscard]] twin::link::Arrival arrival(const Message& message, Tick arrived);

  // The tables behind the arrivals' numbers; grows with the lots.
  [[nodiscard]] const twin::event::Names& names() const { return names_; }

 private:
  const Sources& sources_;
  twin::event::Names names_;
};

}  // namespace apps::plant
