#include "twins/fab/decide/starts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "twin/core/expect.hpp"
#include "twins/fab/floor.hpp"

namespace twins::fab::decide {

using twin::core::Never;

ProductStarts starts_of(const Layout& m, std::uint32_t product, Tick now) {
  ProductStarts starts;
  for (std::uint32_t s = 0; s < m.streams.size(); ++s) {
    const StreamInfo& stream = m.streams[s];
    const double last = static_cast<double>(stream.start) +
                        stream.interval_ms * (static_cast<double>(stream.count) - 1.0);
    if (stream.product != product || stream.count == 0 || !(stream.interval_ms > 0.0) ||
        last <= static_cast<double>(now))
      continue;
    starts.streams.push_back(s);
    starts.per_day += stream.lots_per_release * DayMs / stream.interval_ms;
  }
  return starts;
}

std::vector<Paced> paced(const Layout& m, std::span<const Mix> mixes, Tick now) {
  std::vector<Paced> all;
  for (const Mix& mix : mixes) {
    const ProductStarts starts = starts_of(m, mix.product, now);
    TWIN_EXPECT(starts.per_day > 0.0, mix.product);
    const double stretch = mix.starts_per_day > 0.0 ? starts.per_day / mix.starts_per_day
                                                    : std::numeric_limits<double>::infinity();
    for (const std::uint32_t s : starts.streams) all.push_back({s, stretch});
  }
  TWIN_EXPECT(all.size() <= MostStreams, all.size());
  return all;
}

Starts::Starts(const AnyFab& fab, State& x, std::span<const double> theta, twin::core::Draw draw,
               std::vector<Paced> streams)
    : fab_(fab), x_(x), theta_(theta), draw_(draw) {
  if (streams.empty()) return;
  for (const Paced& p : streams) {
    clocks_.emplace_back();
    clocks_.back().of = p;
    clocks_.back().since = std::max(x.now, fab.layout().streams[p.stream].start);
  }
  std::vector<twin::des::Event> others;
  for (const twin::des::Event& e : x.agenda.sorted()) {
    const auto clock = std::ranges::find_if(clocks_, [&](const Clock& c) {
      return e.kind == static_cast<std::uint16_t>(Happens::Release) && e.who == c.of.stream;
    });
    if (clock == clocks_.end())
      others.push_back(e);
    else
      clock->unstretched = e.at;
  }
  x.agenda.assign(std::move(others), x.agenda.next_seq());
  for (Clock& clock : clocks_) {
    clock.next = stretched(clock);
    if (clock.next != Never) clock.next = std::max(clock.next, x.now + 1);
    // Who waits for a full batch must know that no lot comes any more.
    if (clock.next == Never)
      x.releases[clock.of.stream] = fab.layout().streams[clock.of.stream].count;
  }
}

Tick Starts::stretched(const Clock& clock) const {
  if (clock.unstretched == Never || !std::isfinite(clock.of.stretch)) return Never;
  const double ahead = static_cast<double>(clock.unstretched - clock.since) * clock.of.stretch;
  constexpr double Far = 1e17;  // [ms] three million years
  return ahead < Far ? clock.since + to_ticks(ahead) : Never;
}

Tick Starts::next() const {
  Tick first = Never;
  for (const Clock& clock : clocks_) first = std::min(first, clock.next);
  return first;
}

void Starts::at() {
  TWIN_EXPECT(x_.now == next(), x_.now, next());
  for (std::size_t n = 0; n < clocks_.size(); ++n)
    while (clocks_[n].next == x_.now) start(n);
}

// The engine's own release, but for the numbers and for its next event.
void Starts::start(std::size_t n) {
  Clock& clock = clocks_[n];
  const Layout& m = fab_.layout();
  const std::uint32_t stream = clock.of.stream;
  const QueueRule rule{{}, &fab_};
  NoSink none;
  Floor::Laws laws{m, rule, x_, theta_.data(), draw_, none};
  std::optional<Gate> gate;  // what it lets in, it lets in when the run goes on
  if (fab_.beside().release) gate.emplace(*fab_.beside().release, m, x_);
  if (gate) laws.gate = &*gate;
  const std::uint32_t id = x_.next_lot_id, serial = x_.next_serial;
  const std::uint64_t k = x_.releases[stream]++;
  for (std::uint32_t i = 0; i < m.streams[stream].lots_per_release; ++i) {
    x_.next_lot_id = x_.next_serial = FirstStarted +
                                      static_cast<std::uint32_t>(n) * StartedNumbers +
                                      clock.lots++ % StartedNumbers;
    laws.release_lot(stream);
  }
  x_.next_lot_id = id;
  x_.next_serial = serial;
  // Dispatching is the engine's own, first of all when the run goes on.
  for (const Touch& t : x_.touched) {
    x_.groups[t.group].touched = false;
    x_.agenda.push(x_.now, t.group, static_cast<std::uint16_t>(Happens::Dispatch), 0);
  }
  x_.touched.clear();
  if (k + 1 < m.streams[stream].count) {
    clock.unstretched = laws.next_release(stream, k, clock.unstretched);
    clock.next = std::max(stretched(clock), x_.now);
  } else {
    clock.next = Never;
  }
}

}  // namespace twins::fab::decide
