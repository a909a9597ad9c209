#include "twin/record/example.hpp"

#include "twin/core/expect.hpp"

namespace twin::record {

core::Entry ExampleEntries::next() {
  const core::Block b = draw_.block(1, 0, occasion_++);
  const core::Block c = draw_.block(2, 0, occasion_++);
  now_ += static_cast<core::Tick>(b[0] % 5000);
  if (b[0] % 997 == 0) now_ += 50'000'000;  // a night
  const auto bytes = [&](std::uint32_t count) {
    std::vector<std::uint8_t> out(count);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = static_cast<std::uint8_t>((b[i % 4] >> (i % 24)) + i);
    return out;
  };
  const auto values = [&](std::uint32_t count) {
    std::vector<double> out(count);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = core::uniform_of(c[i % 4]) - 0.5;
    return out;
  };
  const auto observation = [&] {
    const std::uint32_t sensor = c[0] % 4;
    return core::Observation{.at = now_ - static_cast<core::Tick>(c[1] % 700),
                             .arrived = now_,
                             .clock = now_ + static_cast<core::Tick>(c[2] % 90'000) - 45'000,
                             .sensor = sensor,
                             .epoch = static_cast<std::uint32_t>(count_ / 1000),
                             .sensor_seq = next_seq_[sensor]++ * (1 + c[3] % 2),
                             .values = values(c[3] % 3),
                             .event = bytes(b[1] % 60),
                             .raw = bytes(b[2] % 200)};
  };
  ++count_;
  switch (b[3] % 16) {
    case 0: return core::Advance{now_};
    case 1:
      return core::Action{.at = now_, .kind = c[0] % 9, .on = c[1], .values = values(c[2] % 4)};
    case 2: return core::Correction{.amends = b[1] % 1000, .now = observation()};
    case 3:
      return core::Note{.at = now_,
                        .kind = "names",
                        .text = "lot\t" + std::to_string(c[0]) + "\tL" + std::to_string(c[1])};
    default: {
      core::Observation o = observation();
      o.sensor_seq = count_;  // whatever the source: never twice
      return o;
    }
  }
}

std::vector<core::Entry> ExampleEntries::take(std::size_t count) {
  std::vector<core::Entry> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; ++i) all.push_back(next());
  return all;
}

core::Observation ExampleEntries::observation(std::uint64_t number, std::uint32_t sensors) {
  core::Observation o{.at = 1'790'000'000'000 + static_cast<core::Tick>(number / 10),
                      .arrived = 1'790'000'000'020 + static_cast<core::Tick>(number / 10),
                      .clock = 1'790'000'000'003 + static_cast<core::Tick>(number / 10),
                      .sensor = static_cast<std::uint32_t>(number % sensors),
                      .sensor_seq = number / sensors,
                      .event = std::vector<std::uint8_t>(40),
                      .raw = std::vector<std::uint8_t>(110)};
  for (std::size_t i = 0; i < o.event.size(); ++i)
    o.event[i] = static_cast<std::uint8_t>(number * 31 + i * 7);
  for (std::size_t i = 0; i < o.raw.size(); ++i)
    o.raw[i] = static_cast<std::uint8_t>((number >> (i % 16)) + i * 13);
  return o;
}

Origin example_origin(std::uint64_t salt) {
  return {.head = {.seed = 7, .model_version = "toy 1", .configuration = 0xabc},
          .created = 1'790'000'000'000,
          .salt = salt};
}

std::vector<core::Entry> write_example(Disk& disk, const std::string& folder,
                                       const ExampleJournal& example) {
  auto all = ExampleEntries(example.seed).take(example.count);
  const auto journal = Journal::create(disk, folder, example_origin(), example.options);
  for (std::size_t i = 0; i < all.size(); ++i) {
    TWIN_ENSURE(journal->append(all[i]).outcome == Receipt::Outcome::Appended, i);
    if (i % 7 == 6) {
      TWIN_ENSURE(journal->commit() == Committed::Durable, i);
    }
  }
  TWIN_ENSURE(journal->close() == Committed::Durable, journal->trouble());
  return all;
}

}  // namespace twin::record
