// The uncertain numbers of a model, each with a name, a unit, bounds and a source. A member's theta
// is a plain row of values in the order of the model's list of Parameters.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace twin::core {

struct Parameter {
  std::string name;
  std::string unit;      // "1" for a pure number
  double nominal = 0.0;  // [unit]
  double lower = 0.0;    // [unit], allowed
  double upper = 0.0;    // [unit], allowed
  std::string source;    // where the nominal value and the bounds come from
  bool operator==(const Parameter&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("name", self.name);
    archive("unit", self.unit);
    archive("nominal", self.nominal);
    archive("lower", self.lower);
    archive("upper", self.upper);
    archive("source", self.source);
  }
};

std::vector<double> nominal_theta(std::span<const Parameter> parameters);  // [parameter]

// The parameter's place in the list; Error with the nearest name if there is none.
std::size_t index_of(std::span<const Parameter> parameters, std::string_view name);

// Error if theta's size is wrong or a value is outside its bounds or no number.
void check_theta(std::span<const Parameter> parameters, std::span<const double> theta);

}  // namespace twin::core
