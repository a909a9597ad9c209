#include "apps/fabtwin/uq/held.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "twin/math/statistics.hpp"
#include "twin/uq/sobol_indices.hpp"

namespace apps::fabtwin::uq {

Held held_against(const std::vector<double>& mean, const std::vector<double>& variance,
                  const std::vector<double>& came) {
  constexpr double Ninety = 1.6448536269514722;
  twin::math::Moments moments;
  for (const double y : came) moments.add(y);
  double missed = 0.0, standardised = 0.0, inside = 0.0;
  for (std::size_t k = 0; k < came.size(); ++k) {
    const double r = came[k] - mean[k];
    missed += r * r;
    if (variance.empty()) continue;
    standardised += r * r / variance[k];
    inside += std::abs(r) <= Ninety * std::sqrt(variance[k]) ? 1.0 : 0.0;
  }
  const auto n = static_cast<double>(came.size());
  return {.q2 = 1.0 - missed / (moments.variance() * (n - 1.0)),
          .rmse = std::sqrt(missed / n),
          .coverage = inside / n,
          .ratio = std::sqrt(standardised / n)};
}

void warn_of_little(const Held& held, const std::string& what, Answer& answer) {
  if (held.q2 < 0.7)
    answer.warnings.push_back(fmt::format(
        "{} foretells {:.0f} % of the variance: too little to be used in the model's place (more "
        "points, or the rest is chance)",
        what, 100 * std::max(0.0, held.q2)));
}

Part shares_of_mean(const Work& work,
                    const std::function<std::vector<double>(std::span<const double>)>& mean,
                    const std::vector<double>& lengths, Answer& answer) {
  const auto& inputs = work.study.inputs.all;
  const auto f = [&](const twin::uq::Points& u, std::span<double> y) {
    std::vector<double> x;
    for (std::size_t k = 0; k < u.count; ++k)
      for (std::size_t i = 0; i < inputs.size(); ++i) x.push_back(u.at(i, k));
    std::ranges::copy(mean(x), y.begin());
  };
  const auto s = twin::uq::sobol_indices(
      {.inputs = inputs.size(), .points = 256, .replications = 8, .seed = work.study.seed}, f,
      work.threads);
  Part part{.title = "What the emulator varies by",
            .note =
                "First and total shares of its variance; what the runs vary by besides, it "
                "does not know",
            .head = {"input", "first", "total"}};
  if (!lengths.empty()) part.head.emplace_back("length");
  std::vector<double> totals;
  for (const auto& t : s.total) totals.push_back(t.mean);
  std::vector<Bar> bars;
  for (const std::size_t i : falling(totals)) {
    const auto &first = s.first[i], &total = s.total[i];
    part.rows.push_back({inputs[i].name, in_words(first.mean, first.half_width),
                         in_words(total.mean, total.half_width)});
    nlohmann::ordered_json one = {
        {"name", inputs[i].name}, {"first", first.mean}, {"total", total.mean}};
    if (!lengths.empty()) {
      part.rows.back().push_back(in_words(lengths[i]));
      one["length"] = lengths[i];
    }
    answer.json["inputs"].push_back(std::move(one));
    if (bars.size() < 40)
      bars.push_back({inputs[i].name, first.mean, first.half_width, total.mean, total.half_width});
  }
  part.plot = bars_plot(bars, "first (blue) and total (orange) share of the variance", true);
  return part;
}

std::vector<double> rows_of(const std::vector<std::vector<double>>& columns) {
  const std::size_t n = columns.front().size();
  std::vector<double> rows;
  rows.reserve(n * columns.size());
  for (std::size_t k = 0; k < n; ++k)
    for (const auto& column : columns) rows.push_back(column[k]);
  return rows;
}

}  // namespace apps::fabtwin::uq
