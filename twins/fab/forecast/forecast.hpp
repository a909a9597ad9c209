// What is going to happen in the fab, as distributions: the value that `ahead` makes of a mirrored State, that the
// record keeps, that screens show and that the ledger scores when reality has come. Docs: docs/forecasts.md.
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "twin/core/record.hpp"
#include "twins/fab/layout.hpp"

namespace twins::fab::forecast {

inline constexpr std::uint32_t SchemaVersion = 1;  // grows when a field changes its meaning or goes

// The probabilities at which a distribution is told: central intervals of 50, 80, 90 and 95 %, and the median.
inline constexpr std::array<double, 9> Levels = {0.025, 0.05, 0.1,  0.25, 0.5,
                                                 0.75,  0.9,  0.95, 0.975};
inline constexpr std::size_t Median = 4;
using Quantiles = std::array<float, Levels.size()>;

// Not within the horizon: the end of what a forecast says about times. Null in JSON.
inline constexpr float Beyond = std::numeric_limits<float>::infinity();

// Of N members in ascending order at p (N + 1), between two of them linearly and never outside: reality, if drawn as
// they are, lies below the k-th with probability k / (N + 1) (R. J. Hyndman and Y. Fan, "Sample quantiles in
// statistical packages", The American Statistician 50, 1996, definition 6).
float quantile_of_sorted(std::span<const float> sorted, double p);
Quantiles quantiles_of_sorted(std::span<const float> sorted);

// What a forecast may cost. Its results are a function of it and never of the time it took.
struct Budget {
  std::uint32_t members = 200;
  std::uint32_t horizon_hours = 168;  // [h]
  std::uint32_t bottlenecks = 5;      // tool groups whose next start is told for each lot
  bool operator==(const Budget&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("members", self.members);
    a("horizon_hours", self.horizon_hours);
    a("bottlenecks", self.bottlenecks);
  }
};
// Throws twin::core::Error: 2 to 10,000 members, 1 to 8,760 hours.
void check(const Budget& budget);
// "members=200 horizon_hours=168 bottlenecks=5", of kind "budget"; and back. Throws twin::core::Error.
twin::core::Note note_of(const Budget& budget, Tick at);
Budget budget_of(const twin::core::Note& note);

struct LotForecast {  // of a lot that was in the fab
  std::uint32_t lot = None, product = None;
  Tick release = 0, due = 0;    // [tick]
  std::uint32_t step = 0;       // global; where it is now
  float within_horizon = 0.0F;  // probability that it is finished by then
  float on_time = 0.0F;         // probability that it is finished by `due`; of those due within the
      // horizon or finished there; a lot due later counts as it ends there
  Quantiles done_hours{};        // [h] after `now`; Beyond
  Quantiles bottleneck_hours{};  // [h] until its next start at one of the bottlenecks; Beyond
  bool operator==(const LotForecast&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("lot", self.lot);
    a("product", self.product);
    a("release", self.release);
    a("due", self.due);
    a("step", self.step);
    a("within_horizon", self.within_horizon);
    a("on_time", self.on_time);
    a("done_hours", self.done_hours);
    a("bottleneck_hours", self.bottleneck_hours);
  }
};

struct WindowRisk {  // of a queue-time limit that a lot is under now
  std::uint32_t lot = None, opened = None, closes = None;  // global steps
  Tick limit_at = 0;                                       // [tick] too late after it
  float violated = 0.0F;                                   // probability, within the horizon
  float undecided = 0.0F;  // probability that the horizon ends before it is decided
  bool operator==(const WindowRisk&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("lot", self.lot);
    a("opened", self.opened);
    a("closes", self.closes);
    a("limit_at", self.limit_at);
    a("violated", self.violated);
    a("undecided", self.undecided);
  }
};

struct GroupForecast {                // [hour]: at `now`, an hour later, ... at the horizon
  std::vector<Quantiles> wip, queue;  // [hour] [lots], see Count
  std::vector<Quantiles> able;        // [hour] [tools] neither down nor in maintenance
  std::vector<Quantiles> moves;       // [day] [lots] started during it
  bool operator==(const GroupForecast&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("wip", self.wip);
    a("queue", self.queue);
    a("able", self.able);
    a("moves", self.moves);
  }
};

struct ProductForecast {
  std::vector<Quantiles> out, starts;  // [day] [lots] finished and released during it
  std::vector<Quantiles> out_until;    // [moment] [lots] finished from `now` to each of ScoredHours
  bool operator==(const ProductForecast&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("out", self.out);
    a("starts", self.starts);
    a("out_until", self.out_until);
  }
};

struct ToolForecast {
  float able_day = 0.0F, able_horizon = 0.0F;  // expected share of the next day, of the horizon
  bool operator==(const ToolForecast&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("able_day", self.able_day);
    a("able_horizon", self.able_horizon);
  }
};

struct Forecast {
  std::uint32_t schema = SchemaVersion;
  Tick now = 0;    // [tick] the present, from which hours count
  Tick known = 0;  // [tick] what came in tells of the fab until then
  std::uint64_t seed = 0;
  Budget budget;
  bool learnt = false;                     // theta by the posterior; else as the data set says
  std::vector<std::uint32_t> bottlenecks;  // tool groups
  std::vector<LotForecast> lots;           // by serial number
  std::vector<WindowRisk> windows;         // likeliest to be violated first
  std::vector<Quantiles> wip;              // [hour] [lots] in the fab
  std::vector<Quantiles> out, starts;      // [day] [lots] of all products
  std::vector<Quantiles> out_until;        // [moment] [lots] of all products, see ProductForecast
  std::vector<GroupForecast> groups;       // [tool group]
  std::vector<ProductForecast> products;   // [product]
  std::vector<ToolForecast> tools;         // [tool]
  bool operator==(const Forecast&) const = default;

  // Age of the newest data [ms]. Members ran through it: it widens all that is said.
  [[nodiscard]] Tick stale() const { return now - known; }

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("schema", self.schema);
    a("now", self.now);
    a("known", self.known);
    a("seed", self.seed);
    a("budget", self.budget);
    a("learnt", self.learnt);
    a("bottlenecks", self.bottlenecks);
    a("lots", self.lots);
    a("windows", self.windows);
    a("wip", self.wip);
    a("out", self.out);
    a("starts", self.starts);
    a("out_until", self.out_until);
    a("groups", self.groups);
    a("products", self.products);
    a("tools", self.tools);
  }
};

// "12 minutes", "3.4 hours": for people.
std::string duration_text(Tick duration);
// "from data of 3.4 hours ago; the fab has been simulated since", or empty where data are fresher than a minute.
std::string staleness_text(const Forecast& forecast);

}  // namespace twins::fab::forecast
