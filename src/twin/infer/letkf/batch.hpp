// The analysis of a batch of domains, one a lane (Hunt, Kostelich, Szunyogh 2007; without the
// eigenvectors: decision 0009). A template over the instruction set; kernel.hpp says why.
//
// The anomalies are taken in the members - 1 coordinates of subspace_basis, n below: X B with
// B_ij = delta_ij - g, i < n, and B_nj = -1/sqrt(N), g = (1/N) / (1/sqrt(N) + 1).
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "twin/infer/letkf/gram.hpp"
#include "twin/infer/letkf/kernel.hpp"
#include "twin/infer/letkf/lanes.hpp"
#include "twin/infer/letkf/shifts.hpp"
#include "twin/infer/letkf/tridiagonal.hpp"

namespace twin::infer::letkf {

inline constexpr size_t GramChunk = 64;  // observations whose weighted rows are made at once
inline constexpr size_t RowBlock = 4;    // rows of a domain that are corrected at once

template <class Isa>
class BatchAnalysis {
 public:
  using V = typename Isa::V;
  using L = Lanes<Isa>;
  static constexpr size_t W = L::W;

  explicit BatchAnalysis(Batch& batch) : b_(batch), n_(batch.members - 1) {
    members_ = static_cast<double>(b_.members);
    last_ = 1.0 / __builtin_sqrt(members_);
    beside_ = (1.0 / members_) / (last_ + 1.0);
    size_t most = 0;
    for (size_t lane = 0; lane < b_.domains; ++lane) {
      if (b_.sight[lane].count > most) most = b_.sight[lane].count;
      if (b_.rows[lane].count > rows_) rows_ = b_.rows[lane].count;
    }
    observed_ = solves_in_observation_space(b_.members, most);
    m_ = observed_ ? most : n_;
    tile_ = padded(observed_ ? most : b_.members, TileRows);
    carve();
  }

  void run() {
    if (observed_) {
      products_of_observations();
    } else {
      products_of_members();
    }
    t_.reduce();
    t_.into(right_, 1);
    shifts_.size = m_;
    shifts_.diagonal = t_.diagonal;
    shifts_.beside = t_.beside;
    b_.refused = shifts_.choose(b_.root, observed_ ? Root::Correction : Root::InverseRoot) &
                 ((1U << b_.domains) - 1U);
    V* pivots = b_.pivots != nullptr ? pivots_ : nullptr;
    V* solved = b_.pivots != nullptr ? solved_ : nullptr;
    if (rows_ == 0) shifts_.apply(right_, nullptr, 0, nullptr, nullptr, pivots, solved);
    for (size_t first = 0; first < rows_; first += RowBlock) {
      const size_t count = rows_ - first < RowBlock ? rows_ - first : RowBlock;
      correct(first, count, pivots, solved);
    }
    for (size_t i = 0; b_.pivots != nullptr && i < m_; ++i) {
      b_.pivots[i] = pivots_[i][0];
      b_.solved[i] = solved_[i][0];
    }
  }

  // Doubles of work that any batch of so many members needs.
  static constexpr size_t work_doubles(size_t members, size_t terms) {
    const size_t n = members - 1;  // no system is greater
    const size_t tile = padded(members, TileRows);
    const size_t vectors =
        (n | 1) * n + 9 * n + 4 * RowBlock * n + n + Shifts<Isa>::work_vectors(n, terms);
    const size_t left = tile * (W * n > GramChunk ? W * n : GramChunk);
    const size_t pointers = n > GramChunk ? n : GramChunk;
    return vectors * W + W * tile * tile + left + W * tile + pointers;
  }

