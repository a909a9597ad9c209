// If these failed, an expansion would lack terms that it is said to have, or be asked for more than can be stored.
#include "twin/uq/multi_indices.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"

namespace twin::uq {
namespace {

// [input] degrees of a term of three.
std::array<std::uint32_t, 3> degrees_of(std::span<const PolynomialFactor> term) {
  std::array<std::uint32_t, 3> all{};
  for (const PolynomialFactor& f : term) all[f.input] = f.degree;
  return all;
}

std::size_t binomial_count(std::size_t n, std::size_t k) {
  std::size_t b = 1;
  for (std::size_t i = 1; i <= k; ++i) b = b * (n - k + i) / i;
  return b;
}

TEST(MultiIndices, AreAsManyAsCounted) {
  const auto count = [](std::size_t inputs, std::uint32_t degree, std::size_t interaction) {
    return truncated_indices({.inputs = inputs, .degree = degree, .interaction = interaction})
        .terms.size();
  };
  EXPECT_EQ(count(3, 12, 0), binomial_count(15, 3));
  EXPECT_EQ(count(20, 3, 0), binomial_count(23, 3));
  EXPECT_EQ(count(7, 5, 1), 1U + 7 * 5);
  EXPECT_EQ(count(7, 5, 2), 1U + 7 * 5 + binomial_count(7, 2) * binomial_count(5, 2));
  EXPECT_EQ(count(7, 5, 9), binomial_count(12, 5));
}

TEST(MultiIndices, AreThoseOfTheNorm) {
  for (const double norm : {0.4, 0.5, 0.75, 1.0}) {
    const TruncatedIndices t = truncated_indices({.inputs = 3, .degree = 9, .norm = norm});
    ASSERT_EQ(t.upto.size(), 10U);
    for (std::uint32_t degree = 0; degree <= 9; ++degree) {
      std::set<std::array<std::uint32_t, 3>> told, wanted;
      for (std::size_t k = 0; k < t.upto[degree]; ++k) told.insert(degrees_of(t.terms[k]));
      EXPECT_EQ(told.size(), t.upto[degree]);
      for (std::uint32_t a = 0; a <= 9; ++a)
        for (std::uint32_t b = 0; b <= 9; ++b)
          for (std::uint32_t c = 0; c <= 9; ++c)
            if (std::pow(a, norm) + std::pow(b, norm) + std::pow(c, norm) <=
                std::pow(degree, norm) + 1e-9)
              wanted.insert({a, b, c});
      EXPECT_EQ(told, wanted) << norm << " " << degree;
    }
    EXPECT_TRUE(t.terms[0].empty());
    EXPECT_TRUE(t.terms.whole(3, 9));
  }
}

TEST(MultiIndices, EndAtTheDegreeThatTheRoomAllows) {
  const TruncationOptions o{.inputs = 20, .degree = 5, .terms_most = binomial_count(23, 3)};
  EXPECT_EQ(truncated_indices(o).terms.size(), binomial_count(23, 3));
  TruncationOptions less = o;
  --less.terms_most;
  const TruncatedIndices t = truncated_indices(less);
  EXPECT_EQ(t.terms.size(), binomial_count(22, 2));
  EXPECT_EQ(t.upto, (std::vector<std::size_t>{1, 21, binomial_count(22, 2)}));
}

TEST(MultiIndices, SayWhatCannotBe) {
  const auto why = [](const TruncationOptions& o) {
    return contract::refusal([&] { (void)truncated_indices(o); });
  };
  EXPECT_EQ(why({}), "polynomials of no inputs");
  EXPECT_EQ(why({.inputs = 2, .degree = 0}), "polynomials of degree 0 (at least 1)");
  EXPECT_EQ(why({.inputs = 2, .norm = 0}), "a truncation by the norm 0 (above 0, at most 1)");
  EXPECT_EQ(why({.inputs = 2, .norm = NAN}), "a truncation by the norm nan (above 0, at most 1)");
  EXPECT_EQ(why({.inputs = 2, .norm = 1.5}), "a truncation by the norm 1.5 (above 0, at most 1)");
  EXPECT_EQ(why({.inputs = 2, .terms_most = 2}),
            "at most 2 terms of 2 inputs (at least 3: each has one of degree 1)");
}

TEST(MultiIndices, TellWhatIsNoTerm) {
  const auto with = [](std::vector<PolynomialFactor> factors) {
    MultiIndices terms;
    terms.add({});
    terms.add(factors);
    return terms;
  };
  EXPECT_TRUE(with({{0, 2}, {4, 1}}).whole(5, 2));
  EXPECT_FALSE(with({{0, 2}, {5, 1}}).whole(5, 2));
  EXPECT_FALSE(with({{0, 3}, {4, 1}}).whole(5, 2));
  EXPECT_FALSE(with({{0, 0}, {4, 1}}).whole(5, 2));
  EXPECT_FALSE(with({{4, 1}, {0, 1}}).whole(5, 2));
  const MultiIndices terms = with({{0, 2}, {4, 1}});
  EXPECT_EQ(core::load<MultiIndices>(core::save(terms)), terms);
}

}  // namespace
}  // namespace twin::uq
