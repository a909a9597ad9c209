// A host to which anything is said. Whatever comes, it sends nothing that changes a tool, has one
// primary outstanding beside S1F13, and acknowledges a report only when it is told to.
#include <cstdint>
#include <set>
#include <span>

#include "twin/core/expect.hpp"
#include "twin/link/gem/equipment_test.hpp"
#include "twin/link/gem/host.hpp"
#include "twin/link/secs/changes.hpp"
#include "twin/link/secs/codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace twin::link;       // NOLINT(google-build-using-namespace)
  using namespace twin::link::gem;  // NOLINT(google-build-using-namespace)
  static const EquipmentModel model(tool::read_description(Etcher, "etcher.toml"));
  Host host(
      model,
      {.tool = "T", .configuration = hsms::Configuration::BySiteFile, .unacknowledged_max = 20});
  std::span<const std::uint8_t> left(bytes, size);
  const auto byte = [&]() -> std::uint8_t {
    if (left.empty()) return 0;
    const std::uint8_t first = left.front();
    left = left.subspan(1);
    return first;
  };
  const auto body = [&]() -> std::optional<secs::Item> {
    const std::size_t length = std::min<std::size_t>(byte(), left.size());
    auto item = secs::decode(left.first(length), {.depth = 8, .items = 1'000, .memory = 1U << 20});
    left = left.subspan(length);
    if (auto* good = std::get_if<secs::Item>(&item)) return std::move(*good);
    return std::nullopt;
  };
  twin::core::Tick now = 1'514'764'800'000;
  std::uint32_t tool_system = 0, next_system = 1;
  std::set<std::uint32_t> reports, taken;  // system bytes of what the tool has reported
  std::vector<secs::Message> asked;
  std::vector<std::uint64_t> tickets;
  std::vector<std::uint32_t> systems;
  const auto flush = [&] {
    host.flush([&](const Outgoing& out) -> Post {
      TWIN_ENSURE(secs::effect_of(out.message) != secs::Effect::Changes,
                  secs::name_of(out.message));
      if (!out.message.is_primary()) {
        TWIN_ENSURE(!reports.contains(out.message.system) || taken.contains(out.message.system),
                    "acknowledged too early");
        return {.outcome = Posted::Sent};
      }
      asked.push_back(out.message);
      asked.back().system = next_system;
      return {.outcome = Posted::Sent, .system = next_system++};
    });
  };
  for (int steps = 0; steps < 500 && !left.empty(); ++steps) {
    switch (byte() % 6) {
      case 0: {
        secs::Message m;
        m.stream = byte() & 0x7F;
        m.function = static_cast<std::uint8_t>(byte() | 1U);
        m.wants_reply = true;
        m.system = 0x8000'0000U + ++tool_system;
        m.body = body();
        if (host.phase() != Phase::NoLine && host.phase() != Phase::Establishing &&
            (m.is(6, 11) || m.is(6, 1) || m.is(5, 1) || m.is(6, 3) || m.is(6, 13))) {
          reports.insert(m.system);
        }
        host.received(std::move(m), {}, now);
        break;
      }
      case 1:
        if (!asked.empty()) {
          const secs::Message m = asked.front();
          asked.erase(asked.begin());
          host.received(secs::reply_to(m, body()), {}, now);
        }
        break;
      case 2:
        if (!asked.empty()) {
          host.failed(asked.front().system, static_cast<hsms::Why>(byte() % 17), now);
          asked.erase(asked.begin());
        }
        break;
      case 3:
        if (byte() % 4 == 0) {
          host.lost(now);
          asked.clear();
        } else if (host.phase() == Phase::NoLine) {
          host.selected(now);
        }
        break;
      case 4:
        now += byte() * 100;
        host.tick(now);
        break;
      case 5:
        if (!tickets.empty()) {
          const auto outcome = static_cast<Taken>(byte() % 4);
          if (outcome != Taken::Refused) taken.insert(systems.front());
          host.taken(tickets.front(), outcome, now);
          tickets.erase(tickets.begin());
          systems.erase(systems.begin());
        }
        break;
    }
    flush();
    while (auto news = host.next()) {
      if (news->what != News::What::Report) continue;
      tickets.push_back(news->ticket);
      systems.push_back(news->message.system);
    }
    TWIN_ENSURE(host.unacknowledged() <= 20, host.unacknowledged());
  }
  return 0;
}