 private:
  Batch& b_;
  size_t n_;                          // coordinates of an anomaly
  double members_ = 0.0;              // N
  double last_ = 0.0, beside_ = 0.0;  // of subspace_basis
  size_t rows_ = 0;                   // of the domain with most of them
  size_t m_ = 0;                      // size of the systems
  size_t tile_ = 0;                   // m_ (and b in the space of members), padded
  bool observed_ = false;
  Tridiagonal<Isa> t_;
  Shifts<Isa> shifts_;
  V* right_ = nullptr;                       // [m] b
  V *pivots_ = nullptr, *solved_ = nullptr;  // [m]
  V *q_ = nullptr, *f_ = nullptr;            // [RowBlock][m]
  V* a_ = nullptr;                           // [RowBlock][n] anomalies
  V* y_ = nullptr;       // [RowBlock][n] analysed anomalies, of systems in observation space
  V* turned_ = nullptr;  // [n]
  V mean_[RowBlock] = {};
  double* blocks_ = nullptr;           // [lane][tile][tile]
  double* left_ = nullptr;             // [chunk][tile], or [lane][n][tile] in observation space
  double* roots_ = nullptr;            // [lane][tile] of the weights, in observation space
  const double** pointers_ = nullptr;  // [chunk] or [n]

  void carve() {
    const size_t terms = b_.root.terms;
    V* v = reinterpret_cast<V*>(b_.work);
    const auto take = [&v](size_t count) {
      V* at = v;
      v += count;
      return at;
    };
    t_.size = m_;
    t_.ld = m_ | 1;  // odd: columns do not fall on one another in the cache
    t_.matrix = take(t_.ld * m_);
    t_.diagonal = take(m_);
    t_.beside = take(m_);
    t_.tau = take(m_);
    t_.work = take(3 * m_);
    right_ = take(m_);
    pivots_ = take(m_);
    solved_ = take(m_);
    q_ = take(RowBlock * m_);
    f_ = take(RowBlock * m_);
    a_ = take(RowBlock * n_);
    y_ = take(RowBlock * n_);
    turned_ = take(n_);
    shifts_.work = take(Shifts<Isa>::work_vectors(m_, terms));
    double* d = reinterpret_cast<double*>(v);
    blocks_ = d;
    d += W * tile_ * tile_;
    left_ = d;
    d += tile_ * (observed_ ? W * n_ : GramChunk);
    roots_ = d;
    d += W * tile_;
    pointers_ = reinterpret_cast<const double**>(d);
  }

  [[nodiscard]] const double* seen(size_t lane, size_t k) const {
    return b_.seen + b_.sight[lane].observations[k] * b_.stride;
  }

  // I + C is of size n; the row behind it is b.
  void products_of_members() {
    const size_t lanes = b_.same_sight ? 1 : W;
    for (size_t lane = 0; lane < lanes; ++lane) {
      const size_t count = lane < b_.domains ? b_.sight[lane].count : 0;
      size_t first = 0;
      do {  // once where there is nothing to see
        const size_t some = count - first < GramChunk ? count - first : GramChunk;
        for (size_t k = 0; k < some; ++k) {
          const double* row = pointers_[k] = seen(lane, first + k);
          const V weight = L::splat(b_.sight[lane].weights[first + k]);
          double* to = left_ + k * tile_;
          for (size_t j = 0; j < tile_; j += W) L::store(weight * L::load(row + j), to + j);
        }
        Tiles<Isa>::add(left_, pointers_, some, tile_, first == 0 ? Start::Zero : Start::Add,
                        blocks_ + lane * tile_ * tile_);
        first += GramChunk;
      } while (first < count);
    }
    Tiles<Isa>::lay_out(blocks_, tile_, n_, b_.same_sight, t_.matrix, t_.ld);
    for (size_t j = 0; j < n_; ++j) {
      for (size_t lane = 0; lane < W; ++lane) {
        right_[j][lane] = blocks_[((b_.same_sight ? 0 : lane) * tile_ + n_) * tile_ + j];
      }
    }
  }

