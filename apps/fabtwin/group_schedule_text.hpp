// A plan for a tool group for people and for programs: what it rests on, bars of its tools' next hours, its jobs.
#pragma once
#include <string>

#include "apps/fabtwin/json.hpp"
#include "twins/fab/decide/group_schedule.hpp"

namespace apps::fabtwin {

struct GroupScheduleShown {
  const twins::fab::Layout& layout;
  const twins::fab::decide::GroupScheduleAsked& asked;
  const twins::fab::decide::GroupSchedule& schedule;
  double day = 0.0;  // [day] of the present
};

std::string group_schedule_text(const GroupScheduleShown& shown);
Json group_schedule_json(const GroupScheduleShown& shown);

}  // namespace apps::fabtwin
