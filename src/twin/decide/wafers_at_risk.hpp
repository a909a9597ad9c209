// Risk counters of metrology sampling: how many wafers a tool, chamber or recipe has worked on since the
// last one of them that was measured and found good, with a warning and an inhibit limit each; a lot's
// Global Sampling Indicator says how much measuring it would take from all counters together (S. Dauzere-
// Peres, J.-L. Rouveyrol, C. Yugma and P. Vialletelle, "A smart sampling algorithm to minimize risk
// dynamically", ASMC 2010). The baseline that steering by an ensemble must beat.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace twin::decide {

struct RiskLimits {
  std::string name;      // of the tool, chamber or recipe
  double warning = 0.0;  // WL > 0 [wafers]: from here on a lot is pulled
  double inhibit = 0.0;  // IL > WL [wafers]: nothing may be worked on that would lead beyond
  bool operator==(const RiskLimits&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("name", self.name);
    archive("warning", self.warning);
    archive("inhibit", self.inhibit);
  }
};

enum class RiskState : std::uint8_t { Normal, Warning, Inhibit };

struct Sampling {
  std::vector<std::uint64_t> measure;  // lots, the most useful first
  std::vector<std::uint64_t>
      useless;  // lots that would lower no counter: out of the queue with them
  // Risks at or above their warning limit even when all of these lots are good: capacity or the lots that
  // wait do not do. Stated, so that somebody sends a lot through the tool or stops it.
  std::vector<std::uint32_t> still_warning;
};

class WafersAtRisk {
 public:
  WafersAtRisk() = default;
  // core::Error for limits that cannot be meant. power >= 1: how much more a wafer near the inhibit limit
  // counts than one far from it; 1 took the fewest measurements in cases/steering. The paper's own form of
  // the indicator weighs a normalised gain of each risk; ours, the sum over risks of (before / IL)^power -
  // (after / IL)^power, is the gain of that sum, so that lots chosen one after the other keep the bound of
  // greedy choices.
  explicit WafersAtRisk(std::vector<RiskLimits> risks, double power = 1.0);

  // A lot went through these risks, with so many wafers; in the order in which it happens.
  void processed(std::uint64_t lot, std::span<const std::uint32_t> risks, double wafers);
  // It was measured and is good: all that its risks did before it is no longer at risk.
  void measured(std::uint64_t lot);
  // It left without being measured, or will not be.
  void left(std::uint64_t lot);

  [[nodiscard]] std::size_t size() const { return risks_.size(); }
  [[nodiscard]] const RiskLimits& limits(std::uint32_t risk) const { return risks_[risk]; }
  [[nodiscard]] double at_risk(std::uint32_t risk) const { return total_[risk] - cleared_[risk]; }
  [[nodiscard]] RiskState state(std::uint32_t risk) const;
  // Whether so many more wafers would stay within all inhibit limits.
  [[nodiscard]] bool may_process(std::span<const std::uint32_t> risks, double wafers) const;
  // 0 for a lot that is not known or would clear nothing.
  [[nodiscard]] double indicator(std::uint64_t lot) const;
  [[nodiscard]] std::uint64_t lots() const { return marks_.size(); }  // that are known

  // Of the lots that wait at metrology, as many as can be measured: one after the other the lot whose
  // indicator is largest given those chosen before, while it is at least `least` or some risk that it
  // would lower stands at its warning limit. Ties go to the lot named first.
  [[nodiscard]] Sampling choose(std::span<const std::uint64_t> waiting, std::size_t capacity,
                                double least) const;

  bool operator==(const WafersAtRisk&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("risks", self.risks_);
    archive("power", self.power_);
    archive("total", self.total_);
    archive("cleared", self.cleared_);
    archive("marks", self.marks_);
  }

 private:
  struct Mark {  // what a lot's good result would clear
    std::uint64_t lot = 0;
    std::vector<std::uint32_t> risks{};
    std::vector<double> upto{};  // [risk of these] total just after it [wafers]
    bool operator==(const Mark&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("lot", self.lot);
      archive("risks", self.risks);
      archive("upto", self.upto);
    }
  };
  [[nodiscard]] std::size_t find(std::uint64_t lot) const;  // its mark; marks_.size(): none
  [[nodiscard]] double lowered(const Mark& mark, std::span<const double> cleared) const;

  std::vector<RiskLimits> risks_;
  double power_ = 1.0;
  std::vector<double> total_;    // [risk] wafers ever
  std::vector<double> cleared_;  // [risk] of them known to be good
  std::vector<Mark> marks_;      // ascending by lot
};

}  // namespace twin::decide
