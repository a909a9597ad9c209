// Tangent and adjoint of a function by computing with dual numbers, each with its derivatives by all
// variables (forward automatic differentiation: Wengert 1964): exact to round-off, at the cost of
// some n runs. For functions that are written for any number type.
#pragma once
#include <Eigen/Dense>
#include <unsupported/Eigen/AutoDiff>
#include <utility>

#include "twin/infer/variational/operator.hpp"

namespace twin::infer::variational {

using Dual = Eigen::AutoDiffScalar<Eigen::VectorXd>;  // value() and derivatives(): [variable]
using DualVector = Eigen::Matrix<Dual, Eigen::Dynamic, 1>;

// g takes an Eigen vector of double or of Dual and gives one of the same: a generic lambda, for instance.
// Functions of its numbers are found by their argument: write sin(x[0]) after `using std::sin`.
template <class G>
Operator by_dual_numbers(G g) {
  return with_jacobian([g](const Eigen::VectorXd& x) { return Eigen::VectorXd(g(x)); },
                       [g](const Eigen::VectorXd& x) {
                         DualVector dual(x.size());
                         for (Eigen::Index i = 0; i < x.size(); ++i) {
                           dual[i] = Dual(x[i], Eigen::VectorXd::Unit(x.size(), i));
                         }
                         const DualVector y = g(std::as_const(dual));
                         Eigen::MatrixXd jacobian(y.size(), x.size());
                         for (Eigen::Index k = 0; k < y.size(); ++k) {
                           const Eigen::VectorXd& row = y[k].derivatives();
                           if (row.size() == 0) {
                             jacobian.row(k).setZero();  // a constant
                           } else {
                             jacobian.row(k) = row.transpose();
                           }
                         }
                         return jacobian;
                       });
}

}  // namespace twin::infer::variational
