// If this failed, forecasts would be surer than what is known of the fab, or of another fab.
#include "apps/fabtwin/posterior_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "apps/fabtwin/files.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::fabtwin {
namespace {

TEST(PosteriorFile, DrawsHaveItsQuantiles) {
  const twin::record::ScratchFolder folder("posterior");
  const auto layout = twins::fab::lively_fab();
  const auto read = [&](const std::string& text, std::uint32_t members) {
    write_file(folder / "p.json", std::string_view(text));
    return read_posteriors(*layout, folder / "p.json", members, 7);
  };
  const std::size_t i = layout->theta_map.process(0);
  const Posteriors p = read(
      R"({"parameters": {"process.Litho": {"p05": 1.1, "median": 1.21, "p95": 1.331}}})", 4000);
  std::vector<double> drawn;
  for (const auto& theta : p.theta) {
    drawn.push_back(theta[i]);
    EXPECT_EQ(theta[i + 1], 1.0);  // not in the file
  }
  // Standard error of a share: 0.35 % at 5 %, 0.8 % at the median.
  const auto below = [&](double x) {
    return static_cast<double>(std::ranges::count_if(drawn, [x](double v) { return v < x; }));
  };
  EXPECT_NEAR(below(1.1), 200.0, 5 * 14.0);
  EXPECT_NEAR(below(1.21), 2000.0, 5 * 32.0);
  ASSERT_EQ(p.parameters.size(), 1U);
  EXPECT_EQ(p.parameters[0].median, 1.21);

  const auto refused = [&](const std::string& text) {
    const std::string message = twin::contract::refusal([&] { (void)read(text, 2); });
    const std::string file = (folder / "p.json").string();
    return message.starts_with(file) ? message.substr(file.size()) : message;
  };
  EXPECT_EQ(refused("[]"), ": no posteriors (must be what calibrate --json prints)");
  EXPECT_EQ(refused(R"({"parameters": {"process.Litho": {"p05": 1.1}}})"),
            ": process.Litho has no number 'median'");
  EXPECT_EQ(refused(R"({"parameters": {"process.Litho": {"p05": 2, "median": 1, "p95": 3}}})"),
            ": process.Litho (must have 0 < p05 <= median <= p95)");
  EXPECT_NE(refused(R"({"parameters": {"process.Lito": {"p05": 1, "median": 1, "p95": 1}}})"),
            "accepted");
}

}  // namespace
}  // namespace apps::fabtwin
