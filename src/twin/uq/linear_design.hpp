// What a measurement would be worth before it is made, for beliefs that are Gaussian or an ensemble:
// information gained (EIG, D-optimality), variance removed (A-optimality) from all or from the one
// number that a decision hangs on.
//
// Everything is a row s of numbers with cov(a, b) = s_a . s_b: members' anomalies / sqrt(N - 1), or rows
// of a root of a covariance. A measurement changes rows, so all covariances stay possible ones.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace twin::uq {

// Each row, what each of N >= 2 members says, less its mean and over sqrt(N - 1): products of rows are
// then covariances.
void to_anomalies(std::vector<std::vector<double>>& rows);

class LinearDesign {
 public:
  // candidates: what each measurement would see without its noise; quantities: what one wants to know
  // (may be none); [row][column], all rows as long. noise: variance of each candidate's error, > 0.
  // core::Error for what is not finite or not as many.
  LinearDesign(std::vector<std::vector<double>> candidates, std::vector<double> noise,
               std::vector<std::vector<double>> quantities);
  // From what each member says: [row][member], at least two members.
  static LinearDesign of_members(std::vector<std::vector<double>> candidates,
                                 std::vector<double> noise,
                                 std::vector<std::vector<double>> quantities);

  [[nodiscard]] std::size_t size() const { return candidates_.size(); }

  // Expected information of measuring i now, after those taken: ln(1 + v / r) / 2 with v its variance
  // [nats]. The D-optimal choice is the same one: ln det of the covariance falls by twice this.
  [[nodiscard]] double information(std::size_t i) const;
  // Variance that measuring i now takes from all quantities together: sum of cov(q, i)^2 / (v + r).
  [[nodiscard]] double variance_removed(std::size_t i) const;
  // What measuring i now tells of each single quantity q is -ln(1 - cov(q, i)^2 / (Var q (v + r))) / 2
  // [nats]; 0 for a quantity that is known.
  [[nodiscard]] double information_on(std::size_t quantity, std::size_t i) const;

  // i is measured; it may be again, with fresh noise.
  void take(std::size_t i);
  [[nodiscard]] double information_taken() const { return taken_; }  // [nats]
  [[nodiscard]] double variance(std::size_t quantity) const;         // that is left
  [[nodiscard]] double variance_left() const;                        // of all quantities, summed

 private:
  std::vector<std::vector<double>> candidates_;  // [candidate][column]
  std::vector<double> noise_;                    // [candidate]
  std::vector<std::vector<double>> quantities_;  // [quantity][column]
  double taken_ = 0.0;                           // [nats]
};

// A criterion as greedy.hpp wants it.
struct MostInformation {
  LinearDesign design;
  [[nodiscard]] std::size_t size() const { return design.size(); }
  [[nodiscard]] double gain(std::size_t i) const { return design.information(i); }
  void take(std::size_t i) { design.take(i); }
};
struct LeastVariance {
  LinearDesign design;
  [[nodiscard]] std::size_t size() const { return design.size(); }
  [[nodiscard]] double gain(std::size_t i) const { return design.variance_removed(i); }
  void take(std::size_t i) { design.take(i); }
};

}  // namespace twin::uq
