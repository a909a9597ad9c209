#include "twin/uq/sparse_regression.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/core/expect.hpp"

namespace twin::uq {
namespace {

constexpr double NotTold = std::numeric_limits<double>::infinity();
constexpr std::size_t StepsLeast = 30;  // without a better error, before the search ends
// Of its squared length: a column that varies by less is as constant as the first one.
constexpr double VariesLeast = 1e-20;

// The way of least angle regression. Its columns are thought of as less their means and of length 1; none of them
// is changed, as the first column of the basis is constant. u, the direction in which all chosen columns gain
// alike, is made of basis vectors with weights that never change once they are known: R' w = signs.
class AngularPath {
 public:
  AngularPath(std::span<const double> columns, std::span<const double> y)
      : columns_(columns),
        rows_(y.size()),
        count_(columns.size() / y.size()),
        qr_(y.size()),
        residual_(y.begin(), y.end()),
        along_(rows_, 0.0),
        length_(count_, 0.0),
        gain_(count_, 0.0),
        slope_(count_, 0.0) {
    take(0);
    variance_ =
        lane_product(residual_.data(), residual_.data(), rows_) / static_cast<double>(rows_ - 1);
    for (std::size_t j = 1; j < count_; ++j) {
      const double* x = column(j).data();
      const double mean = lane_product(qr_.q(0).data(), x, rows_);
      const double all = lane_product(x, x, rows_), rest = all - mean * mean;
      if (rest > VariesLeast * all) {
        length_[j] = std::sqrt(rest);
        open_.push_back(j);
      }
    }
    products(residual_, gain_);
  }

  // False where no column is left that would gain anything.
  bool step() {
    while (!open_.empty()) {
      const auto best =
          std::ranges::max_element(open_, {}, [&](std::size_t j) { return std::abs(gain_[j]); });
      const std::size_t j = *best;
      open_.erase(best);
      if (!(std::abs(gain_[j]) > 0.0)) return false;
      if (take(j)) {
        most_ = std::abs(gain_[j]);
        turn(j);
        advance();
        return true;
      }
      // It is a combination of those chosen, so the way is the same as before.
      if (!weights_.empty()) advance();
    }
    return false;
  }

  [[nodiscard]] double error() const { return corrected_leave_one_out(qr_, residual_, variance_); }
  [[nodiscard]] std::size_t steps_most() const { return std::min(count_, rows_ - 1); }
  [[nodiscard]] const std::vector<std::size_t>& chosen() const { return chosen_; }

 private:
  [[nodiscard]] std::span<const double> column(std::size_t j) const {
    return columns_.subspan(j * rows_, rows_);
  }

  bool take(std::size_t j) {
    if (!qr_.add(column(j))) return false;
    chosen_.push_back(j);
    const double* q = qr_.q(qr_.size() - 1).data();
    const double part = lane_product(q, residual_.data(), rows_);
    for (std::size_t i = 0; i < rows_; ++i) residual_[i] -= part * q[i];
    return true;
  }

  // u goes on with the new basis vector.
  void turn(std::size_t j) {
    const std::size_t k = qr_.size() - 1;
    const double* r = qr_.r().data() + upper_at(0, k);
    double weight = std::copysign(length_[j], gain_[j]);
    for (std::size_t i = 1; i < k; ++i) weight -= r[i] * weights_[i - 1];
    weight /= r[k];
    weights_.push_back(weight);
    const double* q = qr_.q(k).data();
    for (std::size_t i = 0; i < rows_; ++i) along_[i] += weight * q[i];
    products(along_, slope_);
  }

  // As far along u as all chosen columns, which lose 1 a unit of the way, gain more than any other.
  void advance() {
    double way = most_;
    for (const std::size_t j : open_) {
      for (const double sign : {1.0, -1.0}) {
        const double closer = 1.0 - sign * slope_[j], apart = most_ - sign * gain_[j];
        if (closer > 0.0 && apart < way * closer) way = std::max(0.0, apart / closer);
      }
    }
    for (const std::size_t j : open_) gain_[j] -= way * slope_[j];
    most_ -= way;
  }

  void products(const std::vector<double>& with, std::vector<double>& out) const {
    for (const std::size_t j : open_)
      out[j] = lane_product(column(j).data(), with.data(), rows_) / length_[j];
  }

  std::span<const double> columns_;   // [column][row]
  std::size_t rows_, count_;          // and how many columns there are
  GrowingQr qr_;                      // of the chosen ones
  std::vector<double> residual_;      // [row] of least squares on the chosen ones
  std::vector<double> along_;         // [row] u
  std::vector<double> length_;        // [column] less its mean
  std::vector<double> gain_, slope_;  // [column] its product with what is left of y, and with u
  std::vector<double> weights_;       // [basis vector - 1] of u
  std::vector<std::size_t> open_;     // not chosen so far
  std::vector<std::size_t> chosen_;   // in their order
  double most_ = 0.0;                 // gain of all chosen columns but the first
  double variance_ = 0.0;             // of y
};

}  // namespace

bool left_out(const GrowingQr& qr, std::span<double> residuals) {
  constexpr double ShareLeast = 1e-10;
  bool all = true;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const double share = 1.0 - qr.leverages()[i];
    if (share > ShareLeast)
      residuals[i] /= share;
    else
      all = false;
  }
  return all;
}

double corrected_leave_one_out(const GrowingQr& qr, std::span<const double> residuals,
                               double variance) {
  if (qr.size() >= residuals.size()) return NotTold;
  std::vector<double> missed(residuals.begin(), residuals.end());
  if (!left_out(qr, missed)) return NotTold;
  const auto n = static_cast<double>(missed.size());
  const double mean = lane_product(missed.data(), missed.data(), missed.size()) / n;
  return mean / variance * n / (n - static_cast<double>(qr.size())) * (1.0 + qr.inverse_trace());
}

SparseColumns sparse_columns(std::span<const double> columns, std::span<const double> y) {
  TWIN_EXPECT(y.size() >= 3 && !columns.empty() && columns.size() % y.size() == 0, y.size(),
              columns.size());
  AngularPath path(columns, y);
  SparseColumns best{.columns = path.chosen(), .error = path.error()};
  const std::size_t patience = std::max(StepsLeast, path.steps_most() / 10);
  std::size_t since = 0;
  while (since < patience && best.error > ErrorLeast && path.chosen().size() < path.steps_most() &&
         path.step()) {
    const double error = path.error();
    ++since;
    if (error >= best.error) continue;
    best = {.columns = path.chosen(), .error = error};
    since = 0;
  }
  std::ranges::sort(best.columns);
  return best;
}

}  // namespace twin::uq
