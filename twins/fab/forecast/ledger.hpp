// Forecasts that are still open, and what those came to whose moment has come: each is scored once, as it was said and
// with its intervals recalibrated, beside three forecasts that cost nothing, and the scores teach the recalibration.
// A regular value; bounded. docs/forecasts.md has the equations.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "twin/score/pit.hpp"
#include "twin/score/watch.hpp"
#include "twins/fab/forecast/ahead.hpp"
#include "twins/fab/forecast/recalibration.hpp"

namespace twins::fab::forecast {

// Completion: of each lot, at the shortest horizon within which it is expected with 97.5 %; hours after `now`, cut at
// the horizon. Wip: of each area and of each tool group, at the horizon. Out: lots finished by product over the
// horizon. Moves: lots started by tool group over the horizon. FabOut: lots finished of all products over the horizon.
// OutDay: lots finished on each single day from the second on, by product and of all, at the first horizon that is
// not before the day's end. Of counts only those whose median is 10 or more: an interval of smaller ones cannot hold
// 90 % of anything.
enum class Quantity : std::uint8_t { Completion, Wip, Out, Moves, FabOut, OutDay };
inline constexpr std::size_t Quantities = 6;
std::string_view to_string(Quantity quantity);

// What is scored side by side. Rule: of a lot its remaining raw process time times what that time has been multiplied
// by lately (its due date's rule, with residuals); of a level that it stays; of a flow the rate lately; both with the
// errors that this made lately.
enum class Scored : std::uint8_t { Raw, Recalibrated, Nominal, Rule };
inline constexpr std::size_t Kinds = 4;

inline constexpr float NoRule = -1.0F;  // the rule has nothing to say yet

struct Expected {  // one number that was forecast
  Quantity quantity = Quantity::Completion;
  std::uint8_t horizon = 0;  // index of ScoredHours
  // Lot; area, or areas + tool group; product; tool group; 0; day * (products + 1) + product, or products for all.
  std::uint32_t about = None;
  std::vector<float> members, nominal;  // ascending; nominal: by the data set's theta, may be empty
  float rule = NoRule;  // remaining raw process time [h]; the level at `known`; the flow expected
  bool operator==(const Expected&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("quantity", self.quantity);
    a("horizon", self.horizon);
    a("about", self.about);
    a("members", self.members);
    a("nominal", self.nominal);
    a("rule", self.rule);
  }
};

// The scores of one quantity at one horizon of one forecast.
struct Window {
  Tick now = 0;
  Quantity quantity = Quantity::Completion;
  std::uint8_t horizon = 0;
  std::uint32_t n = 0;                                                // scores
  std::array<std::uint32_t, Intervals.size()> raw{}, recalibrated{};  // [interval] held
  std::array<std::uint32_t, Kinds> compared{};  // [Scored] scores of those that had one to give
  std::array<double, Kinds> crps{};             // [Scored] sums over the scores
  std::array<double, Kinds> ours{};  // [Scored] CRPS of the raw forecast on the same scores
  double log_score = 0.0;            // [nats] sum, of the ensemble as a normal law
  double z = 0.0, zz = 0.0;  // innovations: sums of the PIT as a standard normal, of its square
  bool operator==(const Window&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("now", self.now);
    a("quantity", self.quantity);
    a("horizon", self.horizon);
    a("n", self.n);
    a("raw", self.raw);
    a("recalibrated", self.recalibrated);
    a("compared", self.compared);
    a("crps", self.crps);
    a("ours", self.ours);
    a("log_score", self.log_score);
    a("z", self.z);
    a("zz", self.zz);
  }
};

struct LedgerOptions {
  std::uint32_t open_max = 64;       // forecasts; another one is refused
  std::uint32_t windows_max = 4096;  // scored ones kept; the oldest go
  std::uint32_t errors_max = 24;     // of each rule, the latest
  std::uint32_t apart_hours = 3;     // [h] between those that are kept: 64 of them span 7 days
  bool operator==(const LedgerOptions&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("open_max", self.open_max);
    a("windows_max", self.windows_max);
    a("errors_max", self.errors_max);
    a("apart_hours", self.apart_hours);
  }
};

class Ledger {
 public:
  Ledger() : Ledger(LedgerOptions{}) {}
  explicit Ledger(const LedgerOptions& options);

  // Near: not kept, for one was less than `apart_hours` before.
  enum class Opened : std::uint8_t { Kept, Near, Full };
  // Whether a forecast made now would be kept: only then is it worth anything to compare it.
  [[nodiscard]] bool wants(Tick now) const;
  // x: the State that the forecast started from. nominal: members by the data set's theta, of the same State and
  // time; null: not compared.
  Opened open(const Layout& layout, const State& x, const Ahead& ahead, const Members* nominal);

