#include "apps/fabtwin/uq/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::infer::Prior;
using twin::sheet::Range;
using twin::sheet::Sheet;

constexpr Range Any = {.least = -1e300, .most = 1e300};
constexpr Range Above = {.least = Range::Tiny, .most = 1e300};

// Each law by its keys.
const std::map<std::string, std::function<Prior(Sheet&)>>& laws() {
  static const std::map<std::string, std::function<Prior(Sheet&)>> all = {
      {"normal",
       [](Sheet& t) { return Prior::normal(t.number("mean", Any), t.number("deviation", Above)); }},
      {"lognormal",
       [](Sheet& t) {
         return Prior::lognormal(std::log(t.number("median", Above, 1.0)),
                                 t.number("log_deviation", Above));
       }},
      {"uniform",
       [](Sheet& t) { return Prior::uniform(t.number("low", Any), t.number("high", Any)); }},
      {"exponential", [](Sheet& t) { return Prior::exponential(t.number("mean", Above)); }},
      {"gamma",
       [](Sheet& t) { return Prior::gamma(t.number("shape", Above), t.number("scale", Above)); }},
      {"beta", [](Sheet& t) { return Prior::beta(t.number("a", Above), t.number("b", Above)); }},
      {"laplace",
       [](Sheet& t) {
         return Prior::laplace(t.number("location", Any, 0.0), t.number("scale", Above));
       }},
      {"student-t",
       [](Sheet& t) {
         return Prior::student_t(t.number("degrees", Above), t.number("location", Any, 0.0),
                                 t.number("scale", Above, 1.0));
       }},
      {"cauchy",
       [](Sheet& t) {
         return Prior::cauchy(t.number("location", Any, 0.0), t.number("scale", Above));
       }},
      {"half-normal", [](Sheet& t) { return Prior::half_normal(t.number("scale", Above)); }},
      {"half-cauchy", [](Sheet& t) { return Prior::half_cauchy(t.number("scale", Above)); }},
      {"weibull",
       [](Sheet& t) { return Prior::weibull(t.number("shape", Above), t.number("scale", Above)); }},
      {"truncated-normal", [](Sheet& t) {
         return Prior::truncated_normal({.mean = t.number("mean", Any),
                                         .deviation = t.number("deviation", Above),
                                         .low = t.number("low", Any, -1e300),
                                         .high = t.number("high", Any, 1e300)});
       }}};
  return all;
}

const std::array<std::string, 4> KindNames = {"epistemic", "aleatory", "numerical", "model-form"};

InputKind kind_named(const std::string& name) {
  return static_cast<InputKind>(std::ranges::find(KindNames, name) - KindNames.begin());
}

const char* words_of(InputKind kind) {
  switch (kind) {
    case InputKind::Aleatory: return "chance (aleatory)";
    case InputKind::Numerical: return "how it is worked out (numerical)";
    case InputKind::ModelForm: return "which model (model-form)";
    case InputKind::Epistemic: break;
  }
  return "knowledge (epistemic)";
}

std::vector<std::string> input_names(Sheet& table, const Model& model) {
  const std::string name = table.text("name");
  if (name.empty()) table.refuse("name", "an input has no name");
  if (model.known_inputs.empty()) return {name};
  std::vector<std::string> names;
  for (const std::string& known : model.known_inputs)
    if (fits_pattern(name, known)) names.push_back(known);
  if (names.empty()) {
    const auto near = twin::core::nearest(name, model.known_inputs);
    table.refuse("name", fmt::format("the model has no input '{}'{}", name,
                                     near ? fmt::format(" did you mean '{}'?", *near) : ""));
  }
  return names;
}

}  // namespace

bool fits_pattern(const std::string& pattern, const std::string& name) {
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == name;
  const std::string head = pattern.substr(0, star), tail = pattern.substr(star + 1);
  return name.size() >= head.size() + tail.size() && name.starts_with(head) && name.ends_with(tail);
}

std::vector<std::string> Inputs::names() const {
  std::vector<std::string> names;
  for (const Input& i : all) names.push_back(i.name);
  return names;
}

std::vector<Prior> Inputs::laws() const {
  std::vector<Prior> laws;
  for (const Input& i : all) laws.push_back(i.law);
  return laws;
}

std::vector<double> Inputs::of_uniforms(std::span<const double> u) const {
  std::vector<double> x(all.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = all[i].law.quantile(u[i]);
  return x;
}

std::vector<double> Inputs::of_normals(std::span<const double> z) const {
  std::vector<double> x(all.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = all[i].law.from_normal(z[i]).x;
  return x;
}

InputGroups groups_of(const Inputs& inputs, GroupedBy by) {
  InputGroups groups;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Input& one = inputs.all[i];
    const std::string name = by == GroupedBy::Kind ? std::string(words_of(one.kind))
                             : by == GroupedBy::Group && !one.group.empty() ? one.group
                                                                            : one.name;
    const auto at = std::ranges::find(groups.names, name);
    const auto place = static_cast<std::size_t>(at - groups.names.begin());
    if (at == groups.names.end()) {
      groups.names.push_back(name);
      groups.inputs.emplace_back();
    }
    groups.inputs[place].push_back(i);
  }
  return groups;
}

GroupedBy read_grouped(Sheet& table) {
  const std::array<std::string, 3> kinds = {"group", "input", "kind"};
  const std::string by = table.choice("by", kinds, "group");
  return by == "kind" ? GroupedBy::Kind : by == "group" ? GroupedBy::Group : GroupedBy::Input;
}

std::vector<std::size_t> falling(const std::vector<double>& by) {
  std::vector<std::size_t> order(by.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return by[a] > by[b]; });
  return order;
}

Inputs read_inputs(Sheet& file, const Model& model) {
  std::vector<std::string> known;
  for (const auto& [name, law] : laws()) known.push_back(name);
  Inputs inputs;
  for (Sheet& table : file.tables("input")) {
    const std::vector<std::string> names = input_names(table, model);
    const std::string group = table.text("group", "");
    const std::string kind = table.choice("kind", KindNames, KindNames[0]);
    const bool is_rough = table.yes("rough", false);
    const std::string law = table.choice("law", known, "uniform");
    const Prior prior = [&] {
      try {
        if (law == "uniform" && !table.has("low") && !table.has("high"))
          return Prior::uniform(0.0, 1.0);
        return laws().at(law)(table);
      } catch (const twin::core::Error& e) {
        if (!e.place().file.empty()) throw;
        table.refuse("law", e.what());
      }
    }();
    table.finish();
    for (const std::string& name : names) {
      if (std::ranges::find(inputs.all, name, &Input::name) != inputs.all.end())
        table.refuse("name", fmt::format("input '{}' is there already", name));
      const bool of_model = std::ranges::find(model.rough_inputs, name) != model.rough_inputs.end();
      inputs.all.push_back({name, prior, group, kind_named(kind), is_rough || of_model});
    }
  }
  return inputs;
}

}  // namespace apps::fabtwin::uq
