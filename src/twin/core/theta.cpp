#include "twin/core/theta.hpp"

#include <sstream>

#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"

namespace twin::core {

std::vector<double> nominal_theta(std::span<const Parameter> parameters) {
  std::vector<double> theta;
  theta.reserve(parameters.size());
  for (const Parameter& p : parameters) theta.push_back(p.nominal);
  return theta;
}

std::size_t index_of(std::span<const Parameter> parameters, std::string_view name) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].name == name) return i;
    known.push_back(parameters[i].name);
  }
  std::string message = "unknown parameter '" + std::string(name) + "' (the model has " +
                        std::to_string(parameters.size()) + " others)";
  if (const auto near = nearest(name, known)) message += " did you mean '" + *near + "'?";
  throw Error(message);
}

void check_theta(std::span<const Parameter> parameters, std::span<const double> theta) {
  if (theta.size() != parameters.size()) {
    throw Error("theta has " + std::to_string(theta.size()) + " values (the model has " +
                std::to_string(parameters.size()) + " parameters)");
  }
  for (std::size_t i = 0; i < theta.size(); ++i) {
    const Parameter& p = parameters[i];
    if (theta[i] >= p.lower && theta[i] <= p.upper) continue;
    std::ostringstream message;
    message << p.name << " = " << theta[i] << ' ' << p.unit << " (must be from " << p.lower
            << " to " << p.upper << ")";
    throw Error(message.str());
  }
}

}  // namespace twin::core
