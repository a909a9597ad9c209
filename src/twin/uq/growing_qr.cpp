#include "twin/uq/growing_qr.hpp"

#include <array>
#include <cmath>

#include "twin/core/expect.hpp"

namespace twin::uq {
namespace {

// Of a column's length, below which what is left of it is taken for rounding.
constexpr double LeftLeast = 1e-10;

using TwoLanes [[gnu::vector_size(16)]] = double;
TwoLanes two_lanes(const double* x) { return TwoLanes{x[0], x[1]}; }

}  // namespace

double lane_product(const double* a, const double* b, std::size_t count) {
  std::array<TwoLanes, 4> lane{};
  std::size_t k = 0;
  for (; k + 8 <= count; k += 8) {
    lane[0] += two_lanes(a + k) * two_lanes(b + k);
    lane[1] += two_lanes(a + k + 2) * two_lanes(b + k + 2);
    lane[2] += two_lanes(a + k + 4) * two_lanes(b + k + 4);
    lane[3] += two_lanes(a + k + 6) * two_lanes(b + k + 6);
  }
  const TwoLanes sum = (lane[0] + lane[1]) + (lane[2] + lane[3]);
  double rest = 0.0;
  for (; k < count; ++k) rest += a[k] * b[k];
  return (sum[0] + sum[1]) + rest;
}

void solve_upper(std::span<const double> r, std::span<double> b) {
  for (std::size_t k = b.size(); k-- > 0;) {
    b[k] /= r[upper_at(k, k)];
    for (std::size_t j = 0; j < k; ++j) b[j] -= r[upper_at(j, k)] * b[k];
  }
}

void solve_upper_transposed(std::span<const double> r, std::span<double> b) {
  for (std::size_t k = 0; k < b.size(); ++k) {
    const double* column = r.data() + upper_at(0, k);
    b[k] = (b[k] - lane_product(column, b.data(), k)) / column[k];
  }
}

bool GrowingQr::add(std::span<const double> column) {
  TWIN_EXPECT(column.size() == rows_, column.size(), rows_);
  if (size_ == rows_) return false;
  left_.assign(column.begin(), column.end());
  part_.assign(size_ + 1, 0.0);
  const double before = std::sqrt(lane_product(left_.data(), left_.data(), rows_));
  for (int twice = 0; twice < 2; ++twice) {
    for (std::size_t k = 0; k < size_; ++k) {
      const double* q = q_.data() + k * rows_;
      const double d = lane_product(q, left_.data(), rows_);
      for (std::size_t i = 0; i < rows_; ++i) left_[i] -= d * q[i];
      part_[k] += d;
    }
  }
  const double after = std::sqrt(lane_product(left_.data(), left_.data(), rows_));
  if (!(after > LeftLeast * before)) return false;
  part_[size_] = after;
  for (std::size_t i = 0; i < rows_; ++i) {
    const double q = left_[i] / after;
    q_.push_back(q);
    leverages_[i] += q * q;
  }
  r_.insert(r_.end(), part_.begin(), part_.end());
  // The inverse's last column is what solves R x = (0, ..., 0, 1).
  std::vector<double>& x = left_;
  x.assign(size_ + 1, 0.0);
  x[size_] = 1.0 / after;
  for (std::size_t k = 0; k < size_; ++k) {
    const double* inverse = inverse_.data() + upper_at(0, k);
    const double factor = part_[k] * x[size_];
    for (std::size_t j = 0; j <= k; ++j) x[j] -= inverse[j] * factor;
  }
  for (const double v : x) trace_ += v * v;
  inverse_.insert(inverse_.end(), x.begin(), x.end());
  ++size_;
  return true;
}

}  // namespace twin::uq
