// If this failed, the page would show another twin than the report, or nothing readable at all.
#include "apps/fabtwin/vvuq_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "twin/core/draw.hpp"
#include "twin/score/vvuq/judge.hpp"
#include "twins/fab/report/markup.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace vvuq = twin::score::vvuq;

vvuq::VvuqReport sample() {
  vvuq::VvuqReport r;
  r.identity.twin = "a <fab> & more";
  r.use.purpose = "To know";
  vvuq::QuantityInput in;
  in.name = "WIP";
  in.unit = "lots";
  in.horizon = 1.0;
  in.references = {"persistence", "climatology"};
  const twin::core::Draw draw{5, 0};
  for (std::uint32_t t = 0; t < 30; ++t) {
    vvuq::Occasion o;
    o.at = t;
    o.came = 10.0 + draw.uniform(1, 0, t);
    for (std::uint32_t k = 0; k < 9; ++k) o.members.push_back(10.0 + draw.uniform(2, k, t));
    o.references = {{10.0}, {9.0, 12.0}};
    in.occasions.push_back(o);
  }
  r.quantities = {vvuq::judge(in, {}), vvuq::judge({"Nothing", "lots", 1.0, {}, 3, 0, {}, {}}, {})};
  r.code_verification = {vvuq::check("one", "two", 1.0, 2.0, 0.5)};
  r.solution_verification = {{"WIP", "Monte Carlo", "lots", 0.1, 10.0}};
  r.parameters = {{"process.<Litho>", 1.0, 0.9, 1.1, 1.2, {}}};
  r.monitors = {{"WIP",
                 30,
                 0,
                 true,
                 {"mean shifted since forecast 3"},
                 {0.1, -0.2},
                 {0.0, 1.0},
                 {0.0, 0.0},
                 {0.3, 0.1},
                 {0.0, 0.0},
                 7.1,
                 1000.0}};
  r.data_quality = {{"left out: late", 7}};
  r.domain = {vvuq::domain_check("WIP", "lots", {1.0, 2.0}, 3.0)};
  r.limits = {"Does not know <everything>"};
  r.not_assessed = {"Much"};
  return r;
}

TEST(VvuqPage, ShowsTheReportWhole) {
  // Wrong: a section would be missing, or a name from a data set would break the page.
  const std::string page = vvuq_page(sample());
  EXPECT_EQ(twins::fab::report::fault_of(page), "");
  for (const char* part :
       {"a &lt;fab&gt; &amp; more", "Verdicts", "Forecasts and what came", "Calibration",
        "Monitors", "Verification", "Uncertainty", "Data and domain", "What is not known",
        "nothing came to compare with", "validate again", "mean shifted since forecast 3",
        "process.&lt;Litho&gt;", "left out: late", "outside", "Does not know &lt;everything&gt;"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(page, Not(HasSubstr("nan")));
  EXPECT_THAT(page, Not(HasSubstr("http")));  // nothing from outside
  EXPECT_EQ(page, vvuq_page(sample()));
}

TEST(VvuqPage, TakesAnEmptyReport) {
  // Wrong: the first run of a new twin would end in an error.
  EXPECT_EQ(twins::fab::report::fault_of(vvuq_page({})), "");
}

}  // namespace
}  // namespace apps::fabtwin
