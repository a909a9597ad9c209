#include "twins/fab/report/words.hpp"

#include <gtest/gtest.h>

#include "twins/fab/report/markup.hpp"
#include "twins/fab/report/sample.hpp"

namespace twins::fab::report {
namespace {

// Days would read "365.000000".
TEST(ReportWords, DaysAsAPersonWritesThem) {
  EXPECT_EQ(days_text(365.0), "365");
  EXPECT_EQ(days_text(1460.0), "1,460");
  EXPECT_EQ(days_text(10.5), "10.5");
  EXPECT_EQ(days_text(0.0), "0");
}

// Somebody could not repeat the run from its page.
TEST(ReportWords, FactsNameDataSeedAndRule) {
  const Layout m = sample_layout();
  RunResult r = sample_result(m, 2);
  r.options.seed = 4711;
  r.options.rule = "atcs:k1=2";
  r.options.warmup_days = 5.0;
  const std::string facts = fact_list(m, r);
  EXPECT_EQ(fault_of(facts), "");
  for (const char* part : {"sample &lt;fab&gt; &amp; &quot;more&quot;", "6 tools in 3 groups",
                           "30 days", "<dd>5 days</dd>", "4711", "atcs:k1=2"})
    EXPECT_NE(facts.find(part), std::string::npos) << part;
}

// A key figure would be missing or lack its interval.
TEST(ReportWords, SevenTilesWithIntervals) {
  const Layout m = sample_layout();
  const std::string all = tiles(summarise(m, sample_result(m, 3)));
  EXPECT_EQ(fault_of(all), "");
  EXPECT_EQ(count_of(all, "<strong>"), 7U);
  EXPECT_NE(all.find("<strong>201</strong> <i>lots</i><span>± 2 (95 %)"), std::string::npos);
  EXPECT_NE(all.find("<strong>90.0</strong> <i>%</i>"), std::string::npos);
}

// The lead would name another bottleneck than the plot below it.
TEST(ReportWords, LeadNamesTheBottleneckFirst) {
  const Layout m = sample_layout();
  const std::string text = lead(summarise(m, sample_result(m, 2)));
  EXPECT_EQ(fault_of(text), "");
  EXPECT_NE(text.find("limit: <strong>Litho &lt;1&gt; &amp; co</strong> (94.4&nbsp;%)"),
            std::string::npos);
  EXPECT_NE(lead(summarise(m, sample_result(m, 0))).find("No replication"), std::string::npos);
}

// The page would claim intervals that nobody computed, or hide what the model leaves out.
TEST(ReportWords, NotesFollowTheRun) {
  const Layout m = sample_layout();
  const auto text = [&](std::uint32_t n) {
    const RunResult r = sample_result(m, n);
    return notes(m, r, summarise(m, r), "fabtwin 9.8.7");
  };
  EXPECT_EQ(fault_of(text(3)), "");
  EXPECT_NE(text(3).find("over 3 independent replications"), std::string::npos);
  EXPECT_NE(text(1).find("One replication only"), std::string::npos);
  EXPECT_NE(text(3).find("Not modelled"), std::string::npos);
  EXPECT_NE(text(3).find("Made by fabtwin 9.8.7: seed"), std::string::npos);
  EXPECT_NE(text(3).find("2: abcdef0000000002"), std::string::npos);
  EXPECT_EQ(text(0).find("Fingerprints"), std::string::npos);
}

}  // namespace
}  // namespace twins::fab::report
