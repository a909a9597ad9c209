// If these failed, the tests of selection would be about another world than they say.
#include "twin/decide/example.hpp"

#include <gtest/gtest.h>

#include "twin/decide/paired.hpp"

namespace twin::decide::example {
namespace {

// Wrong: means, deviation or correlation would not be those told. 20,000 pairs: 5.2 standard errors.
TEST(Menu, HasTheLawItSays) {
  SCOPED_TRACE("seed 5");
  const Menu menu{{1.0, 4.0}, 2.0, 0.8};
  Paired p;
  constexpr int N = 20'000;
  for (std::uint64_t r = 0; r < N; ++r) p.add(menu.run({5, 0}, 0, r), menu.run({5, 0}, 1, r));
  EXPECT_NEAR(p.a().mean(), 1.0, 5.2 * 2.0 / std::sqrt(N));
  EXPECT_NEAR(p.b().mean(), 4.0, 5.2 * 2.0 / std::sqrt(N));
  EXPECT_NEAR(p.a().deviation(), 2.0, 5.2 * 2.0 / std::sqrt(2.0 * N));
  EXPECT_NEAR(*p.correlation(), 0.8, 5.2 * (1 - 0.64) / std::sqrt(N));
}

// Wrong: a procedure would be given results of other runs than it wanted.
TEST(Menu, RunsWhatIsWanted) {
  const Menu menu = Menu::slippage(3, 1, 2.0, 1.0, 0.5);
  EXPECT_EQ(menu.means, (std::vector<double>{2, 0, 2}));
  const auto values = menu.run({7, 1}, {{2, 4, 2}, {0, 0, 1}});
  EXPECT_EQ(values, (std::vector<double>{menu.run({7, 1}, 2, 4), menu.run({7, 1}, 2, 5),
                                         menu.run({7, 1}, 0, 0)}));
  EXPECT_EQ(Menu::ladder(3, 0.5, 1, 0).means, (std::vector<double>{0, 0.5, 1}));
}

}  // namespace
}  // namespace twin::decide::example
