// SECS-II items made up from a seed, for tests and benchmarks: every kind, empty arrays, awkward
// texts and numbers, lists within lists; and the event report of a tool with many variables.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/link/secs/message.hpp"

namespace twin::link::secs {

namespace detail {

class ExampleItems {
 public:
  ExampleItems(std::uint64_t seed, std::uint64_t occasion)
      : draw_{.seed = seed}, occasion_(static_cast<std::uint32_t>(occasion)) {}

  Item item(int depth) {
    const Kind kind = AllKinds[word() % AllKinds.size()];
    if (kind == Kind::List) {
      std::vector<Item> items;
      if (depth < 5) {
        for (std::uint32_t left = word() % 6; left > 0; --left) items.push_back(item(depth + 1));
      }
      return list(std::move(items));
    }
    const std::uint32_t shape = word() % 16;  // few values, many now and then
    const std::size_t count = shape == 0 ? 0 : shape == 1 ? word() % 300 : 1 + shape % 3;
    std::vector<std::uint8_t> bytes;
    const bool readable = word() % 2 == 0;
    for (std::size_t k = 0; k < count * width_of(kind); ++k) {
      const std::uint32_t any = word();
      bytes.push_back(static_cast<std::uint8_t>(readable ? 0x20 + any % 0x5F : any % 256));
    }
    return {kind, bytes};
  }

 private:
  std::uint32_t word() { return draw_.block(1, occasion_, turn_++)[0]; }

  core::Draw draw_;
  std::uint32_t occasion_;
  std::uint32_t turn_ = 0;
};

}  // namespace detail

[[nodiscard]] inline Item example_item(std::uint64_t seed, std::uint64_t occasion) {
  return detail::ExampleItems(seed, occasion).item(0);
}

// S6F11 of one report: counter, epoch, lot, then numbers; `variables` in all, three at least.
[[nodiscard]] inline Message example_report(std::uint64_t counter, std::size_t variables) {
  std::vector<Item> values = {u4(counter % 0xFFFFFFFF), u2(1),
                              ascii("LOT" + std::to_string(counter))};
  for (std::size_t k = values.size(); k < variables; ++k) {
    values.push_back(k % 3 == 0   ? f8(452.5 + static_cast<double>(k))
                     : k % 3 == 1 ? u4(k * 1000)
                                  : ascii("STEP_" + std::to_string(k)));
  }
  return primary(6, 11, Reply::Wanted,
                 list(u4(0), u4(5001), list(list(u4(100), list(std::move(values))))));
}

}  // namespace twin::link::secs
