// If these failed, a tool could work on wafers for days without anybody knowing whether it spoils them.
#include "twin/decide/wafers_at_risk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"

namespace twin::decide {
namespace {

using contract::refusal;
using Ids = std::vector<std::uint32_t>;
using Lots = std::vector<std::uint64_t>;
constexpr std::uint64_t WafersAtRiskSeed = 20261208;

WafersAtRisk two_tools() { return WafersAtRisk({{"ETCH-1", 100, 200}, {"CVD-2", 50, 100}}); }

// Wrong: a good lot would clear what came after it, or not what came before. By hand.
TEST(WafersAtRisk, ClearsWhatCameBefore) {
  WafersAtRisk w = two_tools();
  w.processed(1, Ids{0}, 25);
  w.processed(2, Ids{0, 1}, 25);
  w.processed(3, Ids{0}, 25);
  EXPECT_EQ(w.at_risk(0), 75);
  EXPECT_EQ(w.at_risk(1), 25);
  w.measured(2);
  EXPECT_EQ(w.at_risk(0), 25);
  EXPECT_EQ(w.at_risk(1), 0);
  EXPECT_EQ(w.indicator(1), 0.0);  // cleared by lot 2 already
  EXPECT_GT(w.indicator(3), 0.0);
  w.measured(1);  // late: takes nothing back
  EXPECT_EQ(w.at_risk(0), 25);
  w.measured(99);
  w.left(3);
  EXPECT_EQ(w.lots(), 0U);
  EXPECT_EQ(w.at_risk(0), 25);  // nobody looked
}

// Wrong: limits would be told wrongly.
TEST(WafersAtRisk, KnowsItsLimits) {
  WafersAtRisk w = two_tools();
  EXPECT_TRUE(w.may_process(Ids{1}, 100));
  EXPECT_FALSE(w.may_process(Ids{1}, 101));
  w.processed(1, Ids{1}, 50);
  EXPECT_EQ(w.state(1), RiskState::Warning);
  EXPECT_EQ(w.state(0), RiskState::Normal);
  EXPECT_TRUE(w.may_process(Ids{0, 1}, 50));
  EXPECT_FALSE(w.may_process(Ids{0, 1}, 51));
  w.processed(2, Ids{1}, 50);
  EXPECT_EQ(w.state(1), RiskState::Inhibit);
}

// Wrong: counters would drift from what an obvious bookkeeper has, who keeps the list of all wafers.
TEST(WafersAtRisk, IsWhatABookkeeperHas) {
  SCOPED_TRACE(WafersAtRiskSeed);
  struct Work {
    std::uint64_t lot;
    std::uint32_t risk;
    double wafers;
  };
  for (std::uint32_t world = 0; world < 20; ++world) {
    std::vector<RiskLimits> limits;
    for (int r = 0; r < 5; ++r) limits.push_back({"T" + std::to_string(r), 100, 200});
    WafersAtRisk w(limits);
    std::vector<Work> book;
    std::map<std::uint32_t, std::size_t>
        good_upto;  // [risk] entries of the book before it are good
    for (std::uint32_t i = 0; i < 400; ++i) {
      const core::Draw draw{WafersAtRiskSeed, world};
      const auto pick = [&](std::uint32_t what, double n) {
        return static_cast<std::uint32_t>(draw.uniform(what, i, 0) * n);
      };
      const std::uint64_t lot = pick(0, 40);
      if (draw.uniform(1, i, 0) < 0.8) {
        const Ids risks = {pick(2, 5)};
        w.processed(lot, risks, 1.0 + pick(3, 25));
        book.push_back({lot, risks[0], 1.0 + pick(3, 25)});
      } else {
        w.measured(lot);
        for (std::size_t b = 0; b < book.size(); ++b) {
          if (book[b].lot == lot)
            good_upto[book[b].risk] = std::max(good_upto[book[b].risk], b + 1);
        }
      }
      for (std::uint32_t r = 0; r < 5; ++r) {
        double open = 0.0;
        for (std::size_t b = good_upto[r]; b < book.size(); ++b)
          open += book[b].risk == r ? book[b].wafers : 0.0;
        ASSERT_EQ(w.at_risk(r), open) << world << " " << i;
      }
    }
    EXPECT_EQ(core::load<WafersAtRisk>(core::save(w)), w);
  }
}

// Wrong: lots would be measured that clear nothing, capacity be overrun, a limit that no lot can lower be
// kept quiet. And greedy keeps 63.2 % of the best choice: 3 of 10 lots, all choices.
TEST(WafersAtRisk, ChoosesWhatLowersMost) {
  SCOPED_TRACE(WafersAtRiskSeed);
  for (std::uint32_t world = 0; world < 100; ++world) {
    std::vector<RiskLimits> limits;
    for (int r = 0; r < 6; ++r) limits.push_back({"T", 100, 200.0 + 100.0 * r});
    WafersAtRisk w(limits, world % 2 == 0 ? 2.0 : 1.5);
    Lots waiting;
    for (std::uint32_t lot = 0; lot < 10; ++lot) {
      Ids risks;
      for (std::uint32_t r = 0; r < 6; ++r) {
        if (core::Draw{WafersAtRiskSeed, world}.uniform(4, lot, r) < 0.4) risks.push_back(r);
      }
      if (!risks.empty()) w.processed(lot, risks, 25);
      waiting.push_back(lot);
    }
    const auto lowered = [&](unsigned set) {
      WafersAtRisk after = w;
      double sum = 0.0;
      for (std::uint64_t lot = 0; lot < 10; ++lot) {  // each one's own gain after those before it
        if ((set >> lot & 1U) != 0) sum += after.indicator(lot), after.measured(lot);
      }
      return sum;
    };
    const Sampling s = w.choose(waiting, 3, 0.0);
    ASSERT_LE(s.measure.size(), 3U);
    unsigned set = 0;
    for (const std::uint64_t lot : s.measure) set |= 1U << lot;
    double best = 0.0;
    for (unsigned any = 0; any < 1U << 10; ++any) {
      if (std::popcount(any) == 3) best = std::max(best, lowered(any));
    }
    EXPECT_GE(lowered(set), 0.632 * best) << world;
    EXPECT_LE(lowered(set), best * (1 + 1e-12));
    for (const std::uint64_t lot : s.useless) EXPECT_EQ(w.indicator(lot), 0.0);
    WafersAtRisk after = w;
    for (const std::uint64_t lot : s.measure) after.measured(lot);
    for (std::uint32_t r = 0; r < 6; ++r) {
      const bool said = std::ranges::find(s.still_warning, r) != s.still_warning.end();
      EXPECT_EQ(said, after.state(r) != RiskState::Normal);
    }
  }
}

// Wrong: a lot worth little would be measured without need, or one that a warned tool needs be left.
TEST(WafersAtRisk, PullsAtTheWarningLimit) {
  WafersAtRisk w = two_tools();
  w.processed(1, Ids{0}, 25);
  w.processed(2, Ids{1}, 25);
  EXPECT_TRUE(w.choose(Lots{1, 2}, 5, 1.0).measure.empty());
  w.processed(3, Ids{1}, 25);
  EXPECT_EQ(w.choose(Lots{1, 2, 3}, 5, 1.0).measure, Lots{3});  // one is enough
  EXPECT_EQ(w.choose(Lots{1, 2}, 5, 1.0).measure, Lots{2});     // what there is
  EXPECT_EQ(w.choose(Lots{1}, 5, 1.0).still_warning, Ids{1});
  EXPECT_EQ(w.choose(Lots{1, 2, 3}, 0, 0.0).still_warning, Ids{1});
  EXPECT_EQ(w.choose(Lots{7}, 1, 0.0).useless, Lots{7});
}

// Wrong: limits that cannot be meant would guard nothing.
TEST(WafersAtRisk, RefusesNonsense) {
  EXPECT_EQ(refusal([] {
              WafersAtRisk({{"A", 0, 5}});
            }),
            "warning limit of A = 0 (must be positive)");
  EXPECT_EQ(refusal([] {
              WafersAtRisk({{"A", 5, 5}});
            }),
            "inhibit limit of A = 5 (must be above its warning limit 5)");
  EXPECT_EQ(refusal([] { WafersAtRisk({{"A", 1, 5}}, 0.5); }), "power = 0.5 (must be at least 1)");
}

}  // namespace
}  // namespace twin::decide
