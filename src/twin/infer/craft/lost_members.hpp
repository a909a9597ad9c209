// Members that failed or are no numbers any more: found, counted, and replaced by a stated policy,
// never left out in silence.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <vector>

#include "twin/core/draw.hpp"

namespace twin::infer {

enum class Replacement : std::uint8_t {
  Refuse,       // Error that names them
  Resample,     // a copy of a survivor drawn at random, moved by its own draw
  Climatology,  // a member of a bank of possible states, drawn at random
  Drop          // the ensemble goes on without them
};

struct LostPolicy {
  Replacement replacement = Replacement::Resample;
  // Resample: how far a copy is moved, in standard deviations of the survivors: by a random
  // combination of their anomalies, which respects how variables hang together. At least 0.
  double spread = 0.5;
  Eigen::Index least_survivors = 2;  // Error below, for any policy
  bool operator==(const LostPolicy&) const = default;
};

enum LostDraw : std::uint32_t { DonorDraw = 0xA5000020, DisplacementDraw = 0xA5000021 };

// Members (columns) that hold a number that is not finite, ascending.
std::vector<Eigen::Index> lost_members(const Eigen::Ref<const Eigen::MatrixXd>& x);

// Error unless spread is finite and at least 0, and least_survivors at least 2.
void check_lost(const LostPolicy& policy);

struct Replaced {
  Eigen::MatrixXd x;               // [variable][member], all finite
  std::vector<Eigen::Index> lost;  // which of the old ones were lost
  std::vector<Eigen::Index>
      source;  // for each lost one: the survivor or the bank's member; -1: Drop
};

// x: [variable][member]; bank: [variable][state], used by Climatology only. A member's draws are
// those of its own number. Errors: too few survivors; Refuse with a loss; Climatology with an empty
// bank, one of another height, or with a number that is not finite.
Replaced replace_lost(const LostPolicy& policy, const Eigen::Ref<const Eigen::MatrixXd>& x,
                      const Eigen::Ref<const Eigen::MatrixXd>& bank, const core::Draw& draw,
                      std::uint32_t occasion);

}  // namespace twin::infer
