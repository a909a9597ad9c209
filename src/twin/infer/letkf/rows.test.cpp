// If these failed, an analysis would correct another variable than it should.
#include "twin/infer/letkf/rows.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace twin::infer::letkf {
namespace {

std::vector<std::size_t> rows_of(const DomainRows& rows, std::size_t domain) {
  std::vector<std::size_t> out;
  rows.append(domain, out);
  return out;
}

TEST(DomainRows, Consecutive) {
  const DomainRows rows = DomainRows::consecutive(7, 3);
  EXPECT_EQ(rows.domains(), 3U);
  EXPECT_EQ(rows_of(rows, 1), (std::vector<std::size_t>{3, 4, 5}));
  EXPECT_EQ(rows_of(rows, 2), (std::vector<std::size_t>{6}));
}

TEST(DomainRows, FieldsOnTheSamePlaces) {
  const DomainRows rows = DomainRows::fields(5, 2);
  EXPECT_EQ(rows.domains(), 5U);
  EXPECT_EQ(rows.rows(), 10U);
  EXPECT_EQ(rows_of(rows, 3), (std::vector<std::size_t>{3, 8}));
}

TEST(DomainRows, Listed) {
  const std::vector<Domain> domains = {{.variables = {4, 1}, .observations = {}, .weights = {}},
                                       {.variables = {0}, .observations = {}, .weights = {}}};
  const DomainRows rows = DomainRows::listed(domains, 5);
  EXPECT_EQ(rows_of(rows, 0), (std::vector<std::size_t>{4, 1}));
  EXPECT_EQ(rows_of(rows, 1), (std::vector<std::size_t>{0}));
  EXPECT_EQ(contract::refusal([&] { (void)DomainRows::listed(domains, 4); }),
            "a domain has variable 4 (the state has 4)");
}

}  // namespace
}  // namespace twin::infer::letkf
