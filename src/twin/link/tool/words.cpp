#include "twin/link/tool/words.hpp"

#include <array>

namespace twin::link::tool {
namespace {

// clang-format off
constexpr std::array Roles = {
    Word{Role::Clock, "clock"},
    Word{Role::Counter, "counter"},
    Word{Role::Epoch, "epoch"},
    Word{Role::ControlState, "control_state"},
    Word{Role::AlarmsSet, "alarms_set"},
    Word{Role::AlarmId, "alarm_id"},
    Word{Role::EventsEnabled, "events_enabled"},
    Word{Role::ChangedConstant, "changed_constant"},
    Word{Role::ChangedRecipe, "changed_recipe"},
    Word{Role::SpoolCountActual, "spool_count_actual"},
    Word{Role::SpoolCountTotal, "spool_count_total"},
    Word{Role::SpoolStartTime, "spool_start_time"},
    Word{Role::SpoolFullTime, "spool_full_time"},
    Word{Role::LimitVariable, "limit_variable"},
    Word{Role::LimitCrossed, "limit_crossed"},
    Word{Role::LimitDirection, "limit_direction"},
    Word{Role::EstablishTimeout, "establish_timeout"},
    Word{Role::TimeFormat, "time_format"},
    Word{Role::EnableSpooling, "enable_spooling"},
    Word{Role::MaxSpoolTransmit, "max_spool_transmit"},
    Word{Role::OverwriteSpool, "overwrite_spool"},
};
constexpr std::array Moments = {
    Word{Moment::Offline, "offline"},
    Word{Moment::Local, "local"},
    Word{Moment::Remote, "remote"},
    Word{Moment::AlarmSet, "alarm_set"},
    Word{Moment::AlarmCleared, "alarm_cleared"},
    Word{Moment::ConstantChanged, "constant_changed"},
    Word{Moment::RecipeChanged, "recipe_changed"},
    Word{Moment::SpoolOn, "spool_on"},
    Word{Moment::SpoolOff, "spool_off"},
    Word{Moment::SpoolFailed, "spool_failed"},
    Word{Moment::LimitCrossed, "limit_crossed"},
    Word{Moment::ClockSet, "clock_set"},
    Word{Moment::Terminal, "terminal"},
};
constexpr std::array Fields = {
    Word{Field::Lot, "lot"},         Word{Field::Wafers, "wafers"}, Word{Field::Carrier, "carrier"},
    Word{Field::Tool, "tool"},       Word{Field::Chamber, "chamber"}, Word{Field::Route, "route"},
    Word{Field::Step, "step"},       Word{Field::Visit, "visit"},   Word{Field::Recipe, "recipe"},
    Word{Field::Job, "job"},         Word{Field::Item, "item"},     Word{Field::Value, "value"},
    Word{Field::Unit, "unit"},       Word{Field::Quality, "quality"},
};
constexpr std::array FormatWords = {
    Word{secs::Kind::List, "L"},     Word{secs::Kind::Binary, "B"}, Word{secs::Kind::Boolean, "BOOLEAN"},
    Word{secs::Kind::Ascii, "A"},    Word{secs::Kind::Jis, "J"},
    Word{secs::Kind::I1, "I1"},      Word{secs::Kind::I2, "I2"},    Word{secs::Kind::I4, "I4"},
    Word{secs::Kind::I8, "I8"},      Word{secs::Kind::U1, "U1"},    Word{secs::Kind::U2, "U2"},
    Word{secs::Kind::U4, "U4"},      Word{secs::Kind::U8, "U8"},    Word{secs::Kind::F4, "F4"},
    Word{secs::Kind::F8, "F8"},
};
constexpr std::array Classes = {
    Word{Class::Status, "status"}, Word{Class::Discrete, "discrete"}, Word{Class::Constant, "constant"},
};
// clang-format on

static_assert(Roles.size() == RoleCount - 1 && Moments.size() == MomentCount - 1 &&
              Fields.size() == FieldCount);

}  // namespace

std::span<const Word<Role>> roles() noexcept { return Roles; }
std::span<const Word<Moment>> moments() noexcept { return Moments; }
std::span<const Word<Field>> fields() noexcept { return Fields; }
std::span<const Word<secs::Kind>> formats() noexcept { return FormatWords; }
std::span<const Word<Class>> classes() noexcept { return Classes; }

std::string_view to_string(Field field) noexcept { return text_of(fields(), field); }

}  // namespace twin::link::tool
