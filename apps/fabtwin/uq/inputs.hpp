// The uncertain inputs of a study: their laws, from the tables [[input]] of its file.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "apps/fabtwin/uq/model.hpp"
#include "twin/infer/sample/prior.hpp"
#include "twin/sheet/sheet.hpp"

namespace apps::fabtwin::uq {

// What kind of not knowing it is.
enum class InputKind : std::uint8_t {
  Epistemic,  // what one might know
  Aleatory,   // chance: what no knowledge would take away
  Numerical,  // how finely it is worked out
  ModelForm   // which of several models is meant
};

struct Input {
  std::string name;
  twin::infer::Prior law;
  std::string group;  // empty: it stands for itself
  InputKind kind = InputKind::Epistemic;
  bool rough = false;  // near values have nothing to do with each other: a seed
};

struct Inputs {
  std::vector<Input> all;
  [[nodiscard]] std::size_t size() const { return all.size(); }
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] std::vector<twin::infer::Prior> laws() const;
  // The inputs' values for uniforms, and for standard normals [input].
  [[nodiscard]] std::vector<double> of_uniforms(std::span<const double> u) const;
  [[nodiscard]] std::vector<double> of_normals(std::span<const double> z) const;
};

// Whether a name is what a pattern with one star at most stands for.
bool fits_pattern(const std::string& pattern, const std::string& name);

// Inputs that are looked at together.
struct InputGroups {
  std::vector<std::string> names = {};
  std::vector<std::vector<std::size_t>> inputs = {};  // [group]
};
enum class GroupedBy : std::uint8_t { Input, Group, Kind };
// By group, an input without one stands for itself.
InputGroups groups_of(const Inputs& inputs, GroupedBy by);
// The key `by` of a table, group where it is not given.
GroupedBy read_grouped(twin::sheet::Sheet& table);

// The places of numbers from the greatest on; ties keep their order.
std::vector<std::size_t> falling(const std::vector<double>& by);

// Names may have a star for anything, where the model says which it knows. twin::core::Error with file and line.
Inputs read_inputs(twin::sheet::Sheet& file, const Model& model);

}  // namespace apps::fabtwin::uq
