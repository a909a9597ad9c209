#include "apps/fabtwin/assimilate/methods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "apps/fabtwin/assimilate/ensemble_filters.hpp"
#include "apps/fabtwin/assimilate/one_estimate.hpp"
#include "apps/fabtwin/assimilate/particles.hpp"
#include "apps/fabtwin/assimilate/windows.hpp"

namespace apps::fabtwin::assimilate {
namespace {

// Corrects nothing: the members run free.
class Bystander : public Analyst {
 public:
  Answer analyse(const Look&, Eigen::MatrixXd&) override { return {}; }
};

void read_bystander(Sheet&, Method& method) {
  method.start = [](const Scene&) { return std::make_unique<Bystander>(); };
}

const std::vector<MethodEntry>& list() {
  static const std::vector<MethodEntry> all = [] {
    std::vector<MethodEntry> entries = {
        {"free", "no analysis: what the members alone are worth", {}, read_bystander}};
    for (auto* family : {&ensemble_filters, &particles, &one_estimate, &windows}) {
      for (MethodEntry& entry : (*family)()) entries.push_back(std::move(entry));
    }
    return entries;
  }();
  return all;
}

const MethodEntry& entry_of(const std::string& name) {
  return *std::ranges::find(list(), name, &MethodEntry::name);
}

constexpr Eigen::Index LargestDense = 2000;  // variables that have a covariance

void check_ability(const Sheet& sheet, const MethodEntry& entry, const Subject& subject) {
  if (entry.carries == Carries::OneEstimate && subject.size() > LargestDense) {
    sheet.refuse("name", fmt::format("name = \"{}\" of {} variables (it holds their covariance: at "
                                     "most {}) use an ensemble?",
                                     entry.name, subject.size(), LargestDense));
  }
  if (subject.ability() >= entry.needs) return;
  sheet.refuse("name", fmt::format("name = \"{}\" (it needs {}) use one of {}?", entry.name,
                                   entry.needs == Ability::Tangent
                                       ? "a model that knows its tangent"
                                       : "a model whose state is a row of numbers",
                                   models_for(entry)));
}

}  // namespace

std::span<const MethodEntry> methods() { return list(); }

std::string models_for(const MethodEntry& entry) {
  std::vector<std::string> able;
  for (const ModelEntry& model : models()) {
    if (model.ability >= entry.needs) able.push_back(model.name);
  }
  return fmt::format("{}", fmt::join(able, ", "));
}

std::span<const Key> method_keys() {
  static const std::vector<Key> keys = {
      {"name", "", "the method"},
      {"label", "name and members", "what the table calls it"},
      {"members", "", "size of the ensemble, 2 to 10000; not of methods that carry one estimate"},
  };
  return keys;
}

Method read_method(Sheet& sheet) {
  std::vector<std::string> names;
  for (const MethodEntry& entry : list()) names.push_back(entry.name);
  Method method;
  method.name = sheet.choice("name", names);
  const MethodEntry& entry = entry_of(method.name);
  std::string label = method.name;
  if (entry.carries == Carries::Members) {
    method.members = sheet.integer("members", {.least = 2.0, .most = 10000.0}, {});
    label += fmt::format(" {}", method.members);
  }
  method.label = sheet.text("label", label);
  entry.read(sheet, method);
  sheet.finish();
  return method;
}

void check_method(const Sheet& sheet, const Subject& subject, const Network& network) {
  Sheet again = sheet;
  std::vector<std::string> names;
  for (const MethodEntry& entry : list()) names.push_back(entry.name);
  check_ability(sheet, entry_of(again.choice("name", names)), subject);
  if (again.number("radius", {}, 0.0) == 0.0) return;
  if (subject.geometry().kind == Geometry::Kind::None) {
    again.refuse("radius", "radius (the variables of this model have no distance) leave it out?");
  }
  if (!network.noise().is_diagonal()) {
    again.refuse("radius",
                 "radius with correlated errors (each observation needs a weight of its own) leave "
                 "correlation out?");
  }
}

}  // namespace apps::fabtwin::assimilate
