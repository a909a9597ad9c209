#include "twins/fab/invariants.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab {
namespace {

TEST(Invariants, EachFaultIsSeen) {
  // Wrong: a broken State would pass as sound, and every test that relies on this with it.
  const auto layout = lively_fab({.breakdown = LayoutOptions::Breakdowns::Suspend});
  const auto fab = make_fab(layout, "fifo");
  const std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, {});
  const auto lot_in = [&](LotPlace place) {
    for (std::uint32_t l = 0; l < x.lots.size(); ++l)
      if (x.lots[l].place == place) return l;
    return None;
  };
  const auto long_line = [&] {
    for (std::uint32_t n = 0; n < x.lines.size(); ++n)
      if (x.lines[n].count >= 2) return n;
    return None;
  };
  const auto running = [&] {
    for (std::uint32_t t = 0; t < x.tools.size(); ++t)
      if (x.tools[t].jobs_inside == 1 && x.tools[t].breakdowns == 0) return t;
    return None;
  };
  const auto able = [&] {
    for (std::uint32_t t = 0; t < x.tools.size(); ++t)
      if (x.tools[t].able) return t;
    return None;
  };
  for (int hour = 1;; ++hour) {  // until all that is to be broken is there
    ASSERT_LT(hour, 2'000);
    fab->advance(x, theta, hour * static_cast<Tick>(HourMs), {});
    ASSERT_EQ(check_state(*layout, x), std::vector<std::string>{}) << "hour " << hour;
    if (lot_in(LotPlace::Moving) != None && lot_in(LotPlace::Free) != None && long_line() != None &&
        running() != None && able() != None)
      break;
  }
  const std::uint32_t line = long_line(), tool = running(), moving = lot_in(LotPlace::Moving);
  const std::vector<std::pair<const char*, std::function<void(State&)>>> faults = {
      {"WIP", [](State& y) { ++y.wip; }},
      {"line count", [&](State& y) { ++y.lines[line].count; }},
      {"line wafers", [&](State& y) { --y.lines[line].wafers; }},
      {"line tail", [&](State& y) { y.lines[line].tail = None; }},
      {"order", [&](State& y) { y.lots[y.lines[line].head].key += 1e15; }},
      {"lot out of its line",
       [&](State& y) { y.lines[line].head = y.lots[y.lines[line].head].next; }},
      {"place", [&](State& y) { y.lots[y.lines[line].head].place = LotPlace::Held; }},
      {"waiting", [](State& y) { ++y.groups[0].waiting; }},
      {"able list", [&](State& y) { y.groups[layout->tool_group[able()]].able_head = None; }},
      {"able flag", [&](State& y) { y.tools[able()].able = false; }},
      {"busy tool", [&](State& y) { y.tools[tool].jobs_inside = 2; }},
      {"job's lots", [&](State& y) { ++y.tools[tool].jobs[0].lots, ++y.tools[tool].jobs[1].lots; }},
      {"job's wafers",
       [&](State& y) { ++y.tools[tool].jobs[0].wafers, ++y.tools[tool].jobs[1].wafers; }},
      {"end of job", [&](State& y) { ++y.tools[tool].epoch; }},
      {"end of job's time",
       [&](State& y) { ++y.tools[tool].jobs[0].end, ++y.tools[tool].jobs[1].end; }},
      {"no future", [](State& y) { y.agenda.assign({}, 0); }},
      {"two arrivals",
       [&](State& y) { y.agenda.push(y.now, moving, static_cast<std::uint16_t>(2), 0); }},
      {"number", [&](State& y) { y.lots[moving].id = y.lots[y.lines[line].head].id; }},
      {"free list", [](State& y) { y.free_lot = None; }},
      {"maintenance asked", [](State& y) { ++y.tools[0].pms_pending; }},
      {"released", [](State& y) { ++y.class_tally[0].released; }},
      {"integral", [](State& y) { y.class_tally[0].release_ticks += 1'000'000'000'000; }},
      {"touched",
       [](State& y) {
         y.touched.push_back({0, None});
       }},
      {"another product's step",
       [&](State& y) {
         y.lots[moving].step = static_cast<std::uint32_t>(
             layout->steps.size() - 1 -
             (y.lots[moving].step >= layout->routes[1].first_step ? layout->steps.size() - 1 : 0));
       }},
  };
  for (const auto& [name, fault] : faults) {
    State y = x;
    fault(y);
    EXPECT_NE(check_state(*layout, y), std::vector<std::string>{}) << name;
  }
  EXPECT_NE(check_state(*layout, x, Future::Unknown), std::vector<std::string>{});
}

}  // namespace
}  // namespace twins::fab
