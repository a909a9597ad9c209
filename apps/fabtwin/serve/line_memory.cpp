#include "apps/fabtwin/serve/line_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "twin/link/hsms/frame.hpp"
#include "twin/link/note_text.hpp"
#include "twin/link/secs/codec.hpp"
#include "twin/record/reader.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace gem = twin::link::gem;
namespace hsms = twin::link::hsms;
namespace secs = twin::link::secs;
using twin::link::Taken;

constexpr std::string_view Kind = "reports";

// A message of its frame without the length bytes, as adapters keep it.
std::optional<secs::Message> recorded_message(std::span<const std::uint8_t> frame) {
  if (frame.size() < hsms::HeaderBytes) return std::nullopt;
  secs::Message message = hsms::message_from(hsms::header_from(frame));
  if (frame.size() == hsms::HeaderBytes) return message;
  auto body = secs::decode(frame.subspan(hsms::HeaderBytes));
  if (std::holds_alternative<secs::Malformed>(body)) return std::nullopt;
  message.body = std::get<secs::Item>(std::move(body));
  return message;
}

}  // namespace

LineMemory& LineMemories::of(std::string_view tool) {
  const auto at = std::ranges::lower_bound(lines, tool, {}, &LineMemory::tool);
  if (at != lines.end() && at->tool == tool) return *at;
  return *lines.insert(at, LineMemory{.tool = std::string(tool)});
}

twin::core::Note reports_note(std::string_view tool, std::uint64_t defined, twin::core::Tick at) {
  return {.at = at,
          .kind = std::string(Kind),
          .text = fmt::format("{}\t{}", twin::link::one_field(tool), defined)};
}

void learn_reports(LineMemories& memories, const twin::core::Note& note) {
  if (note.kind != Kind) return;
  const auto fields = twin::link::fields_of(note.text);
  if (fields.size() != 2) return;
  const auto defined = twin::link::number_of<std::uint64_t>(fields[1]);
  if (defined) memories.of(fields[0]).defined = *defined;
}

void hear_again(LineMemories& memories, const gem::EquipmentModel& model, std::string_view source,
                const twin::core::Observation& observation) {
  constexpr std::string_view Begin = "secs/", Uncounted = "/host";
  if (!source.starts_with(Begin) || observation.raw.empty()) return;
  std::string_view tool = source.substr(Begin.size());
  const bool uncounted = tool.ends_with(Uncounted);
  if (uncounted) tool.remove_suffix(Uncounted.size());
  if (tool.find("/trace/") != tool.npos) return;  // tells no state
  auto message = recorded_message(observation.raw);
  if (!message) return;
  LineMemory& memory = memories.of(tool);
  gem::Adapter adapter(model, std::string(tool), std::move(memory.adapter));
  twin::event::Names names;  // nobody asks for the events
  (void)adapter.read({.what = gem::News::What::Report,
                      .at = observation.arrived,
                      .message = std::move(*message),
                      .frame = observation.raw},
                     uncounted ? observation.epoch : adapter.memory().session, names);
  memory.adapter = adapter.memory();
}

void catch_up(LineMemories& memories, const gem::EquipmentModel& model, twin::record::Disk& disk,
              const RecordEnd& end) {
  twin::record::Reader reader(disk, end.folder);
  reader.limit(end.durable);
  // What retention has removed is gone: a tool of which nothing is left is begun anew.
  reader.seek(std::max(memories.entries, reader.first()));
  const auto& sources = end.names->of(twin::event::Table::Source);
  for (twin::record::EntryView view; reader.next(view);) {
    if (view.kind == twin::record::EntryKind::Note && view.note_kind == Kind) {
      learn_reports(memories, std::get<twin::core::Note>(view.entry()));
    }
    if (view.kind != twin::record::EntryKind::Observation || view.sensor >= sources.size())
      continue;
    if (!sources[view.sensor].starts_with("secs/")) continue;
    hear_again(memories, model, sources[view.sensor],
               std::get<twin::core::Observation>(view.entry()));
  }
  memories.entries = std::max(memories.entries, end.durable);
}

}  // namespace apps::fabtwin::serve
