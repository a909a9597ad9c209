#include "twin/score/vvuq/report.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/expect.hpp"
#include "twin/score/vvuq/json.hpp"

namespace twin::score::vvuq {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::Met: return "met";
    case Outcome::Missed: return "missed";
    case Outcome::Undecided: return "undecided";
  }
  return "";
}

std::string_view to_string(Proof proof) { return proof == Proof::Shown ? "shown" : "not refuted"; }

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::Fit: return "fit";
    case Verdict::NotFit: return "not fit";
    case Verdict::NotEnoughEvidence: return "not enough evidence";
  }
  return "";
}

Check check(std::string name, std::string compared, double value, double expected,
            double tolerance) {
  return {std::move(name), std::move(compared),
          value,           expected,
          tolerance,       std::abs(value - expected) <= tolerance};  // a NaN is not
}

DomainCheck domain_check(std::string input, std::string unit, const std::vector<double>& seen,
                         double now) {
  TWIN_EXPECT(!seen.empty());
  const auto [low, high] = std::minmax_element(seen.begin(), seen.end());
  return {std::move(input), std::move(unit), *low, *high, now, now < *low || now > *high};
}

std::string to_json(const VvuqReport& report) {
  JsonWriter writer;
  writer.value(report);
  return writer.text() + "\n";
}

}  // namespace twin::score::vvuq