  // The lane's weighted rows, transposed: [n][tile], zeros behind its observations.
  void weigh(size_t lane) {
    const Sight& sight = b_.sight[lane];
    double* to = left_ + lane * n_ * tile_;
    for (size_t k = 0; k < tile_; k += W) {
      V root = {};
      for (size_t i = 0; i < W && k + i < sight.count; ++i) root[i] = sight.weights[k + i];
      root = Isa::root(root);
      for (size_t j = 0; j < n_; j += W) {
        V rows[W] = {};
        for (size_t i = 0; i < W && k + i < sight.count; ++i)
          rows[i] = L::load(seen(lane, k + i) + j);
        L::transpose(rows);
        for (size_t i = 0; i < W && j + i < n_; ++i) {
          L::store(root * rows[i], to + (j + i) * tile_ + k);
        }
      }
      for (size_t i = 0; i < W && k + i < sight.count; ++i) {
        roots_[lane * tile_ + k + i] = root[i];
        right_[k + i][lane] = root[i] * seen(lane, k + i)[n_];
      }
    }
  }

  // I + G is of size p.
  void products_of_observations() {
    const size_t lanes = b_.same_sight ? 1 : W;
    for (size_t k = 0; k < m_; ++k) right_[k] = V{};
    for (size_t lane = 0; lane < lanes; ++lane) {
      const bool sees = lane < b_.domains && b_.sight[lane].count > 0;
      if (sees) weigh(lane);
      const double* left = left_ + lane * n_ * tile_;
      for (size_t j = 0; j < n_; ++j) pointers_[j] = left + j * tile_;
      Tiles<Isa>::add(left, pointers_, sees ? n_ : 0, tile_, Start::Zero,
                      blocks_ + lane * tile_ * tile_);
    }
    for (size_t k = 0; b_.same_sight && k < m_; ++k) right_[k] = L::splat(right_[k][0]);
    Tiles<Isa>::lay_out(blocks_, tile_, m_, b_.same_sight, t_.matrix, t_.ld);
  }

  // q := S a, each lane by its own S.
  void see(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const V* a = a_ + i * n_;
      for (size_t k = 0; k < m_; k += W) {
        V sum[W] = {};
        for (size_t lane = 0; lane < b_.domains; ++lane) {
          if (b_.sight[lane].count == 0) continue;
          const double* s = left_ + (b_.same_sight ? 0 : lane) * n_ * tile_ + k;
          for (size_t j = 0; j < n_; ++j) {
            sum[lane] = Isa::fma(L::splat(a[j][lane]), L::load(s + j * tile_), sum[lane]);
          }
        }
        L::transpose(sum);
        for (size_t l = 0; l < W && k + l < m_; ++l) q_[i * m_ + k + l] = sum[l];
      }
    }
  }

