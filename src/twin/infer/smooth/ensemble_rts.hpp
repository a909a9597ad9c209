// The backward pass of Rauch, Tung and Striebel on ensembles (Lermusiaux, Robinson 1999; Raanes, "On
// the ensemble Rauch-Tung-Striebel smoother and its equivalence to the ensemble Kalman smoother", Q. J.
// R. Meteorol. Soc. 142, 2016): needs what a filter has stored, and no model.
#pragma once
#include <Eigen/Dense>
#include <span>
#include <vector>

namespace twin::infer::smooth {

// What the filter keeps of one moment, [variable][member] both.
struct Kept {
  Eigen::MatrixXd forecast;  // before the observation; not read at the first moment
  Eigen::MatrixXd analysed;  // as the model went on from it, inflation included
};

// X_k + A_k pinv(F) (X'_{k+1} - X^f_{k+1}), X_k and A_k analysed members and anomalies at k, F the
// anomalies of the forecast X^f_{k+1}, X' what this gives at k + 1; from the last moment back. All
// moments in order of time. Error where the number of members differs, or is below two.
std::vector<Eigen::MatrixXd> ensemble_rts(std::span<const Kept> record);

}  // namespace twin::infer::smooth
