#include "cases/steering/virtual_fab.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <vector>

#include "twin/decide/wafers_at_risk.hpp"
#include "twin/math/distributions.hpp"
#include "twin/uq/linear_design.hpp"

namespace cases::steering {
namespace {

using Row = std::vector<double>;  // [member] anomalies, of mean 0

enum What : std::uint32_t { Route, Drift };

struct Lot {
  std::uint64_t number = 0;
  std::array<std::uint32_t, Operations> tools{};
  std::array<std::uint64_t, Operations> nth{};  // lot of its tool, from 1
  std::array<Row, Operations> seen;             // its tools' offsets when they worked on it
};

struct Result {
  std::uint64_t at = 0;
  Lot lot;
};

class Run {
 public:
  Run(Sampling sampling, double setting, Inhibit inhibit, const Line& line, twin::core::Draw draw)
      : sampling_(sampling), setting_(setting), inhibit_(inhibit), line_(line), draw_(draw) {
    std::vector<twin::decide::RiskLimits> limits;
    for (std::uint32_t t = 0; t < Tools; ++t) {
      const double warning = line.warning;
      limits.push_back({"tool " + std::to_string(t), Wafers * warning, Wafers * line.inhibit});
    }
    risk_ = twin::decide::WafersAtRisk(limits, line.power);
    offset_.assign(Tools, Row(line.members, 0.0));
  }

  Seen run() {
    while (started_ < line_.lots) {
      results();
      if (step()) ++started_;
      measure();
      ++now_;
    }
    seen_.lots = line_.lots;
    seen_.delay = cleared_lots_ == 0 ? 0.0 : delay_ / static_cast<double>(cleared_lots_);
    return seen_;
  }

 private:
  [[nodiscard]] bool by_ensemble() const {
    return sampling_ == Sampling::Information || sampling_ == Sampling::Variance;
  }

  // By shares 40, 30, 20 and 10 %; where it is at its limit the next one that is not.
  std::uint32_t tool_for(std::uint64_t lot, std::uint32_t operation) {
    const double u = draw_.uniform(Route, static_cast<std::uint32_t>(lot), operation);
    const std::uint32_t wish = u < 0.4 ? 0 : u < 0.7 ? 1 : u < 0.9 ? 2 : 3;
    for (std::uint32_t k = 0; k < Each; ++k) {
      const std::uint32_t tool = operation * Each + (wish + k) % Each;
      if (inhibit_ == Inhibit::No || risk_.may_process({&tool, 1}, Wafers)) return tool;
    }
    return Tools;
  }

  // All lots in the line go on by one place, unless one finds no tool.
  bool step() {
    std::array<std::uint32_t, Operations> next{};
    for (std::uint32_t o = 0; o < Operations; ++o) {
      const std::uint64_t behind = std::uint64_t{o} * line_.lag;
      next[o] = Tools;
      if (started_ < behind) continue;
      next[o] = tool_for(started_ - behind, o);
      if (next[o] == Tools) {
        ++seen_.held;
        return false;
      }
    }
    line_lots_.emplace_back();
    line_lots_.back().number = started_;
    line_lots_.back().seen.fill(Row(by_ensemble() ? line_.members : 0U));
    for (std::uint32_t o = 0; o < Operations; ++o) {
      if (next[o] < Tools) work(line_lots_[line_lots_.size() - 1 - o * line_.lag], o, next[o]);
    }
    if (line_lots_.size() > Operations * line_.lag) {
      waiting_.push_back(std::move(line_lots_.front()));
      line_lots_.pop_front();
      if (waiting_.size() > line_.waits) {
        risk_.left(waiting_.front().number);
        waiting_.pop_front();
      }
    }
    return true;
  }

