// What every covariance that a user hands over must be. Checked once where it enters, so that the
// filters need not ask again.
#pragma once
#include <Eigen/Dense>
#include <string_view>

namespace twin::infer::kalman {

template <int N>
using Vector = Eigen::Matrix<double, N, 1>;
template <int R, int C>
using Matrix = Eigen::Matrix<double, R, C>;

// The name is that of the message: "R is 2 x 3 (must be 2 x 2)". Throws core::Error.
void require_shape(std::string_view name, Eigen::Index rows, Eigen::Index columns,
                   Eigen::Index rows_expected, Eigen::Index columns_expected);

// Inline, because it stands in every step: fixed sizes cost nothing.
template <class Derived>
void require_shape(std::string_view name, const Eigen::EigenBase<Derived>& matrix,
                   Eigen::Index rows, Eigen::Index columns) {
  if (matrix.rows() != rows || matrix.cols() != columns)
    require_shape(name, matrix.rows(), matrix.cols(), rows, columns);
}

// Lower triangular L with L L' = covariance [variable][variable]. Throws core::Error when the matrix
// is not square, finite, symmetric (to 1e-12 of the variances) and positive definite; a pivot of
// less than n machine epsilons of its variance is none.
Eigen::MatrixXd positive_definite_factor(const Eigen::Ref<const Eigen::MatrixXd>& covariance,
                                         std::string_view name);

// Some A [variable][variable] with A A' = covariance, from the pivoted L D L'. As above, but the
// covariance may be singular, even zero: noise that enters in a few directions only.
Eigen::MatrixXd semidefinite_factor(const Eigen::Ref<const Eigen::MatrixXd>& covariance,
                                    std::string_view name);

// log det (L L') of a triangular L.
double log_determinant_of_square(const Eigen::Ref<const Eigen::VectorXd>& diagonal);

}  // namespace twin::infer::kalman
