// The numbers of a policy that a search may turn, and the words that all searches over them share. A
// search is a value that runs nothing, as procedures of selection are (selection.hpp):
//
//   while (!search.wanted().empty()) search.take(values of search.wanted(), in its order);
//
// Less is better. Where a value is a mean over replications, let all points have the draws of the same
// members (common random numbers): what is left is a fixed landscape, smoother than its noise by far.
// A point that cannot be run, or runs away, has the value +infinity: worse than all others. NaN and
// -infinity are refused, as no landscape has them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/decide/selection.hpp"

namespace twin::decide {

using Point = std::vector<double>;  // [parameter]

struct Box {
  Point low;   // [parameter] -infinity: no bound
  Point high;  // [parameter] +infinity: no bound

  [[nodiscard]] std::size_t size() const { return low.size(); }
  [[nodiscard]] bool contains(std::span<const double> x) const;
  [[nodiscard]] bool finite() const;
  bool operator==(const Box&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("low", self.low);
    archive("high", self.high);
  }
};

// core::Error unless there is a parameter, and low < high, neither NaN, for each.
void need_box(const Box& box);
// The same, and all bounds finite; who: who needs that.
void need_finite_box(const Box& box, const std::string& who);
// core::Error for a start that is not finite, not as long, or outside.
void need_inside(const Box& box, const Point& start);
// core::Error unless each is a number or +infinity.
void need_values(std::span<const double> values);

struct Best {
  Point x;             // [parameter]; empty: none yet, or none that can be run
  double value = 0.0;  // of it, where there is one
  bool operator==(const Best&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("x", self.x);
    archive("value", self.value);
  }
  // Taken if it is better; ties stay with the earlier one.
  void offer(std::span<const double> point, double y);
};

// Until it stops. f: Point -> value.
template <class Search, class F>
Search searched(Search search, const F& f) {
  while (!search.wanted().empty()) {
    std::vector<double> values;
    for (const Point& x : search.wanted()) values.push_back(f(x));
    search.take(values);
  }
  return search;
}

}  // namespace twin::decide
