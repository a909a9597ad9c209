#include "apps/fabtwin/posterior_file.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/math/distributions.hpp"

namespace apps::fabtwin {
namespace {

constexpr double Quantile95 = 1.6448536269514722;  // of a standard normal
constexpr std::uint32_t PosteriorDraw =
    0x90000001;  // apart from what the fab and its validation draw

}  // namespace

Posteriors posteriors_in(std::string_view text, const std::string& file,
                         const PosteriorsAsked& asked) {
  using twin::core::Error;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("parameters") || !json["parameters"].is_object())
    throw Error(file + ": no posteriors (must be what calibrate --json prints)");
  const std::vector<twin::core::Parameter>& known = asked.known;
  std::vector<double> nominal;
  for (const twin::core::Parameter& parameter : known) nominal.push_back(parameter.nominal);
  Posteriors out;
  out.theta.assign(asked.members, nominal);
  for (const auto& [name, value] : json["parameters"].items()) {
    const std::size_t i = twin::core::index_of(known, name);
    const auto number = [&, &entry = value, &parameter = name](const char* key) {
      if (!entry.is_object() || !entry.contains(key) || !entry[key].is_number())
        throw Error(file + ": " + parameter + " has no number '" + key + "'");
      return entry[key].template get<double>();
    };
    const double low = number("p05"), median = number("median"), high = number("p95");
    if (!(low > 0.0 && low <= median && median <= high && std::isfinite(high)))
      throw Error(file + ": " + name + " (must have 0 < p05 <= median <= p95)");
    const double deviation = (std::log(high) - std::log(low)) / (2.0 * Quantile95);
    for (std::uint32_t m = 0; m < asked.members; ++m) {
      const double u =
          twin::core::Draw{asked.seed, m}.uniform(PosteriorDraw, static_cast<std::uint32_t>(i), 0);
      out.theta[m][i] = std::clamp(twin::math::lognormal(u, std::log(median), deviation),
                                   known[i].lower, known[i].upper);
    }
    out.parameters.push_back({name, known[i].nominal, low, median, high, {}});
  }
  return out;
}

}  // namespace apps::fabtwin
