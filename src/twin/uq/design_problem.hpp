// What a design of measurements is judged by, where what is measured is linear in its coefficients (A. C.
// Atkinson, A. N. Donev and R. D. Tobias, Optimum Experimental Designs, with SAS, 2007, chapter 10), and what it
// becomes where a run goes from one candidate to another.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace twin::uq {

// By M = precision + sum over the runs of f f', which is the inverse of the coefficients' covariance.
enum class Optimality : std::uint8_t {
  D,  // their information: ln det M, to be large
  A,  // the sum of their variances: tr M^-1, to be small
  I   // the mean variance of predictions: tr(M^-1 moments), to be small
};

struct DesignProblem {
  // Regressors f(x) over the deviation of the error at x: [candidate][column].
  std::vector<std::vector<double>> candidates = {};
  Optimality optimality = Optimality::D;
  // I: mean of f f' over the points where one predicts [column][column]; empty: over the candidates.
  std::vector<std::vector<double>> moments = {};
  // The prior's, may be singular [column][column]; empty: none.
  std::vector<std::vector<double>> precision = {};
};

// Mean of f f' over points f [point][column]: the moments of a problem.
std::vector<std::vector<double>> moment_matrix(std::span<const std::vector<double>> points);

// Of a design with one value against one with another, 1 for equal ones: for D the p-th root of the ratio of
// determinants, for A and I the ratio of variances. So many runs more would make up for it.
double design_efficiency(const DesignProblem& problem, double value, double best);

namespace detail {

inline constexpr double Rounding = 1e-12;  // a share of a whole, below which it says nothing

inline double along_columns(const double* x, const double* y, std::size_t p) {
  double sum = 0.0;
  for (std::size_t i = 0; i < p; ++i) sum += x[i] * y[i];
  return sum;
}

// The problem in coordinates in which all candidates together have M = I, so that no scale of a column matters.
struct WhiteProblem {
  std::size_t candidates = 0, p = 0;
  std::vector<double> f = {};                    // [candidate][column]
  std::vector<double> prior = {}, moments = {};  // [column][column]; moments for A and I alone
  double log_determinant = 0.0;  // of M in the problem's coordinates, less that in these
  bool traces = false;           // A or I
  [[nodiscard]] const double* row(std::size_t i) const { return &f[i * p]; }
};

// core::Error for what is not finite or not as many, a precision or moments that are no covariances, and columns that
// depend on each other.
WhiteProblem whitened(const DesignProblem& problem);

// What weight that goes from one candidate to another does.
struct Shift {
  double d_in = 0.0, d_out = 0.0, d_both = 0.0;  // f'Vf of either, and of one with the other
  double a_in = 0.0, a_out = 0.0, a_both = 0.0;  // f'Wf
  // det M after over before.
  [[nodiscard]] double determinant(double step) const {
    return 1 + step * (d_in - d_out) - step * step * (d_in * d_out - d_both * d_both);
  }
  // By how much tr(V moments) falls: step (a_in - a_out - step x against) / determinant.
  [[nodiscard]] double against() const { return a_in * d_out + a_out * d_in - 2 * d_both * a_both; }
  [[nodiscard]] double fall(double step) const {
    return step * (a_in - a_out - step * against()) / determinant(step);
  }
};

// Of each candidate.
struct Seen {
  std::vector<double> d, a;  // [candidate] f'Vf; f'Wf where traces count
};

// V = M^-1 of a design, and W = V moments V where traces count.
class DesignState {
 public:
  explicit DesignState(const WhiteProblem& c);  // which is to stay

  // From runs [candidate], whole or not; false: they tell too little.
  bool set(std::span<const double> runs);
  void look_at(std::size_t i, Seen& seen) const;

  // The criterion, in the problem's coordinates; ln det M is that of where the state was set.
  [[nodiscard]] double value() const {
    return c_.traces ? trace_ : log_determinant_ + c_.log_determinant;
  }
  // What all slopes together have: p, or tr(V moments); and what of it is the prior's.
  [[nodiscard]] double whole() const { return c_.traces ? trace_ : static_cast<double>(c_.p); }
  [[nodiscard]] double of_prior() const;

  // Weight may go from here. Before that, it comes from nowhere.
  void leave(std::size_t out);
  // To here, from where it leaves, when both have been looked at.
  [[nodiscard]] Shift shift(std::size_t in, std::size_t out, const Seen& seen) const {
    Shift s{.d_in = seen.d[in],
            .d_out = seen.d[out],
            .d_both = along_columns(c_.row(in), v_out_.data(), c_.p)};
    if (c_.traces) {
      s.a_in = seen.a[in];
      s.a_out = seen.a[out];
      s.a_both = along_columns(c_.row(in), w_out_.data(), c_.p);
    }
    return s;
  }
  // The share by which the determinant grows, or the trace falls.
  [[nodiscard]] double gain(const Shift& s, double step) const {
    const double determinant = s.determinant(step);
    if (!(determinant > Rounding)) return -1.0;
    return c_.traces ? s.fall(step) / trace_ : determinant - 1;
  }
  // The best step, up to `most`: the derivative is zero where a quadratic is.
  [[nodiscard]] double best_step(const Shift& s, double most) const;

  // So much weight goes: a change of V and W of rank two. x'Vy falls by z(x)'S z(y), z being the products with V f
  // of both, and S = (ii io; io oo).
  void move(std::size_t in, const Shift& s, double step);
  // What that move makes of each candidate.
  void follow(const Shift& s, Seen& seen) const;

 private:
  void times(const std::vector<double>& a, const double* x, double* y) const;
  [[nodiscard]] double form(const std::vector<double>& a, std::size_t i) const;
  [[nodiscard]] std::pair<double, double> weighed(double zi, double zo) const {
    return {ii_ * zi + io_ * zo, io_ * zi + oo_ * zo};
  }

  const WhiteProblem& c_;
  std::vector<double> v_, w_;                        // [column][column]
  std::vector<double> root_;                         // [column][column] of M, in its lower half
  std::vector<double> v_in_, v_out_, w_in_, w_out_;  // [column] V f and W f of both
  double ii_ = 0.0, io_ = 0.0, oo_ = 0.0;            // of the last move
  double log_determinant_ = 0.0;                     // of M where it was set
  double trace_ = 0.0;                               // tr(V moments)
};

}  // namespace detail
}  // namespace twin::uq
