#include "twin/infer/variational/operator.hpp"

#include <fmt/core.h>

#include <cmath>
#include <memory>
#include <utility>

#include "twin/core/error.hpp"

namespace twin::infer::variational {
namespace {

void check_step(double step) {
  if (!(step > 0.0) || !std::isfinite(step)) {
    throw core::Error(
        fmt::format("step of the differences = {} (must be positive and finite)", step));
  }
}

// A Jacobian that is made when it is first asked for: a line search asks for values only.
class Lazy {
 public:
  explicit Lazy(std::function<Eigen::MatrixXd()> make) : make_(std::move(make)) {}
  const Eigen::MatrixXd& operator()() {
    if (make_) {
      jacobian_ = make_();
      make_ = nullptr;
    }
    return jacobian_;
  }

 private:
  std::function<Eigen::MatrixXd()> make_;
  Eigen::MatrixXd jacobian_;
};

Linearised lazily(Eigen::VectorXd value, std::function<Eigen::MatrixXd()> make) {
  const auto jacobian = std::make_shared<Lazy>(std::move(make));
  return {.value = std::move(value),
          .tangent =
              [jacobian](const Eigen::VectorXd& dx) { return Eigen::VectorXd((*jacobian)() * dx); },
          .adjoint =
              [jacobian](const Eigen::VectorXd& dy) {
                return Eigen::VectorXd((*jacobian)().transpose() * dy);
              }};
}

}  // namespace

Operator linear(const Eigen::MatrixXd& h) {
  const auto shared = std::make_shared<const Eigen::MatrixXd>(h);
  return [shared](const Eigen::VectorXd& x) {
    if (x.size() != shared->cols()) {
      throw core::Error(fmt::format("H is {} x {} for a state of {} (must have as many columns)",
                                    shared->rows(), shared->cols(), x.size()));
    }
    return Linearised{
        .value = *shared * x,
        .tangent = [shared](const Eigen::VectorXd& dx) { return Eigen::VectorXd(*shared * dx); },
        .adjoint =
            [shared](const Eigen::VectorXd& dy) {
              return Eigen::VectorXd(shared->transpose() * dy);
            }};
  };
}

Operator identity() {
  return [](const Eigen::VectorXd& x) {
    const Map same = [](const Eigen::VectorXd& dx) { return dx; };
    return Linearised{.value = x, .tangent = same, .adjoint = same};
  };
}

Operator with_jacobian(Map g, std::function<Eigen::MatrixXd(const Eigen::VectorXd&)> jacobian) {
  return [g = std::move(g), jacobian = std::move(jacobian)](const Eigen::VectorXd& x) {
    Eigen::VectorXd value = g(x);
    const Eigen::Index rows = value.size();
    return lazily(std::move(value), [jacobian, x, rows] {
      Eigen::MatrixXd j = jacobian(x);
      if (j.rows() != rows || j.cols() != x.size()) {
        throw core::Error(fmt::format("the Jacobian is {} x {} (must be {} x {})", j.rows(),
                                      j.cols(), rows, x.size()));
      }
      return j;
    });
  };
}

Operator by_differences(Map g, const Eigen::VectorXd& steps) {
  for (const double step : steps) check_step(step);
  return [g = std::move(g), steps](const Eigen::VectorXd& x) {
    if (x.size() != steps.size()) {
      throw core::Error(
          fmt::format("{} steps for a state of {} (must be as many)", steps.size(), x.size()));
    }
    Eigen::VectorXd value = g(x);
    const Eigen::Index rows = value.size();
    return lazily(std::move(value), [g, steps, x, rows] {
      Eigen::MatrixXd jacobian(rows, x.size());
      for (Eigen::Index i = 0; i < x.size(); ++i) {
        Eigen::VectorXd above = x, below = x;
        above[i] += steps[i];
        below[i] -= steps[i];
        jacobian.col(i) = (g(above) - g(below)) / (above[i] - below[i]);
      }
      return jacobian;
    });
  };
}

Operator by_differences(Map g, double step) {
  check_step(step);
  return [g = std::move(g), step](const Eigen::VectorXd& x) {
    return by_differences(g, Eigen::VectorXd::Constant(x.size(), step))(x);
  };
}

Operator composed(Operator first, Operator second) {
  return [first = std::move(first), second = std::move(second)](const Eigen::VectorXd& x) {
    const Linearised inner = first(x);
    const Linearised outer = second(inner.value);
    return Linearised{
        .value = outer.value,
        .tangent = [inner,
                    outer](const Eigen::VectorXd& dx) { return outer.tangent(inner.tangent(dx)); },
        .adjoint = [inner,
                    outer](const Eigen::VectorXd& dy) { return inner.adjoint(outer.adjoint(dy)); }};
  };
}

}  // namespace twin::infer::variational
