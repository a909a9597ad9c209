// The kinds of tool that a generated fab is made of, and their time scales. The numbers are
// aggregated statistics (range of process times, mean PM and repair times per area) computed from
// the public SMT2020 tables by Kopp, Hassoun, Kalir and Moench (IEEE Trans. Semicond. Manuf. 33(4),
// 2020); no step, route or tool of theirs is copied.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "twins/fab/description.hpp"

namespace twins::fab::generator {

enum class Family : std::uint8_t {
  LithoTrack,
  LithoScan,
  LithoCd,
  LithoReg,
  DryEtch,
  WetEtch,
  ThinFilm,
  Dielectric,
  Diffusion,
  Implant,
  DefectMet,
  Planar,
  FilmMet,
  Delay
};
inline constexpr std::size_t FamilyCount = 14;
inline constexpr std::size_t ToolFamilyCount =
    13;  // without Delay, which is a place to wait and not a tool

struct Profile {
  const char* name;  // of its tool groups, a number follows
  const char* area;
  std::uint32_t weight;  // share of the tool groups: SMT2020 has 105
  Step::Per per;
  double minutes_min, minutes_max;  // [min] process time of a step, per lot, piece or batch
  double cascade;                   // interval / process time; 0: one job at a time
  double sampling_min,
      sampling_max;           // probability; of those metrology steps that are not always performed
  double always;              // share of the steps that every lot gets
  double repair_minutes;      // [min] mean; failures come after a mean of one week of calendar time
  double week_pm_hours;       // [h] weekly PM; 0: none. Monthly and quarterly: see month_pm_hours;
                              // quarterly is twice that
  double month_pm_hours;      // [h]
  bool counts_wafers;         // its PM is due by wafers and not by the calendar
  double load_min, load_max;  // of available time: the target that a group of this family gets
};

const Profile& profile(Family family);

}  // namespace twins::fab::generator
