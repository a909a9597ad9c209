// The methods that an experiment file can name, in one list. A new method is one entry here, made beside
// its Analyst: ensemble_filters.hpp, particles.hpp, one_estimate.hpp, windows.hpp.
#pragma once
#include <span>
#include <string>

#include "apps/fabtwin/assimilate/analyst.hpp"

namespace apps::fabtwin::assimilate {

std::span<const MethodEntry> methods();
std::span<const Key> method_keys();  // that every method has
// Names of the models that can do what the method needs, "lorenz63, lorenz96".
std::string models_for(const MethodEntry& entry);

// Reads one [[method]]. Its fit to the model is checked by check_method.
Method read_method(Sheet& sheet);
// Error where the method cannot work on this subject with this network (a model that cannot do what it
// needs, localisation without places, or with correlated errors). sheet: the method's own, for the
// line.
void check_method(const Sheet& sheet, const Subject& subject, const Network& network);

}  // namespace apps::fabtwin::assimilate
