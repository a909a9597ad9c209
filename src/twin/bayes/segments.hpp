// Where a series of windows changes its law: the exact posterior over all ways to cut it into
// segments, online (P. Fearnhead and Z. Liu, J. R. Statist. Soc. B 69, 2007; R. P. Adams and D. J. C.
// MacKay, arXiv 0710.3742, 2007). A segment is constant or a straight line in time.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

namespace twin::bayes {

enum class Shape : std::uint8_t { Constant, Line };

// A stretch of windows of one law: from `first` up to but without `last`.
struct Segment {
  std::uint32_t first = 0, last = 0;
  Shape shape = Shape::Constant;
  bool operator==(const Segment&) const = default;
};

// Before anything is seen. Under no change, the probability that a series is ever believed to have
// changed with probability `sure`, whenever one looks, is at most prior odds * (1 - sure) / sure
// (Ville's inequality): hazard 1/3000 over 30 windows and `sure` = 0.99 give 2e-4 a series.
struct SegmentPrior {
  double hazard = 1.0 / 3000.0;      // that a segment ends with a window
  double drifting = 0.005;           // that the first segment is a line
  double line_after_a_change = 0.5;  // that another segment is one; 0: there are no lines
};

struct Segmentation {
  double unchanged = 1.0;  // probability of a single constant segment
  std::vector<double>
      constant_from;  // [window] probability that the last segment is constant from here
  std::vector<double> line_from;   // [window] ... that it is a line from here
  std::vector<Segment> likeliest;  // the likeliest cut as a whole, in the order of time

  // Probability that the last segment is a line.
  [[nodiscard]] double line() const;
  // The window from which the last segment lasts, given that there is a change (a line from the
  // first window counts as one): the first up to which it has the probability p.
  [[nodiscard]] std::uint32_t start(double p) const;
};

// log_evidence: the logarithm of the marginal likelihood of a segment's windows, up to a constant
// for each window. O(windows^2) of its calls. No windows: unchanged for certain.
Segmentation segment(std::uint32_t windows, const SegmentPrior& prior,
                     const std::function<double(const Segment&)>& log_evidence);

}  // namespace twin::bayes
