// What a lot's way through the fab takes when nothing else is in it: raw process time, the
// remaining work that the critical ratio uses, and RPT, the flow factor's denominator. Pure
// arithmetic on a Description; no simulation.
#pragma once
#include <cstdint>
#include <vector>

#include "twins/fab/description.hpp"

namespace twins::fab {

// How often a rework step of rework probability q and sampling probability s sends a lot back. The
// model decides at the end of a step, so only a performed step can: s*q. Published RPT tables count
// q whether or not the step was sampled.
enum class ReworkCount : std::uint8_t { WhenPerformed, AtEveryVisit };

struct RouteTimeOptions {
  std::uint32_t wafers = 25;  // in the lot
  ReworkCount rework = ReworkCount::WhenPerformed;
};

struct RouteTime {
  double process_ms =
      0.0;  // [ms] sum of sampling x mean process time; no load, transport, rework or setup
  double work_ms = 0.0;  // [ms] the same with load and unload: remaining_ms at the first step
  double rpt_ms =
      0.0;  // [ms] expected time in an empty fab: with load, transport and rework, no setup
  double performed_steps = 0.0;  // expected number of performed steps, rework included
  std::vector<double>
      visits;  // [step] expected arrivals of a lot at the step, skipped ones included
  std::vector<double>
      remaining_ms;  // [step] critical ratio's remaining work from this step on, this one included
  bool operator==(const RouteTime&) const = default;
};

// Mean time from the start of processing to its end for a job of one lot that is alone in the tool
// [ms]. Two serial slots with interval c: the last of n wafers enters after (n-1)c and stays p, so
// p + (n-1)c.
double process_alone_ms(const ToolGroup& group, const Step& step, std::uint32_t wafers);

RouteTime route_time(const Description& fab, const Route& route,
                     const RouteTimeOptions& options = {});

}  // namespace twins::fab
