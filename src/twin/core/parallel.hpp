// Work on members in parallel without a trace of it in the results: every member is worked on
// whatever the number of threads, and numbers are summed along a fixed tree.
#pragma once
#include <atomic>
#include <bit>
#include <cstddef>
#include <exception>
#include <limits>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "twin/core/expect.hpp"

namespace twin::core {

// f(0), ..., f(count - 1), each once, by up to `threads` threads including the caller's. All are
// called even if some throw; then the exception of the lowest number is thrown on.
template <class F>
void for_each_member(std::size_t count, unsigned threads, const F& f) {
  TWIN_EXPECT(threads > 0);
  std::atomic<std::size_t> next = 0;
  std::mutex guard;
  std::size_t thrown = std::numeric_limits<std::size_t>::max();
  std::exception_ptr exception;
  const auto work = [&] {
    for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      try {
        f(i);
      } catch (...) {
        const std::scoped_lock lock(guard);
        if (i < thrown) {
          thrown = i;
          exception = std::current_exception();
        }
      }
    }
  };
  {
    std::vector<std::jthread> others;
    others.reserve(threads - 1);
    for (std::size_t t = 1; t < threads && t < count; ++t) others.emplace_back(work);
    work();
  }  // joins
  if (exception) std::rethrow_exception(exception);
}

// for_each_member as a value, for Twin.
struct Threads {
  unsigned count = 1;
  template <class F>
  void operator()(std::size_t members, const F& f) const {
    for_each_member(members, count, f);
  }
};

// Combines x along a tree that depends on x.size() alone: the left part is the largest power of two
// that leaves something to the right, so a prefix of that size is a subtree of its own.
template <class T, class Combine>
T tree_reduce(std::span<const T> x, const Combine& combine) {
  TWIN_EXPECT(!x.empty());
  if (x.size() == 1) return x.front();
  const std::size_t left = std::bit_floor(x.size() - 1);
  return combine(tree_reduce(x.first(left), combine), tree_reduce(x.subspan(left), combine));
}

// Rounding error at most log2(n) half-ulps of the sum of magnitudes (Higham, "The accuracy of
// floating point summation", SIAM J. Sci. Comput. 14, 1993, eq. 3.6).
inline double tree_sum(std::span<const double> x) {
  if (x.empty()) return 0.0;
  return tree_reduce(x, [](double a, double b) { return a + b; });
}

}  // namespace twin::core
