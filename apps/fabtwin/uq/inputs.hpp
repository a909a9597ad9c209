// The uncertain inputs of a study: their laws, from the tables [[input]] of its file.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "apps/fabtwin/uq/model.hpp"
#include "twin/infer/sample/prior.hpp"
#include "twin/sheet/sheet.hpp"

namespace apps::fabtwin::uq {

struct Input {
  std::string name;
  twin::infer::Prior law;
  std::string group;       // empty: it stands for itself
  bool by_chance = false;  // aleatory: what no knowledge would take away
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

// Names may have a star for anything, where the model says which it knows. twin::core::Error with file and line.
Inputs read_inputs(twin::sheet::Sheet& file, const Model& model);

}  // namespace apps::fabtwin::uq
