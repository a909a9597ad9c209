// What an experiment is done on, whatever model it is: a hidden truth and members that start, run and
// show what may be corrected and what instruments would see, each as rows of numbers. One virtual call
// a cycle, none a step.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/tick.hpp"
#include "twin/infer/variational/climatology.hpp"
#include "twin/infer/variational/operator.hpp"

namespace apps::fabtwin::assimilate {

// Where the variables stand, for methods that localise. Distances are in places.
struct Geometry {
  enum class Kind : std::uint8_t { None, Ring, Grid };
  Kind kind = Kind::None;
  Eigen::Index width = 0;   // [places] of the ring, or of a row of the grid
  Eigen::Index height = 1;  // [rows]; variable = row * width + column
  [[nodiscard]] double distance(double x1, double y1, double x2, double y2) const;
};

// One run's truth and members.
class Population {
 public:
  virtual ~Population() = default;
  // What they show of the time passed begins anew.
  virtual void advance_truth(twin::core::Tick ticks) = 0;
  virtual void advance(twin::core::Tick ticks) = 0;  // the members
  // Copies of the members, run from x on: where they come to. [variable][member]. Rows only.
  [[nodiscard]] virtual Eigen::MatrixXd run(const Eigen::MatrixXd& x, twin::core::Tick ticks) const;
  // Each goes on as a copy of its ancestor, by its own draws. [member]
  virtual void copy(std::span<const std::uint32_t> ancestors) = 0;
  virtual void read(Eigen::MatrixXd& x) = 0;          // [variable][member], of its size already
  virtual void write(const Eigen::MatrixXd& x) = 0;   // the same
  [[nodiscard]] virtual Eigen::VectorXd truth() = 0;  // [variable]
  // What exact instruments see: [quantity], of the truth and [quantity][member] of the members. Every
  // variable itself, where a subject has no instruments of its own.
  [[nodiscard]] virtual Eigen::VectorXd shown_truth() = 0;
  [[nodiscard]] virtual Eigen::MatrixXd shown() = 0;
};

struct StartOptions {
  std::uint64_t seed = 0;
  Eigen::Index members = 0;
  unsigned threads = 1;  // that move the members
};

// What a model can do for a method, each with all before it.
enum class Ability : std::uint8_t {
  Parameters,  // nothing more than to run: what is corrected are its parameters
  Row,         // its State is a row of numbers, which is what is corrected and what is seen
  Tangent      // and it knows how small changes of it grow
};

class Subject {
 public:
  virtual ~Subject() = default;
  [[nodiscard]] virtual Eigen::Index size() const = 0;        // [variables]
  [[nodiscard]] virtual Eigen::Index quantities() const = 0;  // that are shown
  [[nodiscard]] virtual Geometry geometry() const { return {}; }
  [[nodiscard]] virtual std::string title() const = 0;  // "Lorenz-96, 40 variables"
  // Members 0, 1, ... and the truth, twin::infer::TruthMember, of this seed.
  [[nodiscard]] virtual std::unique_ptr<Population> start(const StartOptions& options) const = 0;
  [[nodiscard]] virtual Ability ability() const { return Ability::Parameters; }
  // Of a run of its own, with the members' theta. Rows only.
  [[nodiscard]] virtual twin::infer::variational::Climatology climatology(
      const twin::core::Draw& draw, const twin::infer::variational::Sampling& sampling) const;
  // A run from tick to tick, from x to x, with the members' theta. Tangent only.
  [[nodiscard]] virtual twin::infer::variational::Operator leg(twin::core::Tick from,
                                                               twin::core::Tick until) const;
};

}  // namespace apps::fabtwin::assimilate
