// A small site for the door's tests and benchmark: one record in memory, tools that report moves of
// lots.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "twin/link/door.hpp"

namespace twin::link {

inline constexpr core::Tick Start = 1'700'000'000'000;  // [ms since 1970]

// A record in memory that takes what `room` allows. It lets duplicates in: the door must not.
class VectorRecorder : public record::Recorder {
 public:
  std::vector<core::Entry> all = {};
  std::size_t room = static_cast<std::size_t>(-1);  // [entries]

  record::Receipt append(const core::Entry& entry) override {
    if (all.size() >= room) return {};
    all.push_back(entry);
    return {.outcome = record::Receipt::Outcome::Appended, .index = all.size() - 1};
  }
  std::uint64_t size() const override { return all.size(); }
  std::uint64_t durable() const override { return all.size(); }
};

struct Site {
  VectorRecorder recorder = {};
  event::Names names = {};  // of the one adapter
  DoorOptions door_options = {};
  Door door;
  std::uint64_t durable = 0;  // for who keeps count

  explicit Site(DoorOptions options = {})
      : door_options(std::move(options)), door(recorder, door_options) {}

  std::uint32_t lot(const std::string& name) { return names.add(event::Table::Lot, name); }

  // Message `seq` of a tool: one a second, on the line for 10 ms; each speaks of a lot of its own.
  Arrival move(std::uint64_t seq, std::uint32_t tool = 0) {
    const core::Tick at = Start + static_cast<core::Tick>(seq) * 1'000;
    const std::string name = "T" + std::to_string(tool);
    return {.source = "secs/" + name,
            .epoch = 1,
            .seq = seq,
            .clock = at,
            .arrived = at + 10,
            .events = {{.at = at,
                        .lot = lot("L" + std::to_string(seq)),
                        .tool = names.add(event::Table::Tool, name),
                        .kind = event::Kind::ProcessingEnded}}};
  }

  // Takes it, makes it durable, and answers what became of it.
  Taken take(Arrival arrival) {
    Taken taken = Taken::Refused;
    door.take(std::move(arrival), names, [&](Taken t) { taken = t; });
    door.on_durable(recorder.size());
    return taken;
  }

  [[nodiscard]] Release release(std::uint64_t observation, std::string why, core::Tick now) {
    return door.release(
        {.observation = observation, .who = "eva", .why = std::move(why), .now = now},
        [&](std::uint64_t index) -> std::optional<core::Entry> { return recorder.all.at(index); });
  }

  [[nodiscard]] SourceState state(const char* source = "secs/T0") const {
    return door.source(source, Start).value();
  }

  [[nodiscard]] std::vector<std::string> notes(const std::string& kind) const {
    std::vector<std::string> texts;
    for (const core::Entry& entry : recorder.all) {
      const auto* note = std::get_if<core::Note>(&entry);
      if (note != nullptr && note->kind == kind) texts.push_back(note->text);
    }
    return texts;
  }
};

}  // namespace twin::link
