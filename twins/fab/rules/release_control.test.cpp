#include "twins/fab/rules/release_control.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "twin/core/error.hpp"
#include "twins/fab/load.hpp"
#include "twins/fab/rules/named.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;
using testing::HasSubstr;

std::string why_wrong_release(const Layout& m, const std::vector<NamedValue>& named) {
  try {
    (void)release_control(m, named, "fifo:...");
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return "";
}

// Wrong: the work that is bound for the bottleneck would count visits that are over, or forget those to come. B is
// visited twice: 10 min a lot by every second lot, then a batch of 8 wafers of 20 min; 5 min and 2 min a wafer before.
TEST(ReleaseControl, KnowsTheWorkThatIsStillToCome) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B", 2), c = fab.add_group("C");
  fab.group(b).batch = true;
  Step first = step_at(b, 10, Step::Per::Batch), second = step_at(b, 20, Step::Per::Batch);
  first.sampling = 0.5;
  first.batch_min = first.batch_max = 1;
  second.batch_min = second.batch_max = 8;
  fab.add_route({step_at(a, 5), first, step_at(a, 2, Step::Per::Piece), second, step_at(c, 1)});
  fab.add_stream(0, 100, 10);
  const auto m = compile(fab.description);
  const std::vector<NamedValue> named = {{"workload", "2"}, {"bottleneck", "b"}};
  const auto r = release_control(*m, named, "");
  ASSERT_TRUE(r);
  EXPECT_DOUBLE_EQ(r->work_most_ms, 2 * HourMs);
  EXPECT_EQ(r->tools, 2.0);
  const auto left = [&](std::uint32_t step) { return r->left_ms(step, 4) / MinuteMs; };
  EXPECT_DOUBLE_EQ(left(0), 0.5 * 10 * 4 + 20.0 * 4 / 8);
  EXPECT_DOUBLE_EQ(left(1), left(0));
  EXPECT_DOUBLE_EQ(left(2), 10.0);
  EXPECT_DOUBLE_EQ(left(3), 10.0);
  EXPECT_DOUBLE_EQ(left(4), 0.0);
  EXPECT_DOUBLE_EQ(r->lead_ms[0], 5 * MinuteMs);
  EXPECT_DOUBLE_EQ(r->lead_ms[1], 0.0);
  EXPECT_DOUBLE_EQ(r->lead_ms[2], 2 * UsualWafers * MinuteMs);
  EXPECT_TRUE(std::isinf(r->lead_ms[4]));
  EXPECT_DOUBLE_EQ(r->next_ms(0, 4), 40 * MinuteMs);
  EXPECT_DOUBLE_EQ(r->next_ms(2, 4), 10 * MinuteMs);
}

// Wrong: nobody would know which group is regulated where none was named.
TEST(ReleaseControl, TheBottleneckIsTheGroupOfTheHighestLoad) {
  const auto m = compile(semantics::busy_fab().description);
  const std::vector<NamedValue> named = {{"starvation", "1.5"}};
  EXPECT_EQ(release_control(*m, named, "")->bottleneck, fab_load(m->description).ranking.front());
  const std::vector<NamedValue> conwip = {{"conwip", "5"}};
  EXPECT_EQ(release_control(*m, conwip, "")->bottleneck, None);
  EXPECT_FALSE(release_control(*m, {}, ""));
}

// Wrong: a limit that cannot be meant would hold every lot outside, or none.
TEST(ReleaseControl, RefusesWhatCannotBeMeant) {
  const auto m = compile(semantics::busy_fab().description);
  EXPECT_THAT(why_wrong_release(*m, {{"conwip", "0"}}),
              HasSubstr("must be a whole number of lots"));
  EXPECT_THAT(why_wrong_release(*m, {{"conwip", "2.5"}}),
              HasSubstr("must be a whole number of lots"));
  EXPECT_THAT(why_wrong_release(*m, {{"conwip", "many"}}),
              HasSubstr("conwip=many in rule 'fifo:...'"));
  EXPECT_THAT(why_wrong_release(*m, {{"conwip.p7", "3"}}), HasSubstr("no product of this name"));
  EXPECT_THAT(why_wrong_release(*m, {{"workload", "-1"}}), HasSubstr("must be hours"));
  EXPECT_THAT(why_wrong_release(*m, {{"starvation", "nan"}}), HasSubstr("must be a factor"));
  EXPECT_THAT(why_wrong_release(*m, {{"workload", "1"}, {"bottleneck", "lithoo"}}),
              HasSubstr("did you mean Litho?"));
  EXPECT_THAT(why_wrong_release(*m, {{"bottleneck", "Litho"}}), HasSubstr("neither workload nor"));
  for (const char* name : {"conwip", "conwip.p0", "workload", "starvation", "bottleneck"})
    EXPECT_TRUE(is_release_parameter(name));
  for (const char* name : {"conwi", "batch", "k1", ""}) EXPECT_FALSE(is_release_parameter(name));
}

}  // namespace
}  // namespace twins::fab