  void work(Lot& lot, std::uint32_t operation, std::uint32_t tool) {
    const double u = draw_.uniform(Route, static_cast<std::uint32_t>(lot.number), operation);
    const std::uint32_t wish = u < 0.4 ? 0 : u < 0.7 ? 1 : u < 0.9 ? 2 : 3;
    seen_.moved += tool != operation * Each + wish ? 1U : 0U;
    lot.tools[operation] = tool;
    lot.nth[operation] = ++worked_[tool];
    risk_.processed(lot.number, {&tool, 1}, Wafers);
    const double share = risk_.at_risk(tool) / risk_.limits(tool).inhibit;
    seen_.highest = std::max(seen_.highest, share);
    seen_.beyond += share > 1.0 ? 1U : 0U;
    if (!by_ensemble()) return;
    const auto nth = static_cast<std::uint32_t>(worked_[tool]);
    Row fresh(line_.members);
    double mean = 0.0;
    for (std::uint32_t m = 0; m < line_.members; ++m) {
      const twin::core::Draw member{draw_.seed, draw_.member + 1'000 * (m + 1)};
      fresh[m] = std::sqrt(line_.drift) * twin::math::normal(member.uniform(Drift, tool, nth));
      mean += fresh[m] / line_.members;
    }
    for (std::uint32_t m = 0; m < line_.members; ++m) {
      offset_[tool][m] += fresh[m] - mean;
    }
    lot.seen[operation] = offset_[tool];
  }

  void measure() {
    if (waiting_.empty() || now_ % line_.every != 0) return;
    std::size_t chosen = waiting_.size();
    if (sampling_ == Sampling::EveryKth) {
      const auto k = static_cast<std::uint64_t>(setting_);
      if (waiting_.back().number % k == 0 && waiting_.back().number != last_)
        chosen = waiting_.size() - 1;
    } else if (sampling_ == Sampling::Risk) {
      std::vector<std::uint64_t> numbers;
      for (const Lot& lot : waiting_) numbers.push_back(lot.number);
      const auto choice = risk_.choose(numbers, 1, setting_);
      seen_.warned += choice.still_warning.empty() ? 0U : 1U;
      if (!choice.measure.empty()) {
        chosen = static_cast<std::size_t>(std::ranges::find(numbers, choice.measure.front()) -
                                          numbers.begin());
      }
    } else {
      chosen = most_worth();
    }
    if (chosen == waiting_.size()) return;
    Lot lot = std::move(waiting_[chosen]);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(chosen));
    last_ = lot.number;
    ++seen_.measured;
    if (by_ensemble()) {
      for (const Row& row : lot.seen) assimilate(row);
    }
    // What it will clear is not to be asked of others meanwhile, so that counters go down now; a bad
    // result sends the tool to repair, which clears more.
    risk_.measured(lot.number);
    results_.push_back({now_ + line_.takes, std::move(lot)});
  }

  // A lot is worth what its readings are, one an operation: they are of different tools, so nearly
  // independent, and their worths are summed.
  std::size_t most_worth() const {
    std::vector<Row> readings, asked;
    for (const Lot& lot : waiting_) {
      for (const Row& row : lot.seen) readings.push_back(row);
    }
    if (sampling_ == Sampling::Variance) asked = offset_;
    const std::vector<double> noise(readings.size(), 1.0);
    const auto design =
        twin::uq::LinearDesign::of_members(std::move(readings), noise, std::move(asked));
    std::size_t best = waiting_.size();
    double most = setting_;
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      double worth = 0.0;
      for (std::size_t r = i * Operations; r < (i + 1) * Operations; ++r) {
        worth +=
            sampling_ == Sampling::Variance ? design.variance_removed(r) : design.information(r);
      }
      if (worth >= most) most = worth, best = i;
    }
    return best;
  }

  // One reading, of noise variance 1, is in: Potter's step on all rows, as uq/linear_design has it.
  void assimilate(Row s) {
    const double root = std::sqrt(static_cast<double>(line_.members) - 1.0);
    double v = 0.0;
    for (double& x : s) x /= root, v += x * x;
    const double gamma = 1.0 / (v + 1.0 + std::sqrt(v + 1.0));
    const auto reduce = [&](Row& row) {
      if (row.empty()) return;
      double along = 0.0;
      for (std::size_t m = 0; m < s.size(); ++m) along += row[m] * s[m];
      for (std::size_t m = 0; m < s.size(); ++m) row[m] -= gamma * along * s[m];
    };
    for (Row& row : offset_) reduce(row);
    for (auto* lots : {&line_lots_, &waiting_}) {
      for (Lot& lot : *lots) {
        for (Row& row : lot.seen) reduce(row);
      }
    }
  }

  void results() {
    while (!results_.empty() && results_.front().at <= now_) {
      const Lot& lot = results_.front().lot;
      for (std::uint32_t o = 0; o < Operations; ++o) {
        const std::uint32_t tool = lot.tools[o];
        // Had it gone bad at any lot after the last one cleared, this result would be the first to show it.
        for (; cleared_[tool] < lot.nth[o]; ++cleared_[tool], ++cleared_lots_)
          delay_ += Wafers * static_cast<double>(worked_[tool] - cleared_[tool]);
      }
      results_.pop_front();
    }
  }

  Sampling sampling_;
  double setting_;
  Inhibit inhibit_;
  Line line_;
  twin::core::Draw draw_;
  twin::decide::WafersAtRisk risk_;
  std::vector<Row> offset_;    // [tool]
  std::deque<Lot> line_lots_;  // in the line, the oldest first
  std::deque<Lot> waiting_;    // at metrology, the oldest first
  std::deque<Result> results_;
  std::array<std::uint64_t, Tools> worked_{},
      cleared_{};  // [tool] lots; of them up to here known good
  std::uint64_t started_ = 0, now_ = 0, cleared_lots_ = 0, last_ = ~std::uint64_t{0};
  double delay_ = 0.0;
  Seen seen_;
};

}  // namespace

Seen run(Sampling sampling, double setting, Inhibit inhibit, const Line& line,
         twin::core::Draw draw) {
  return Run(sampling, setting, inhibit, line, draw).run();
}

}  // namespace cases::steering
