#include "twins/fab/report/report.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/report/markup.hpp"
#include "twins/fab/report/sample.hpp"
#include "twins/fab/report/style.hpp"

namespace twins::fab::report {
namespace {

enum class Curve { None, Given };

std::string page(std::uint32_t replications, Curve curve) {
  const Layout m = sample_layout();
  const RunResult r = sample_result(m, replications);
  ReportInput in;
  in.layout = &m;
  in.result = &r;
  in.title = "Fab <1> & friends";
  if (curve == Curve::Given)
    in.operating_curve = {{0.5, 1.2, 1.1, 1.2, 1.3}, {1.0, 2.3, 1.9, 2.2, 2.7}};
  return html_report(in);
}

// A browser would have to guess at the page's structure.
TEST(Report, TagsAreBalanced) {
  for (const std::uint32_t n : {0U, 1U, 2U, 5U}) {
    EXPECT_EQ(fault_of(page(n, Curve::None)), "") << n;
    EXPECT_EQ(fault_of(page(n, Curve::Given)), "") << n;
  }
}

// The page would need a network, or run something.
TEST(Report, IsOneFileWithoutScript) {
  const std::string html = page(2, Curve::Given);
  for (const char* part :
       {"<script", "<link", "<img", "<iframe", "http:", "https:", "url(", "onload"})
    EXPECT_EQ(html.find(part), std::string::npos) << part;
  EXPECT_TRUE(html.starts_with("<!DOCTYPE html>"));
  EXPECT_NE(html.find("charset=\"utf-8\""), std::string::npos);
  EXPECT_NE(html.find("name=\"viewport\""), std::string::npos);
}

// A name from a data set could become markup.
TEST(Report, NamesAreEscapedEverywhere) {
  const std::string html = page(2, Curve::None);
  for (const char* raw : {"<fab>", "Lot <A>", "Litho <1>", "Fab <1>", "\"more\""})
    EXPECT_EQ(html.find(raw), std::string::npos) << raw;
  EXPECT_NE(html.find("<h1>Fab &lt;1&gt; &amp; friends</h1>"), std::string::npos);
}

// A division by nothing would reach the reader.
TEST(Report, EveryNumberIsFinite) {
  for (const std::uint32_t n : {0U, 1U, 3U}) {
    std::string html = page(n, Curve::Given);
    html.erase(html.find("<style>"), Style.size());
    EXPECT_FALSE(std::regex_search(html, std::regex("\\b(nan|inf)\\b")));
    for (const char* name : {"x", "y", "width", "height", "x1", "x2", "y1", "y2"})
      for (const char* tag : {"rect", "line", "text", "svg"})
        for (const double v : values_of(html, tag, name)) EXPECT_TRUE(v >= -1.0 && v < 1e5) << v;
  }
}

// Two pages of one run could not be compared byte by byte.
TEST(Report, SameInputSameBytes) {
  EXPECT_EQ(page(3, Curve::Given), page(3, Curve::Given));
  EXPECT_NE(page(3, Curve::Given), page(2, Curve::Given));
}

// A part that the reader expects would be missing, or stand there empty.
TEST(Report, HasItsParts) {
  const std::string html = page(2, Curve::Given);
  for (const char* part :
       {"Work in progress", "Finished lots", "Cycle time of the lots that finish",
        "Distribution of cycle time", "time goes", "Longest queues", "Operating curve",
        "Queue-time windows", "Lot classes", "How these figures were made"})
    EXPECT_NE(html.find(part), std::string::npos) << part;
  EXPECT_EQ(page(2, Curve::None).find("Operating curve"), std::string::npos);
}

// A run that was stopped would look like a whole one.
TEST(Report, SaysThatARunWasStopped) {
  const Layout m = sample_layout();
  RunResult r = sample_result(m, 1);
  r.stopped = true;
  ReportInput in;
  in.layout = &m;
  in.result = &r;
  const std::string html = html_report(in);
  EXPECT_NE(html.find("Stopped before its end"), std::string::npos);
  EXPECT_NE(html.find("<h1>sample &lt;fab&gt; &amp; &quot;more&quot;</h1>"), std::string::npos);
}

// More tool groups than one column carries: none may be lost between the columns.
TEST(Report, ManyGroupsStandInTwoColumns) {
  Layout m = sample_layout();
  RunResult r = sample_result(m, 1);
  const GroupInfo info = m.groups[0];
  const GroupKpi kpi = r.replications[0].kpi.groups[0];
  while (m.groups.size() < 41) {
    m.groups.push_back(info);
    r.replications[0].kpi.groups.push_back(kpi);
    r.replications[0].kpi.groups.back().name = "G" + std::to_string(m.groups.size()) + ".";
  }
  ReportInput in;
  in.layout = &m;
  in.result = &r;
  const std::string html = html_report(in);
  EXPECT_EQ(fault_of(html), "");
  EXPECT_EQ(count_of(html, "<div class=\"pair\">"), 1U);
  for (int g = 4; g <= 41; ++g)  // a table row, and a label at three widths
    EXPECT_GE(count_of(html, ">G" + std::to_string(g) + ".<"), 4U) << g;
}

// A real run would break what the made-up sample does not: the bundled five-machine fab, 60 days.
TEST(Report, TakesARealRun) {
  RunOptions options;
  options.days = 60.0;
  options.warmup_days = 10.0;
  options.replications = 2;
  const auto layout = compile(import::read("data/minifab"), with_rule({}, options.rule));
  const RunResult result = run(layout, layout->nominal_theta(), options);
  ReportInput in;
  in.layout = layout.get();
  in.result = &result;
  const std::string html = html_report(in);
  EXPECT_EQ(fault_of(html), "");
  EXPECT_NE(html.find("<h1>minifab</h1>"), std::string::npos);
  EXPECT_GT(count_of(html, "class=\"median\""), 2U);
  EXPECT_GT(count_of(html, "warm-up: not counted"), 2U);
}

}  // namespace
}  // namespace twins::fab::report
