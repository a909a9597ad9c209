// The plant, its faulty wire, the door and the live mirror in one process under one virtual clock;
// and at every audited instant, as soon as all that was said up to then has come in, what the mirror
// believes of that instant against what was so.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apps/plant/comparison.hpp"
#include "apps/plant/site.hpp"
#include "twins/fab/live/live.hpp"

namespace cases::live {

using twins::fab::Tick;

struct PlantOptions {
  apps::plant::SiteOptions site = {};
  twins::fab::live::FollowOptions follow = {};
  Tick length = 0;  // [tick] of the run
  apps::plant::Demand demand = apps::plant::Demand::Certain;
};

using apps::plant::Audit;
using apps::plant::Demand;

struct Followed {
  std::vector<Audit> audits = {};  // each as soon as all that had been said by then was in
  // The same instants again when the run is over and a person has released from quarantine what
  // was true; those that the ladder still reaches.
  std::vector<Audit> afterwards = {};
  std::uint64_t events = 0;                    // true ones
  std::uint64_t messages = 0, deliveries = 0;  // said; that came in, corrupt ones included
  std::uint64_t accepted = 0, duplicates = 0, quarantined = 0;  // at the door
  std::uint64_t released = 0;          // of the quarantined, for they were true
  std::uint64_t lies = 0, ghosts = 0;  // told by the plant
  std::uint64_t missing = 0;           // messages, at the end
  bool all_in = false;
  twins::fab::live::Live live = {};
};

// Of a level, those of the network and of restarts: clocks are right, nobody says what is not so.
apps::plant::Faults faults_of_the_wire(std::string_view level);

Followed follow_plant(const std::shared_ptr<const twins::fab::Layout>& layout,
                      const PlantOptions& options);

}  // namespace cases::live
