// What contradicts what was said before, by event times alone, so that honest messages may come in
// any order: a lot in two tools, done before started, more moves in a second than there can be.
// What only the order of all sources can show is left to the mirror, behind the watermark.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "twin/event/event.hpp"
#include "twin/event/names.hpp"
#include "twin/link/quality.hpp"

namespace twin::link {

class Plausible {
 public:
  // Whether the events can be true beside what was learnt. Numbered by the door's names.
  [[nodiscard]] Finding check(std::span<const event::Event> events, const event::Names& names,
                              const QualityOptions& options);
  void learn(std::span<const event::Event> events);

  bool operator==(const Plausible& other) const {
    return lots_ == other.lots_ && rates_ == other.rates_;
  }
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("lots", self.lots_);
    archive("rates", self.rates_);
  }

 private:
  static constexpr std::size_t StaysKept = 3;  // of a lot: rework and late messages reach back
  static constexpr std::size_t Phases = 4;     // loaded, started, ended, unloaded
  static constexpr std::size_t Cells = 8;  // seconds of which a rate is remembered; a power of two

  struct Stay {  // of a lot in a tool, at one visit
    std::uint32_t visit = event::None;
    std::uint32_t tool = event::None;
    std::array<core::Tick, Phases> at = {};  // [phase] Never: not said
    [[nodiscard]] core::Tick first() const;
    [[nodiscard]] core::Tick last() const;  // Never: none is said
    bool operator==(const Stay&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("visit", self.visit);
      archive("tool", self.tool);
      archive("at", self.at);
    }
  };
  struct Lot {
    std::array<Stay, StaysKept> stays = {};  // [by visit mod StaysKept]
    bool operator==(const Lot&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("stays", self.stays);
    }
  };
  struct Rate {  // of one kind from one source
    std::array<std::int64_t, Cells> second = {};
    std::array<std::uint32_t, Cells> count = {};
    bool operator==(const Rate&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("second", self.second);
      archive("count", self.count);
    }
  };

  [[nodiscard]] Finding rate(std::span<const event::Event> events, const event::Names& names,
                             const QualityOptions& options);
  [[nodiscard]] Finding stay(const event::Event& e, const event::Names& names,
                             const QualityOptions& options) const;
  void learn_stay(const event::Event& e);

  std::vector<Lot> lots_;                                      // [lot]
  std::vector<std::pair<std::size_t, std::int64_t>> seconds_;  // of the message at hand: no state
  std::vector<std::vector<Rate>> rates_;                       // [source][kind]
};

}  // namespace twin::link
