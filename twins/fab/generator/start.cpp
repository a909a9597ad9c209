#include "twins/fab/generator/start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "twin/core/expect.hpp"
#include "twins/fab/generator/question.hpp"

namespace twins::fab::generator {
namespace {

constexpr std::uint32_t LotWafers = 25;
constexpr double StartWeekMinutes = 10'080.0;
constexpr double SuperHotMinutes = 40'320.0;  // one lot in four weeks
constexpr std::uint64_t Endless = 200'000;    // lots of a stream: centuries
constexpr std::int32_t StartNormal = 10, Hot = 20, SuperHot = 30;

double whole_seconds(double ms) { return std::round(ms / 1000.0) * 1000.0; }

void add_stream(Description& fab, std::uint32_t product, std::int32_t priority, double minutes) {
  Stream s;
  const char* kind = priority == StartNormal ? "Lot" : priority == Hot ? "HotLot" : "SuperHotLot";
  s.name = fmt::format("{}_{}", kind, product + 1);
  s.product = product;
  s.priority = priority;
  s.wafers = LotWafers;
  s.interval = {Duration::Law::Constant, std::round(minutes * 100.0) / 100.0 * MinuteMs, 0.0};
  // Products start one after the other within the first interval, not all at the same instant.
  s.start_ms =
      whole_seconds(s.interval.mean_ms * product / static_cast<double>(fab.products.size()));
  s.count = Endless;
  fab.streams.push_back(std::move(s));
}

double due_factor(std::int32_t priority) { return priority == StartNormal ? 2.0 : 1.35; }

}  // namespace

void add_streams(Description& fab, const ReleaseOptions& options) {
  TWIN_EXPECT(options.wafers_per_week > 0.0 && options.hot_share >= 0.0 && options.hot_share < 1.0,
              options.wafers_per_week, options.hot_share);
  const double lots =
      options.wafers_per_week / LotWafers / static_cast<double>(fab.products.size());  // [per week]
  for (std::uint32_t p = 0; p < fab.products.size(); ++p) {
    add_stream(fab, p, StartNormal, StartWeekMinutes / (lots * (1.0 - options.hot_share)));
  }
  if (options.hot_share <= 0.0) return;
  for (std::uint32_t p = 0; p < fab.products.size(); ++p) {
    add_stream(fab, p, Hot, StartWeekMinutes / (lots * options.hot_share));
  }
  add_stream(fab, 0, SuperHot, SuperHotMinutes);
}

void set_due_dates(Description& fab, const FabLoad& load) {
  for (Stream& s : fab.streams) {
    const double rpt_ms = load.routes[fab.products[s.product].route].rpt_ms;
    // Both dates of the file are whole seconds, so their difference is.
    s.due_offset_ms = whole_seconds(due_factor(s.priority) * rpt_ms);
  }
}

void add_wip(Description& fab, const FabLoad& load, double flow_factor,
             const twin::core::Draw& draw) {
  std::vector<ListedLot> lots;
  for (std::uint32_t k = 0; k < fab.streams.size(); ++k) {
    const Stream& s = fab.streams[k];
    const std::uint32_t r = fab.products[s.product].route;
    const RouteTime& time = load.routes[r];
    const double factor =
        s.priority == StartNormal ? flow_factor : std::min(flow_factor, due_factor(s.priority));
    const double stay_ms = time.rpt_ms * factor;
    // The lots on their way: released at ages u, u + 1, u + 2, ... intervals, as far as the stay
    // reaches.
    double age_ms = s.interval.mean_ms * draw.uniform(number(Question::WipPlace), k, 0);
    for (; age_ms < stay_ms; age_ms += s.interval.mean_ms) {
      const double done = age_ms / stay_ms;
      const auto& left = time.remaining_ms;  // [step] falls from work_ms to the last step's
      std::uint32_t step = 0;
      while (step + 1 < left.size() && 1.0 - left[step + 1] / time.work_ms <= done) ++step;
      ListedLot lot;
      lot.product = s.product, lot.priority = s.priority, lot.wafers = s.wafers, lot.step = step;
      const double jitter = 0.9 + 0.2 * draw.uniform(number(Question::WipDue), k,
                                                     static_cast<std::uint32_t>(lots.size()));
      lot.due_ms = whole_seconds(
          std::max(DayMs / 2.0, (due_factor(s.priority) * time.rpt_ms - age_ms) * jitter));
      lots.push_back(std::move(lot));
    }
  }
  std::stable_sort(lots.begin(), lots.end(),
                   [](const ListedLot& a, const ListedLot& b) { return a.due_ms < b.due_ms; });
  for (std::size_t i = 0; i < lots.size(); ++i) lots[i].name = fmt::format("Wip_{}", i + 1);
  fab.lots.insert(fab.lots.end(), lots.begin(), lots.end());
}

}  // namespace twins::fab::generator
