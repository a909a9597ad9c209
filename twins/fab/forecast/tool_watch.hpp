// Is every tool still what its group is known to be? Each job's process time is held against the law of its group: a
// tool that has become slower or faster is found and named after a few jobs, and how much it has. False alarms are
// bounded for the whole fab, without an assumption about how tools depend on each other.
#pragma once
#include <cstdint>
#include <vector>

#include "twins/fab/calibrate/evidence.hpp"
#include "twins/fab/calibrate/posterior.hpp"

namespace twins::fab::forecast {

struct ToolWatchOptions {
  double false_alarms = 1.0;  // expected in `jobs`, at most
  double jobs = 1e7;          // of the whole fab; SMT2020 HVLM processes as many in about a year
  double slack = 0.5;         // half the shift to be found soonest [deviations of one job]
  // A tool this near to its group's law is as it should be, and a group may drift as much between two learnings
  // [share of the mean].
  double tolerance = 0.03;
  // A job farther outside of the law than this tells of its tool alone [share of the mean].
  double gross = 0.05;
  std::uint64_t learnt_from = 30;  // jobs of a group before its tools are watched
  bool operator==(const ToolWatchOptions&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("false_alarms", self.false_alarms);
    a("jobs", self.jobs);
    a("slack", self.slack);
    a("tolerance", self.tolerance);
    a("gross", self.gross);
    a("learnt_from", self.learnt_from);
  }
};

struct ToolAlarm {
  std::uint32_t tool = None;
  Tick began = 0, raised = 0;  // [tick] start of the first job that points to it; when it was sure
  double before = 1.0, after = 1.0;  // process times as multiples of the group's
  bool operator==(const ToolAlarm&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("tool", self.tool);
    a("began", self.began);
    a("raised", self.raised);
    a("before", self.before);
    a("after", self.after);
  }
};

// A job of nominal time a and half width h lasts p (a + s h z), z of U(-1, 1). With p at most p1 and s at most s1 its
// residual r = (d / f - p1 a) / (p1 s1 h / sqrt 3), f the tool's own factor, has E exp(2 k (r - k)) <= 1 for every
// k >= 0, because U(-1, 1) is strictly sub-Gaussian: sinh(t)/t <= exp(t^2 / 6). So exp(2 k S) is a supermartingale
// along each stretch of the sum S of r - k, and by J. Ville's inequality and the sum over where a stretch may begin,
// the page sum max(0, S + r - k) exceeds b within n jobs with probability n exp(-2 k b) at most, whatever the tools
// have to do with each other. Both directions, all tools: b = ln(2 jobs / false_alarms) / (2 k). (G. Lorden, Annals of
// Mathematical Statistics 42, 1971, has the same bound for the run length.) It holds where p is within the
// tolerance, and s within the 99 % interval, of the posterior that was learnt last.
class ToolWatch {
 public:
  ToolWatch() = default;
  explicit ToolWatch(const Layout& layout, const ToolWatchOptions& options = {});

  // The laws of the groups from now on.
  void learn(const Layout& layout, const std::vector<calibrate::Posterior>& posterior);

  // Takes a job; its end is start + duration. Returns whether it may tell of its group: not where it is grossly outside
  // of the group's law, or the tool is known to be another than the others.
  bool saw(const Layout& layout, const calibrate::Witness::Told& job);

  [[nodiscard]] const std::vector<ToolAlarm>& alarms() const { return alarms_; }  // in their order
  [[nodiscard]] double factor(std::uint32_t tool) const { return tools_[tool].factor; }
  // What the group's mean process time is a multiple of that of a tool as it should be: the mean of the factors.
  [[nodiscard]] double group_factor(const Layout& layout, std::uint32_t group) const;
  // Whether it watches the tools of this fab.
  [[nodiscard]] bool fits(const Layout& layout) const {
    return laws_.size() == layout.groups.size() && tools_.size() == layout.tools();
  }
  [[nodiscard]] double threshold() const { return threshold_; }
  bool operator==(const ToolWatch&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("options", self.options_);
    a("threshold", self.threshold_);
    a("laws", self.laws_);
    a("tools", self.tools_);
    a("alarms", self.alarms_);
  }

 private:
  struct Law {  // of a group; not known: high = 0
    double low = 0.0, median = 0.0, high = 0.0, spread = 0.0;
    bool operator==(const Law&) const = default;
    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("low", self.low);
      a("median", self.median);
      a("high", self.high);
      a("spread", self.spread);
    }
  };
  struct Side {  // a page sum and what the jobs since it was 0 came to
    double sum = 0.0, ratios = 0.0;
    std::uint32_t jobs = 0;
    Tick began = 0;
    bool operator==(const Side&) const = default;
    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("sum", self.sum);
      a("ratios", self.ratios);
      a("jobs", self.jobs);
      a("began", self.began);
    }
  };
  struct Watched {
    double factor = 1.0;
    double ratios = 0.0;     // of the jobs since the last alarm, which make the factor better known
    std::uint32_t jobs = 0;  // how many; 0: no alarm yet, or long ago
    Side slower, faster;
    bool operator==(const Watched&) const = default;
    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("factor", self.factor);
      a("ratios", self.ratios);
      a("jobs", self.jobs);
      a("slower", self.slower);
      a("faster", self.faster);
    }
  };

  bool add(Side& side, double residual, double ratio, Tick start) const;
  void raise(std::uint32_t tool, const Side& side, Tick at);

  ToolWatchOptions options_;
  double threshold_ = 0.0;
  std::vector<Law> laws_;       // [tool group]
  std::vector<Watched> tools_;  // [tool]
  std::vector<ToolAlarm> alarms_;
};

}  // namespace twins::fab::forecast
