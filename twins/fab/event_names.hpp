// The names behind the numbers of a fab's events: which number of a log's tables is which tool,
// route, product, setup, calendar and breakdown. The log out and the mirror share it.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/event/names.hpp"
#include "twins/fab/layout.hpp"

namespace twins::fab {

// Tools and routes have the layout's own numbers; lots have their serial numbers and no name.
struct EventNames {
  explicit EventNames(const Layout& layout);

  static constexpr std::uint32_t Fab = 0;  // source of what no tool says
  [[nodiscard]] static constexpr std::uint32_t source_of(std::uint32_t tool) { return tool + 1; }

  // Index of what an item means; None where it is nothing of that sort.
  [[nodiscard]] std::uint32_t setup(std::uint32_t item) const;
  [[nodiscard]] std::uint32_t product(std::uint32_t item) const;
  [[nodiscard]] std::uint32_t pm(const GroupInfo& group, std::uint32_t item) const;  // of its group
  [[nodiscard]] std::uint32_t breakdown(const GroupInfo& group, std::uint32_t item) const;

  twin::event::Names names;
  std::vector<std::uint32_t> setup_item;      // [setup]
  std::vector<std::uint32_t> product_item;    // [product]
  std::vector<std::uint32_t> group_item;      // [tool group] a destination of transport
  std::vector<std::uint32_t> pm_item;         // [Layout::pms]
  std::vector<std::uint32_t> breakdown_item;  // [Layout::breakdowns]
};

// The priority that a released lot of this product has unless the log says otherwise: the lowest of
// its streams, else of its listed lots.
std::int32_t usual_priority(const Layout& layout, std::uint32_t product);

// The class that counts a lot. `initial`: it stood in the fab at time zero. None where the layout
// knows no lots of this product.
enum class Origin : std::uint8_t { Released, InitialWip };
std::uint32_t class_of_lot(const Layout& layout, std::uint32_t product, std::int32_t priority,
                           Origin origin);

}  // namespace twins::fab
