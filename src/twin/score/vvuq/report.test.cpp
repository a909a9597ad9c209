// If this failed, what a twin's report says would be lost on its way, or a check would pass that did not.
#include "twin/score/vvuq/report.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/core/archive.hpp"

namespace twin::score::vvuq {
namespace {

TEST(VvuqReport, ChecksPassByTheirNumbers) {
  EXPECT_TRUE(check("a", "b", 1.0, 1.05, 0.1).passed);
  EXPECT_FALSE(check("a", "b", 1.0, 1.2, 0.1).passed);
  EXPECT_FALSE(check("a", "b", NAN, 1.0, 0.1).passed);
  const DomainCheck d = domain_check("WIP", "lots", {3.0, 1.0, 2.0}, 3.5);
  EXPECT_TRUE(d.outside);
  EXPECT_EQ(d.low, 1.0);
  EXPECT_FALSE(domain_check("WIP", "lots", {3.0, 1.0}, 2.0).outside);
}

TEST(VvuqReport, IsSavedWhole) {
  VvuqReport r;
  r.identity.twin = "fab";
  r.quantities.resize(2);
  r.quantities[1].references.push_back({"climatology", 1.0, 0.5, 0.1, 7});
  r.quantities[1].fans.push_back({1, 2, 3, 4, 5, 6, 7, 8});
  r.quantities[0].criteria.push_back({"bias", 1, 2, 3, {}, 4.0, Proof::Shown, Outcome::Met});
  r.monitors.resize(1);
  r.domain.push_back({"WIP", "lots", 1, 2, 3, true});
  EXPECT_EQ(core::load<VvuqReport>(core::save(r)), r);
}

TEST(VvuqReport, AsJsonHasItsSchemaFirst) {
  EXPECT_TRUE(to_json({}).starts_with("{\n \"schema\": 1,\n")) << to_json({});
  EXPECT_EQ(to_string(Verdict::Fit), "fit");
  EXPECT_EQ(to_string(Verdict::NotFit), "not fit");
  EXPECT_EQ(to_string(Verdict::NotEnoughEvidence), "not enough evidence");
  EXPECT_EQ(to_string(Outcome::Met), "met");
  EXPECT_EQ(to_string(Outcome::Missed), "missed");
  EXPECT_EQ(to_string(Outcome::Undecided), "undecided");
}

}  // namespace
}  // namespace twin::score::vvuq
