// A host and an equipment with a simulated line between them, under a virtual clock: bytes are late,
// the line is cut when a test says so. For tests and fuzzing.
#pragma once
#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "twin/link/gem/equipment.hpp"
#include "twin/link/gem/host.hpp"
#include "twin/link/gem/over_hsms.hpp"
#include "twin/link/hsms/session.hpp"

namespace twin::link::gem {

class SimulatedLine {
 public:
  struct Options {
    Tick begin = 1'514'764'800'000;  // [ms since 1970]
    Tick latency = 5;                // [ms] of each direction
    Tick durable = 3;                // [ms] until a report is durable
    std::uint32_t window = 1;
    hsms::Configuration configuration = hsms::Configuration::BySiteFile;
  };

  SimulatedLine(Host& host, Equipment& equipment, Options options)
      : now(options.begin),
        options_(options),
        host_(host),
        equipment_(equipment),
        host_session_(session(hsms::Role::Active, hsms::Side::Host)),
        equipment_session_(session(hsms::Role::Passive, hsms::Side::Equipment)) {}

  // Of each report; by default it is taken. Reports come with the time that they were handed out.
  std::function<Taken(const News&)> take = [](const News&) { return Taken::Accepted; };
  std::function<void(const News&)> heard = [](const News&) {};  // all other news
  std::uint64_t cut_after_frames = 0;  // the line is cut after so many chunks of bytes; 0: never
  Tick now;

  void run(Tick ms) {
    const Tick until = now + ms;
    while (true) {
      step();
      Tick at = until;
      for (const Tick t :
           {host_session_.deadline(), equipment_session_.deadline(), host_.deadline(),
            equipment_.deadline(), next_arrival(), next_durable()}) {
        at = std::min(at, t);
      }
      if (!connected_) at = std::min(at, std::max(now + 1, reconnect_at_));
      if (at >= until) break;
      now = std::max(now + 1, at);
    }
    now = until;
    step();
  }

  void cut() {
    if (!connected_) return;
    connected_ = false;
    to_host_.clear();
    to_equipment_.clear();
    reconnect_at_ = now + 10'001;  // T5
    host_session_.closed(now);
    equipment_session_.closed(now);
    exchange(host_, host_session_, now);
    exchange(equipment_, equipment_session_, now);
  }

  void hold_down(Tick until) { reconnect_at_ = std::max(reconnect_at_, until); }
  [[nodiscard]] std::uint64_t chunks() const { return chunks_; }
  [[nodiscard]] hsms::Session& host_session() { return host_session_; }
  [[nodiscard]] hsms::Session& equipment_session() { return equipment_session_; }

 private:
  struct Chunk {
    Tick at = 0;
    std::vector<std::uint8_t> bytes = {};
  };
  struct Durable {
    Tick at = 0;
    std::uint64_t ticket = 0;
    Taken outcome = Taken::Accepted;
  };

  [[nodiscard]] hsms::Options session(hsms::Role role, hsms::Side side) const {
    return {.role = role,
            .side = side,
            .tool = "TOOL",
            .pace = hsms::Pace::Together,
            .configuration = options_.configuration};
  }
  [[nodiscard]] Tick next_arrival() const {
    Tick at = core::Never;
    if (!to_host_.empty()) at = std::min(at, to_host_.front().at);
    if (!to_equipment_.empty()) at = std::min(at, to_equipment_.front().at);
    return at;
  }
  [[nodiscard]] Tick next_durable() const {
    return durable_.empty() ? core::Never : durable_.front().at;
  }

  void carry(hsms::Session& from, std::deque<Chunk>& to) {
    const auto bytes = from.outgoing();
    if (bytes.empty()) return;
    to.push_back({.at = now + options_.latency, .bytes = {bytes.begin(), bytes.end()}});
    from.sent(bytes.size(), now);
    ++chunks_;
  }

  void arrive(std::deque<Chunk>& from, hsms::Session& to) {
    while (!from.empty() && from.front().at <= now) {
      to.received(from.front().bytes, now);
      from.pop_front();
    }
  }

  // All that happens at this instant.
  void step() {
    if (!connected_ && now >= reconnect_at_ && host_session_.wants_line(now)) {
      connected_ = true;
      host_session_.connected(now);
      equipment_session_.connected(now);
    }
    for (int k = 0; k < 100; ++k) {
      const std::uint64_t before = chunks_;
      arrive(to_host_, host_session_);
      arrive(to_equipment_, equipment_session_);
      exchange(host_, host_session_, now);
      exchange(equipment_, equipment_session_, now);
      while (auto news = host_.next()) {
        if (news->what == News::What::Report) {
          durable_.push_back(
              {.at = now + options_.durable, .ticket = news->ticket, .outcome = take(*news)});
        } else {
          heard(*news);
        }
      }
      while (!durable_.empty() && durable_.front().at <= now) {
        host_.taken(durable_.front().ticket, durable_.front().outcome, now);
        durable_.pop_front();
      }
      exchange(host_, host_session_, now);
      if (connected_) {
        carry(host_session_, to_equipment_);
        carry(equipment_session_, to_host_);
        if (host_session_.closing() || equipment_session_.closing()) cut();
        if (cut_after_frames != 0 && chunks_ >= cut_after_frames) {
          cut_after_frames = 0;
          cut();
        }
      }
      if (chunks_ == before) return;
    }
  }

  Options options_;
  Host& host_;
  Equipment& equipment_;
  hsms::Session host_session_, equipment_session_;
  std::deque<Chunk> to_host_, to_equipment_;
  std::deque<Durable> durable_;
  std::uint64_t chunks_ = 0;
  Tick reconnect_at_ = 0;
  bool connected_ = false;
};

}  // namespace twin::link::gem
