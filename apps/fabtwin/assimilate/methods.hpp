// The methods that an experiment file can name, in one list: what they are called, their options, and
// how each becomes an Analyst. A new method is one entry here (and, where it is no ensemble filter, an
// Analyst of its own).
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "apps/fabtwin/assimilate/models.hpp"
#include "apps/fabtwin/assimilate/network.hpp"
#include "apps/fabtwin/assimilate/sheet.hpp"
#include "twin/core/draw.hpp"
#include "twin/infer/ensemble/observed.hpp"

namespace apps::fabtwin::assimilate {

// All that a method may know of one cycle; the truth is not among it.
struct Look {
  const Eigen::MatrixXd& hx;             // what each member would show: [observation][member]
  const Eigen::VectorXd& y;              // what was seen: [observation]
  const twin::infer::Noise& noise;       // its error
  std::span<const Eigen::Index> places;  // [observation] quantity that was seen
  twin::core::Draw draw;                 // of the method in this run
  std::uint32_t cycle = 0;
};

// A method at work in one run.
class Analyst {
 public:
  virtual ~Analyst() = default;
  // x: [variable][member], the forecast, overwritten. Answers what the observations told, if it knows.
  virtual std::optional<twin::infer::Innovation> analyse(const Look& look, Eigen::MatrixXd& x) = 0;
};

// A method as the file has it, with its options; makes a fresh Analyst for each run.
struct Method {
  std::string name, label;
  Eigen::Index members = 0;
  std::function<std::unique_ptr<Analyst>(const Subject&, const Network&)> start;
};

struct MethodEntry {
  std::string name;
  std::string text;
  std::vector<Key> keys;  // beside name, label and members
  std::function<decltype(Method::start)(Sheet&, const MethodEntry&)> read;
};

std::span<const MethodEntry> methods();
std::span<const Key> method_keys();  // that every method has

// Reads one [[method]]. Its fit to the model is checked by check_method.
Method read_method(Sheet& sheet);
// Error where the method cannot work on this subject with this network (localisation without places, or
// with correlated errors). sheet: the method's own, for the line.
void check_method(const Sheet& sheet, const Subject& subject, const Network& network);

}  // namespace apps::fabtwin::assimilate