  // y := a + S^T f
  void unsee(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const V* f = f_ + i * m_;
      for (size_t j = 0; j < n_; j += W) {
        V sum[W] = {};
        for (size_t lane = 0; lane < b_.domains; ++lane) {
          const double* roots = roots_ + (b_.same_sight ? 0 : lane) * tile_;
          for (size_t k = 0; k < b_.sight[lane].count; ++k) {
            const double g = roots[k] * f[k][lane];
            sum[lane] = Isa::fma(L::splat(g), L::load(seen(lane, k) + j), sum[lane]);
          }
        }
        L::transpose(sum);
        for (size_t l = 0; l < W && j + l < n_; ++l) {
          y_[i * n_ + j + l] = a_[i * n_ + j + l] + sum[l];
        }
      }
    }
  }

  // All lanes' rows stand side by side in the state: each member's are one register.
  [[nodiscard]] bool adjacent(size_t at) const {
    if (b_.domains != W) return false;
    for (size_t lane = 0; lane < W; ++lane) {
      if (b_.rows[lane].count <= at || b_.rows[lane].rows[at] != b_.rows[0].rows[at] + lane) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] V read(size_t at, size_t member, bool side_by_side) const {
    const double* from = b_.state + member * b_.state_stride;
    if (side_by_side) return L::load(from + b_.rows[0].rows[at]);
    V v = {};
    for (size_t lane = 0; lane < b_.domains; ++lane) {
      if (at < b_.rows[lane].count) v[lane] = from[b_.rows[lane].rows[at]];
    }
    return v;
  }

  void write(V v, size_t at, size_t member, bool side_by_side) const {
    double* to = b_.state + member * b_.state_stride;
    if (side_by_side && b_.refused == 0) return L::store(v, to + b_.rows[0].rows[at]);
    for (size_t lane = 0; lane < b_.domains; ++lane) {
      const bool refused = (b_.refused >> lane & 1U) != 0;
      if (at < b_.rows[lane].count && !refused) to[b_.rows[lane].rows[at]] = v[lane];
    }
  }

  // Anomalies about the last member first: what is small against the mean is not lost in it.
  void anomalies_of(size_t at, V* a, V& mean) const {
    const bool near = adjacent(at);
    const V last = read(at, n_, near);
    V sum = {};
    for (size_t j = 0; j < n_; ++j) {
      a[j] = read(at, j, near) - last;
      sum += a[j];
    }
    mean = last + sum / members_;
    for (size_t j = 0; j < n_; ++j) a[j] = L::minus(L::splat(beside_), sum, a[j]);
  }

  void put_back(size_t at, const V* a, V mean) const {
    const bool near = adjacent(at);
    V sum = {};
    for (size_t j = 0; j < n_; ++j) sum += a[j];
    const V below = L::minus(L::splat(beside_), sum, mean);
    for (size_t j = 0; j < n_; ++j) write(a[j] + below, at, j, near);
    write(L::minus(L::splat(last_), sum, mean), at, n_, near);
  }

  void correct(size_t first, size_t count, V* pivots, V* solved) {
    for (size_t i = 0; i < count; ++i) anomalies_of(first + i, a_ + i * n_, mean_[i]);
    if (observed_) {
      see(count);
    } else {
      for (size_t i = 0; i < count * n_; ++i) q_[i] = a_[i];
    }
    t_.into(q_, count);
    V product[RowBlock];
    shifts_.apply(right_, q_, count, f_, product, pivots, solved);
    for (size_t i = 0; i < count; ++i) t_.back(f_ + i * m_);
    if (observed_) unsee(count);
    const V* y = observed_ ? y_ : f_;
    const double root = __builtin_sqrt(members_ - 1.0);
    for (size_t i = 0; i < count; ++i) {
      finish(first + i, a_ + i * n_, y + i * n_, mean_[i] + product[i] / root);
    }
  }

  // Rotation, RTPP, RTPS and the factor, as apply() in transform.hpp.
  void finish(size_t at, const V* a, const V* y, V mean) {
    if (b_.rotation != nullptr) {
      rotate(y);
    } else {
      for (size_t j = 0; j < n_; ++j) turned_[j] = y[j];
    }
    V before = {}, after = {};
    for (size_t j = 0; j < n_; ++j) {
      const V relaxed = Isa::fma(L::splat(b_.rtpp), a[j], (1.0 - b_.rtpp) * turned_[j]);
      turned_[j] = relaxed;
      before = Isa::fma(a[j], a[j], before);
      after = Isa::fma(relaxed, relaxed, after);
    }
    const V spread = Isa::root(after);
    const V relative = b_.rtps * (Isa::root(before) - spread) / spread;
    // Without spread there is no direction to relax in.
    const V scale = b_.factor * (1.0 + (after > 0.0 ? relative : V{}));
    for (size_t j = 0; j < n_; ++j) turned_[j] *= scale;
    put_back(at, turned_, mean);
  }

  // turned_ := y^T rotation, eight columns at once.
  void rotate(const V* y) {
    constexpr size_t Some = 8;
    for (size_t c = 0; c < n_; c += Some) {
      const size_t count = n_ - c < Some ? n_ - c : Some;
      V sum[Some] = {};
      for (size_t r = 0; r < n_; ++r) {
        const double* row = b_.rotation + r * n_ + c;
        for (size_t i = 0; i < count; ++i) sum[i] = Isa::fma(y[r], L::splat(row[i]), sum[i]);
      }
      for (size_t i = 0; i < count; ++i) turned_[c + i] = sum[i];
    }
  }
};

}  // namespace twin::infer::letkf
