// What is observed: which quantities at each look, through which function, and with which error.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <span>
#include <vector>

#include "apps/fabtwin/assimilate/models.hpp"
#include "apps/fabtwin/assimilate/subject.hpp"
#include "twin/core/tick.hpp"
#include "twin/infer/noise.hpp"
#include "twin/infer/variational/operator.hpp"
#include "twin/sheet/sheet.hpp"

namespace apps::fabtwin::assimilate {

enum class Sight : std::uint8_t { Identity, Magnitude, Square };  // what an instrument shows of x

class Network {
 public:
  // Reads [observations]. twin::core::Error for what is wrong in it, or asks for more than there is.
  static Network read(Sheet& sheet, const Built& built);
  static std::span<const Key> keys();

  [[nodiscard]] twin::core::Tick ticks_per_cycle() const { return ticks_per_cycle_; }
  [[nodiscard]] Eigen::Index size() const { return size_; }  // [observations] of a look
  [[nodiscard]] bool moves() const { return moves_; }        // other places at every look
  [[nodiscard]] const twin::infer::Noise& noise() const { return noise_; }
  // The quantities that are seen in this cycle of this seed's run, ascending: [observation].
  [[nodiscard]] std::vector<Eigen::Index> places(std::uint64_t seed, std::uint32_t cycle) const;
  // [quantity][member] -> [observation][member]
  [[nodiscard]] Eigen::MatrixXd look(const Eigen::MatrixXd& shown,
                                     std::span<const Eigen::Index> places) const;
  // The same of one row as an operator that can be linearised. Rows only.
  [[nodiscard]] twin::infer::variational::Operator instruments(
      std::vector<Eigen::Index> places) const;

 private:
  explicit Network(twin::infer::Noise noise) : noise_(std::move(noise)) {}
  twin::infer::Noise noise_;
  twin::core::Tick ticks_per_cycle_ = 1;
  Eigen::Index size_ = 0, quantities_ = 0;
  double first_ = 0.0, gap_ = 1.0;  // [quantities]
  bool moves_ = false;
  Sight sight_ = Sight::Identity;
};

}  // namespace apps::fabtwin::assimilate
