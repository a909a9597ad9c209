// The models that an experiment file can name, in one list: what they are called, their parameters and
// keys, and how each becomes a Subject. A new model is one entry here.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/fabtwin/assimilate/subject.hpp"
#include "twin/core/theta.hpp"
#include "twin/sheet/sheet.hpp"

namespace apps::fabtwin::assimilate {

using twin::sheet::Range;
using twin::sheet::read_toml;
using twin::sheet::Sheet;

// A key of a table of the file, for the reference and the messages.
struct Key {
  std::string name;
  std::string standard;  // what holds where it is not given; empty: it is needed
  std::string text;
};

struct Built {
  std::unique_ptr<Subject> subject;
  double ticks_per_unit = 1.0;  // of observations.interval
};

struct Request {
  Sheet& model;              // [model], its name already read
  Sheet& truth;              // [truth]
  Eigen::Index members = 0;  // of the largest ensemble
};

struct ModelEntry {
  std::string name;
  std::string text;
  std::string interval;                      // unit of observations.interval
  std::vector<twin::core::Parameter> theta;  // empty: the model has them from its data
  std::vector<Key> keys;                     // of [model], beside name and theta
  Built (*build)(const ModelEntry&, const Request&);
  Ability ability = Ability::Row;  // of what it builds
};

std::span<const ModelEntry> models();

// Reads [model] and [truth] and builds the subject. twin::core::Error for what is wrong in them.
Built build_model(Sheet& model, Sheet& truth, Eigen::Index members);

}  // namespace apps::fabtwin::assimilate
