// The historian on a store, against a list in memory: one call in the test of each store.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/record/historian.hpp"
#include "twin/record/store_check.hpp"

namespace twin::record {

namespace historian_check {

inline bool same(const std::vector<Point>& a, const std::vector<Point>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Point& x, const Point& y) {
    return x.at == y.at &&
           std::bit_cast<std::uint64_t>(x.value) == std::bit_cast<std::uint64_t>(y.value);
  });
}

// The slow and obvious historian.
struct Lists {
  std::vector<std::vector<Point>> signals;  // [signal], by time, equal ones as they came

  void add(std::size_t signal, Point p) {
    auto& list = signals[signal];
    list.insert(std::upper_bound(list.begin(), list.end(), p,
                                 [](const Point& a, const Point& b) { return a.at < b.at; }),
                p);
  }
  [[nodiscard]] std::vector<Point> points(std::size_t signal, core::Tick begin,
                                          core::Tick end) const {
    std::vector<Point> found;
    for (const Point& p : signals[signal]) {
      if (p.at >= begin && p.at < end) found.push_back(p);
    }
    return found;
  }
  [[nodiscard]] Summary summary(std::size_t signal, core::Tick begin, core::Tick end) const {
    Summary all;
    for (const Point& p : points(signal, begin, end)) absorb(all, p.value);
    return all;
  }
};

inline void expect_equal(const Summary& a, const Summary& b, const std::string& where) {
  EXPECT_EQ(a.points, b.points) << where;
  EXPECT_EQ(a.missing, b.missing) << where;
  EXPECT_EQ(a.least, b.least) << where;
  EXPECT_EQ(a.most, b.most) << where;
  // Sums of whole numbers are exact in any order; of infinities they may be no number.
  EXPECT_TRUE(a.total == b.total || (std::isnan(a.total) && std::isnan(b.total)))
      << where << ": " << a.total << " " << b.total;
}

}  // namespace historian_check

// Random points in random order with flushes, restarts and questions in between.
inline void check_historian(const OpenStore& open, std::uint32_t steps = 400) {
  using namespace historian_check;
  constexpr std::uint64_t Seed = 512;
  const core::Draw draw{.seed = Seed};
  const Historian::Options options{.points_per_chunk = 4, .points_held_max = 60};
  std::unique_ptr<Store> store = open();
  auto historian = std::make_unique<Historian>(*store, options);
  historian->clear();
  Lists lists{.signals = std::vector<std::vector<Point>>(3)};
  for (const char* name : {"pressure", "temperature", "Ä/flow"}) historian->signal(name);
  constexpr std::array Odd = {std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::quiet_NaN(), -0.0};
  core::Tick now = 0;
  std::uint64_t entry = 0;
  for (std::uint32_t k = 0; k < steps && !testing::Test::HasFatalFailure(); ++k) {
    const core::Block b = draw.block(1, k, 0);
    const std::size_t count = b[0] % 8 == 0 ? 20 : b[0] % 4;  // of one entry
    for (std::uint32_t i = 0; i < count; ++i) {
      const core::Block c = draw.block(2, k, i);
      if (c[0] % 3 == 0) now += c[1] % 5;
      Point p{.at = now, .value = c[2] % 100 - 50.0};
      if (c[0] % 7 == 0) p.at = now - static_cast<core::Tick>(c[1] % 60);            // late
      if (c[0] % 41 == 0) p.at = std::numeric_limits<core::Tick>::min() + c[1] % 3;  // far off
      if (c[3] % 23 == 0) p.value = Odd[c[2] % Odd.size()];
      const std::uint32_t signal = c[3] % 3 == 0 ? 0 : c[3] % 2;
      historian->add(signal, p);
      lists.add(signal, p);
    }
    historian->passed(++entry);
    if (b[1] % 9 == 0) historian->flush();
    if (b[1] % 31 == 0) {
      historian->flush();
      historian.reset();
      store.reset();
      store = open();
      historian = std::make_unique<Historian>(*store, options);
      ASSERT_EQ(historian->position(), entry);
      ASSERT_EQ(historian->find("Ä/flow"), 2U);
    }
    const std::uint32_t signal = b[2] % 3;
    const core::Tick middle = now - static_cast<core::Tick>(b[3] % 200);
    const core::Tick begin =
        b[2] % 5 == 0 ? std::numeric_limits<core::Tick>::min() : middle - b[2] % 50;
    const core::Tick end = b[2] % 7 == 0 ? core::Never : middle + b[2] % 60;
    const std::string where = "seed " + std::to_string(Seed) + " step " + std::to_string(k);
    ASSERT_TRUE(same(historian->points(signal, begin, end), lists.points(signal, begin, end)))
        << where;
    if (begin < end) {
      const std::size_t pixels = 1 + b[3] % 7;
      const std::vector<Summary> picture = historian->zoom(signal, begin, end, pixels);
      const std::uint64_t span =
          static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(begin);
      const auto edge = [&](std::size_t i) {
        return static_cast<core::Tick>(static_cast<std::uint64_t>(begin) + span / pixels * i +
                                       span % pixels * i / pixels);
      };
      for (std::size_t i = 0; i < pixels; ++i) {
        expect_equal(picture[i], lists.summary(signal, edge(i), edge(i + 1)),
                     where + " pixel " + std::to_string(i));
      }
    }
    const auto last = historian->last(signal);
    ASSERT_EQ(last.has_value(), !lists.signals[signal].empty()) << where;
    if (last) {
      ASSERT_TRUE(same({*last}, {lists.signals[signal].back()})) << where;
    }
  }
}

}  // namespace twin::record
