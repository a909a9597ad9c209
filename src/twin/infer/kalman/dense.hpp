// What the filters must agree with, worked out the slow way: the joint normal distribution of all
// states and all observations of a linear model, written down whole. For tests only; the functions
// stand in dense.test.cpp.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <string>
#include <vector>

#include "twin/core/error.hpp"

namespace twin::infer::kalman::dense {

// What an error says, or "nothing thrown".
template <class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const core::Error& e) {
    return e.what();
  }
  return "nothing thrown";
}

// x_0 ~ N(m, p); before observation k, k = 0, 1, ..., x <- f x + N(0, q); y_k = h x + N(0, r).
struct Linear {
  Eigen::MatrixXd f, q, h, r, p;
  Eigen::VectorXd m;
  std::vector<Eigen::VectorXd> y;  // [observation number][component]
};

// A stable, fully correlated model of n variables, m components and so many observations. The same
// seed gives the same model.
Linear linear(Eigen::Index n, Eigen::Index m, int observations, std::uint32_t seed);

struct Answer {
  std::vector<Eigen::VectorXd> mean;        // of x at observation k, given all of them [k]
  std::vector<Eigen::MatrixXd> covariance;  // [k]
  double log_likelihood = 0.0;              // of all observations together
};

// By conditioning the joint; components that are NaN are not in it.
Answer conditioned(const Linear& model);

}  // namespace twin::infer::kalman::dense
