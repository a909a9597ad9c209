// An equipment to which anything is said: each byte of the input chooses a message, an answer, an
// event of the tool or a time; the rest of the input is the message's body. It answers each primary
// that wants it at most once, and its spool and counts stay consistent.
#include <cstdint>
#include <set>
#include <span>

#include "twin/core/expect.hpp"
#include "twin/link/gem/equipment_test.hpp"
#include "twin/link/secs/codec.hpp"

namespace {

using namespace twin::link;       // NOLINT(google-build-using-namespace)
using namespace twin::link::gem;  // NOLINT(google-build-using-namespace)

class Input {
 public:
  Input(const std::uint8_t* bytes, std::size_t size) : left_(bytes, size) {}
  [[nodiscard]] bool empty() const { return left_.empty(); }
  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const std::uint8_t first = left_.front();
    left_ = left_.subspan(1);
    return first;
  }
  // A body: a length byte, then an item's bytes; nothing where they are none.
  std::optional<secs::Item> body() {
    const std::size_t size = std::min<std::size_t>(byte(), left_.size());
    auto item = secs::decode(left_.first(size), {.depth = 8, .items = 1'000, .memory = 1U << 20});
    left_ = left_.subspan(size);
    if (auto* good = std::get_if<secs::Item>(&item)) return std::move(*good);
    return std::nullopt;
  }

 private:
  std::span<const std::uint8_t> left_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const EquipmentModel model(tool::read_description(Etcher, "etcher.toml"));
  Equipment equipment(model, {.window = 2, .spool_max = 50});
  Input in(bytes, size);
  twin::core::Tick now = 1'514'764'800'000;
  std::uint32_t host_system = 0;
  std::uint32_t next_system = 1;
  std::set<std::uint32_t> asked;
  std::vector<secs::Message> ours;
  const auto flush = [&] {
    equipment.flush([&](const Outgoing& out) -> Post {
      if (out.message.is_primary()) {
        if (out.message.wants_reply) ours.push_back(out.message);
        if (out.message.wants_reply) ours.back().system = next_system;
        return {.outcome = Posted::Sent, .system = next_system++};
      }
      TWIN_ENSURE(asked.erase(out.message.system) == 1, "answered twice", out.message.system);
      return {.outcome = Posted::Sent};
    });
  };
  for (int steps = 0; steps < 500 && !in.empty(); ++steps) {
    switch (in.byte() % 8) {
      case 0:
      case 1:
      case 2: {  // the host says something
        secs::Message m;
        m.stream = in.byte() & 0x7F;
        m.function = static_cast<std::uint8_t>(in.byte() | 1U);
        m.wants_reply = true;
        m.system = ++host_system;
        m.body = in.body();
        asked.insert(m.system);
        equipment.received(m, now);
        break;
      }
      case 3:  // the host answers
        if (!ours.empty()) {
          const secs::Message m = ours.front();
          ours.erase(ours.begin());
          equipment.received(secs::reply_to(m, in.body()), now);
        }
        break;
      case 4:
        if (!ours.empty()) {
          equipment.failed(ours.front().system, now);
          ours.erase(ours.begin());
        }
        break;
      case 5: {
        const std::uint8_t what = in.byte();
        if (what % 4 == 0) equipment.selected(now);
        if (what % 4 == 1) {
          equipment.lost(now);
          ours.clear();
          asked.clear();
        }
        if (what % 4 == 2) equipment.go_online(now);
        if (what % 4 == 3) equipment.switch_to(what & 4 ? Control::Local : Control::Remote, now);
        break;
      }
      case 6:
        equipment.raise(in.byte() % model.description.events.size(), now);
        equipment.alarm(in.byte() % 2, (in.byte() & 1) != 0, now);
        break;
      case 7:
        now += in.byte() * 100;
        equipment.tick(now);
        break;
    }
    flush();
    while (auto happening = equipment.happened()) {
      if (happening->what == Happening::What::Command) equipment.answer(happening->request, {});
    }
    flush();
    TWIN_ENSURE(equipment.spooled() <= 50, equipment.spooled());
    TWIN_ENSURE(equipment.counts().acknowledged + equipment.counts().lost <=
                    equipment.counts().reported + equipment.counts().spooled,
                equipment.counts().acknowledged);
  }
  return 0;
}
