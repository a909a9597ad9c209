// The ensemble Kalman smoother (Evensen, van Leeuwen, Mon. Wea. Rev. 128, 2000; at fixed lag Khare et
// al., Tellus A 60, 2008): what was analysed before is corrected by the weights of each later
// analysis. Any filter of infer/ensemble, local ones too, makes a smoother of itself this way.
#pragma once
#include <Eigen/Dense>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace twin::infer::smooth {

inline constexpr std::size_t WholeRecord = std::numeric_limits<std::size_t>::max();

// The analyses that later observations still correct. At each of them:
//   analyse(scheme, hx, y, noise, draw, occasion, x, trail.past());
//   if (auto settled = trail.remember(x)) ...;  // nothing will change it any more
// Inflation and relaxation act on the present alone, rotation on past members as on present ones, so
// that each keeps its own past.
class Trail {
 public:
  // lag: how many later analyses correct each one. 0 is the filter, WholeRecord keeps everything.
  explicit Trail(std::size_t lag) : lag_(lag) {}

  // [moment] oldest first, each [variable][member].
  [[nodiscard]] std::span<Eigen::MatrixXd> past() { return past_; }

  // The present becomes the newest of the past. Gives back the moment that now has seen all the
  // later observations that it will see, if any.
  [[nodiscard]] std::optional<Eigen::MatrixXd> remember(const Eigen::MatrixXd& x) {
    if (lag_ == 0) return x;
    std::optional<Eigen::MatrixXd> settled;
    if (past_.size() == lag_) {
      settled = std::move(past_.front());
      past_.erase(past_.begin());
    }
    past_.push_back(x);
    return settled;
  }

 private:
  std::size_t lag_;
  std::vector<Eigen::MatrixXd> past_;  // [moment][variable][member]
};

}  // namespace twin::infer::smooth
