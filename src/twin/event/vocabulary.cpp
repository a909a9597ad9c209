// The texts of the schema's words, and the look-up both ways.
#include "twin/event/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace twin::event {
namespace {

constexpr std::array KindWords = {
    Word{Kind::Unknown, "unknown"},
    Word{Kind::LotReleased, "lot_released"},
    Word{Kind::ArrivedAtQueue, "arrived_at_queue"},
    Word{Kind::SkippedBySampling, "skipped_by_sampling"},
    Word{Kind::SetupStarted, "setup_started"},
    Word{Kind::LoadStarted, "load_started"},
    Word{Kind::ProcessingStarted, "processing_started"},
    Word{Kind::ProcessingSuspended, "processing_suspended"},
    Word{Kind::ProcessingResumed, "processing_resumed"},
    Word{Kind::ProcessingEnded, "processing_ended"},
    Word{Kind::Unloaded, "unloaded"},
    Word{Kind::BatchFormed, "batch_formed"},
    Word{Kind::ReworkDecided, "rework_decided"},
    Word{Kind::Moved, "moved"},
    Word{Kind::Held, "held"},
    Word{Kind::ReleasedFromHold, "released_from_hold"},
    Word{Kind::Split, "split"},
    Word{Kind::Merged, "merged"},
    Word{Kind::Scrapped, "scrapped"},
    Word{Kind::PriorityChanged, "priority_changed"},
    Word{Kind::Finished, "finished"},
    Word{Kind::ToolStateChanged, "tool_state_changed"},
    Word{Kind::PmDue, "pm_due"},
    Word{Kind::PmStarted, "pm_started"},
    Word{Kind::PmEnded, "pm_ended"},
    Word{Kind::ToolDown, "tool_down"},
    Word{Kind::ToolUp, "tool_up"},
    Word{Kind::RecipeChanged, "recipe_changed"},
    Word{Kind::ConstantChanged, "constant_changed"},
    Word{Kind::ClockChanged, "clock_changed"},
    Word{Kind::AlarmSet, "alarm_set"},
    Word{Kind::AlarmCleared, "alarm_cleared"},
    Word{Kind::Measurement, "measurement"},
    Word{Kind::TraceSamples, "trace_samples"},
    Word{Kind::CommandApproved, "command_approved"},
    Word{Kind::CommandSent, "command_sent"},
    Word{Kind::CommandAcknowledged, "command_acknowledged"},
    Word{Kind::CommandFailed, "command_failed"},
    Word{Kind::CommandVerified, "command_verified"},
};

constexpr std::array UnitWords = {
    Word{Unit::None, ""},
    Word{Unit::Count, "count"},
    Word{Unit::Tick, "tick"},
    Word{Unit::Millisecond, "ms"},
    Word{Unit::Second, "s"},
    Word{Unit::Minute, "min"},
    Word{Unit::Hour, "h"},
    Word{Unit::Day, "d"},
    Word{Unit::Nanometre, "nm"},
    Word{Unit::Micrometre, "um"},
    Word{Unit::Millimetre, "mm"},
    Word{Unit::Metre, "m"},
    Word{Unit::Celsius, "Cel"},
    Word{Unit::Kelvin, "K"},
    Word{Unit::Pascal, "Pa"},
    Word{Unit::Torr, "Torr"},
    Word{Unit::Watt, "W"},
    Word{Unit::Volt, "V"},
    Word{Unit::Ampere, "A"},
    Word{Unit::Hertz, "Hz"},
    Word{Unit::Sccm, "sccm"},
    Word{Unit::Percent, "%"},
    Word{Unit::PartsPerMillion, "[ppm]"},
    Word{Unit::NanometrePerMinute, "nm/min"},
    Word{Unit::Degree, "deg"},
    Word{Unit::Ohm, "Ohm"},
    Word{Unit::OhmPerSquare, "Ohm/sq"},
    Word{Unit::MillijoulePerSquareCentimetre, "mJ/cm2"},
    Word{Unit::PerSquareCentimetre, "/cm2"},
    Word{Unit::KiloelectronVolt, "keV"},
    Word{Unit::Gram, "g"},
    Word{Unit::Litre, "L"},
    Word{Unit::MillilitrePerMinute, "mL/min"},
    Word{Unit::KilowattHour, "kW.h"},
    Word{Unit::State, "state"},
};

constexpr std::array QualityWords = {
    Word{Quality::Good, "good"},
    Word{Quality::Uncertain, "uncertain"},
    Word{Quality::Bad, "bad"},
    Word{Quality::Substituted, "substituted"},
};

constexpr std::array ToolStateWords = {
    Word{ToolState::Productive, "productive"},
    Word{ToolState::Standby, "standby"},
    Word{ToolState::Engineering, "engineering"},
    Word{ToolState::ScheduledDown, "scheduled_down"},
    Word{ToolState::UnscheduledDown, "unscheduled_down"},
    Word{ToolState::NonScheduled, "non_scheduled"},
};

// Text by number: one load instead of a search.
template <std::size_t Size, class Words>
constexpr std::array<std::string_view, Size> by_number(const Words& words) {
  std::array<std::string_view, Size> texts{};
  for (const auto& word : words) texts[static_cast<std::size_t>(word.value)] = word.text;
  return texts;
}

template <class Words>
constexpr Words by_text(Words words) {
  std::sort(words.begin(), words.end(),
            [](const auto& a, const auto& b) { return a.text < b.text; });
  return words;
}

constexpr auto KindTexts = by_number<128>(KindWords);
constexpr auto UnitTexts = by_number<UnitWords.size()>(UnitWords);
constexpr auto QualityTexts = by_number<QualityWords.size()>(QualityWords);
constexpr auto ToolStateTexts = by_number<ToolStateWords.size() + 1>(ToolStateWords);
constexpr auto KindsSorted = by_text(KindWords);
constexpr auto UnitsSorted = by_text(UnitWords);

template <class Enum, class Texts>
std::string_view text_of_vocabulary(Enum value, const Texts& texts) noexcept {
  const auto number = static_cast<std::size_t>(value);
  return number < texts.size() ? texts[number] : std::string_view{};
}

template <class Enum, std::size_t Size>
std::optional<Enum> search(const std::array<Word<Enum>, Size>& sorted,
                           std::string_view text) noexcept {
  const auto found =
      std::lower_bound(sorted.begin(), sorted.end(), text,
                       [](const Word<Enum>& word, std::string_view t) { return word.text < t; });
  if (found == sorted.end() || found->text != text) return std::nullopt;
  return found->value;
}

template <class Enum, std::size_t Size>
std::optional<Enum> scan(const std::array<Word<Enum>, Size>& words,
                         std::string_view text) noexcept {
  for (const auto& word : words) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}

}  // namespace

std::span<const Word<Kind>> kinds() noexcept { return KindWords; }
std::span<const Word<Unit>> units() noexcept { return UnitWords; }
std::span<const Word<Quality>> qualities() noexcept { return QualityWords; }
std::span<const Word<ToolState>> tool_states() noexcept { return ToolStateWords; }

std::string_view to_string(Kind kind) noexcept { return text_of_vocabulary(kind, KindTexts); }
std::string_view to_string(Unit unit) noexcept { return text_of_vocabulary(unit, UnitTexts); }
std::string_view to_string(Quality quality) noexcept {
  return text_of_vocabulary(quality, QualityTexts);
}
std::string_view to_string(ToolState state) noexcept {
  return text_of_vocabulary(state, ToolStateTexts);
}

std::optional<Kind> parse_kind(std::string_view text) noexcept { return search(KindsSorted, text); }
std::optional<Unit> parse_unit(std::string_view text) noexcept { return search(UnitsSorted, text); }
std::optional<Quality> parse_quality(std::string_view text) noexcept {
  return scan(QualityWords, text);
}
std::optional<ToolState> parse_tool_state(std::string_view text) noexcept {
  return scan(ToolStateWords, text);
}

}  // namespace twin::event
