// What the door asks of a record: to append, to say how many entries there are, and to show one
// again. The journal is one such; tests use one in memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "twin/core/record.hpp"

namespace twin::link {

enum class Kept : std::uint8_t {
  New,        // appended, not durable yet
  Duplicate,  // an Observation of this sensor, epoch and number was there already
  Full,       // cannot be appended now
};

struct Appended {
  Kept kept = Kept::Full;
  std::uint64_t index = 0;  // of the entry, where it is new
};

class Recorder {
 public:
  Recorder() = default;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  virtual ~Recorder() = default;

  [[nodiscard]] virtual Appended append(core::Entry&& entry) = 0;
  [[nodiscard]] virtual std::uint64_t entries() const = 0;  // how many there are, durable or not
  // The entry; nothing where there is none of that index. Slow: for people's questions alone.
  [[nodiscard]] virtual std::optional<core::Entry> entry(std::uint64_t index) = 0;
};

// A record in memory that takes what `room` allows. It refuses no duplicates: the door's own memory
// must.
class VectorRecorder : public Recorder {
 public:
  std::vector<core::Entry> all = {};
  std::size_t room = static_cast<std::size_t>(-1);  // [entries]

  Appended append(core::Entry&& entry) override {
    if (all.size() >= room) return {};
    all.push_back(std::move(entry));
    return {.kept = Kept::New, .index = all.size() - 1};
  }
  std::uint64_t entries() const override { return all.size(); }
  std::optional<core::Entry> entry(std::uint64_t index) override {
    if (index >= all.size()) return std::nullopt;
    return all[static_cast<std::size_t>(index)];
  }
};

}  // namespace twin::link