  // Reality. The next instant at which the fab has to be counted: `look` wants the count of the mirror when all events
  // up to exactly then have been taken in, and none after. Lots that left go to `left`, in any order, before that.
  [[nodiscard]] std::optional<Tick> next_look() const;
  void left(std::uint32_t lot, Tick at);
  void look(const Layout& layout, const Count& count);
  // Nobody can tell any more how the fab was at the next look: the forecasts that wanted to know are given up, for what
  // came in between may be gone too. Better not scored than by another moment's fab.
  void miss();
  [[nodiscard]] std::uint64_t missed() const { return missed_; }  // moments that will not be scored

  // Intervals as past scores say they should be.
  [[nodiscard]] const Recalibration& recalibration(Quantity quantity, std::size_t horizon) const;
  [[nodiscard]] const std::vector<Window>& windows() const { return windows_; }  // as they came
  [[nodiscard]] const twin::score::PitHistogram& pits(Quantity quantity, std::size_t horizon) const;
  // Fed with one number a day at most, of forecasts a day ahead that do not overlap, so that the run lengths of its
  // monitors are exact: the whole fab's WIP, output and moves [Wip, Out, Moves - 1].
  [[nodiscard]] const std::array<twin::score::Watch, 3>& watches() const { return watches_; }
  [[nodiscard]] bool due() const;  // has the twin to be validated again?
  void validated();                // it has been: the watches begin anew
  [[nodiscard]] std::size_t open_forecasts() const { return open_.size(); }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  bool operator==(const Ledger&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("options", self.options_);
    a("open", self.open_);
    a("gone", self.gone_);
    a("gone_at", self.gone_at_);
    a("rates", self.rates_);
    a("errors", self.errors_);
    a("recalibrations", self.recalibrations_);
    a("taught", self.taught_);
    a("windows", self.windows_);
    a("pits", self.pits_);
    a("watches", self.watches_);
    a("watched", self.watched_);
    a("refused", self.refused_);
    a("missed", self.missed_);
  }

 private:
  struct Open {
    Tick now = 0;
    std::uint64_t seed = 0;
    std::uint32_t looked = 0;  // 0: not at `now` yet; k: also at the ends of k - 1 days
    std::uint32_t horizons = 0;
    Count start;                                    // at `now`
    std::vector<std::vector<std::uint64_t>> out{};  // [look][product] [lots] finished so far
    std::vector<Expected> expected;                 // by horizon
    std::vector<float> whole;  // [Wip, Out, Moves][member] of the whole fab a day ahead
    std::array<Recalibration, Quantities * ScoredHours.size()> said{};  // when it was said
    bool operator==(const Open&) const = default;
    [[nodiscard]] Tick next() const;
    [[nodiscard]] std::uint32_t looks() const;

    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("now", self.now);
      a("seed", self.seed);
      a("looked", self.looked);
      a("horizons", self.horizons);
      a("start", self.start);
      a("out", self.out);
      a("expected", self.expected);
      a("whole", self.whole);
      a("said", self.said);
    }
  };

  struct Rates {  // counts when forecasts were opened: what flowed lately
    std::vector<Count> counts;
    bool operator==(const Rates&) const = default;
    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("counts", self.counts);
    }
  };

  void expect_lots(const Layout& m, const State& x, const Ahead& ahead, const Members* nominal,
                   Open& to) const;
  void expect_counts(const Layout& m, const Count& known, const Ahead& ahead,
                     const Members* nominal, Open& to) const;
  void score(const Layout& m, const Open& open, std::uint8_t horizon, const Count& now);
  void watch(const Open& open, const Count& now);
  [[nodiscard]] std::vector<float>& errors_of(const Layout& m, const Expected& e);
  void forget();

  LedgerOptions options_;
  std::vector<Open> open_;           // by `now`
  std::vector<std::uint32_t> gone_;  // lots that left while forecasts were open
  std::vector<Tick> gone_at_;        // [gone] [tick]
  Rates rates_;
  std::vector<std::vector<float>> errors_;  // [rule's place] the latest
  std::array<Recalibration, Quantities * ScoredHours.size()> recalibrations_{};
  // [quantity][horizon] `now` of the last window that taught; -1: none
  std::array<Tick, Quantities * ScoredHours.size()> taught_{};
  std::vector<Window> windows_;
  std::array<twin::score::PitHistogram, Quantities * ScoredHours.size()> pits_;
  std::array<twin::score::Watch, 3> watches_;
  Tick watched_ = -1;  // `now` of the last forecast that they took
  std::uint64_t refused_ = 0, missed_ = 0;
};

}  // namespace twins::fab::forecast
