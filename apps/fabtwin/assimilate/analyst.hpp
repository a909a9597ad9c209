// What a method is to an experiment: what it may look at, what it answers, and how a file's entry becomes
// one at work. Filters correct the members at the look; smoothers correct them at the start of a
// window that ends with it, and say where that leads.
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
#include "twin/core/draw.hpp"
#include "twin/infer/ensemble/observed.hpp"
#include "twin/sheet/sheet.hpp"

namespace apps::fabtwin::assimilate {

// All that a method may know of one cycle; the truth is not among it.
struct Look {
  const Eigen::MatrixXd& hx;             // what each member would show: [observation][member]
  const Eigen::VectorXd& y;              // what was seen: [observation]
  const twin::infer::Noise& noise;       // its error
  std::span<const Eigen::Index> places;  // [observation] quantity that was seen
  twin::core::Draw draw;                 // of the method in this run
  std::uint32_t cycle = 0;
  twin::core::Tick begin = 0;  // of the window; a filter's is the time since the last look
  twin::core::Tick now = 0;    // of the look
  // Where the members would be now if they had been at x when the window began: [variable][member].
  // Methods with a window only.
  std::function<Eigen::MatrixXd(const Eigen::MatrixXd& x)> run = {};
};

// What a method says of a look, beside the members that it has corrected.
struct Answer {
  std::optional<twin::infer::Innovation> told = {};  // by the observations, if it knows
  // What is scored: [variable][member]; empty: the corrected members themselves. A method with a window
  // has its members at the begin, so it gives here where they are now.
  Eigen::MatrixXd estimate = {};
  Eigen::VectorXd weights = {};               // [member] of the estimate; empty: all equal
  std::vector<std::uint32_t> ancestors = {};  // [member] whose copy goes on there; empty: its own
};

// A method at work in one run.
class Analyst {
 public:
  virtual ~Analyst() = default;
  // x: [variable][member], the forecast at the look, or with a window the members at its begin;
  // overwritten. A method that is lost leaves no numbers, which ends the run.
  virtual Answer analyse(const Look& look, Eigen::MatrixXd& x) = 0;
};

// In which one run takes place; outlives the Analyst.
struct Scene {
  const Subject& subject;
  const Network& network;
  std::uint64_t seed = 0;
};
using Start = std::function<std::unique_ptr<Analyst>(const Scene&)>;

// A method as the file has it, with its options; makes a fresh Analyst for each run.
struct Method {
  std::string name, label;
  Eigen::Index members = 1;
  std::uint32_t lag = 0;  // [cycles] of the window; 0: a filter
  Start start;
};

enum class Carries : std::uint8_t { Members, OneEstimate };

struct MethodEntry {
  std::string name;
  std::string text;
  std::vector<Key> keys;  // beside name, label and members
  std::function<void(Sheet&, Method&)> read;
  Ability needs = Ability::Parameters;
  Carries carries = Carries::Members;
};

}  // namespace apps::fabtwin::assimilate
