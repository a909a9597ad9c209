// If these failed, observations would be added up wrongly, or into another domain.
#include "twin/infer/letkf/gram.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <vector>

#include "twin/infer/letkf/aligned.hpp"

namespace twin::infer::letkf {
namespace {

TEST(Tiles, AddTheLowerTriangle) {
  constexpr std::size_t Size = 16, Count = 5;
  AlignedDoubles left_room, right_room, out_room;
  double* left = left_room.room(Size * Count);
  double* right = right_room.room(Size * Count);
  double* out = out_room.room(Size * Size);
  std::vector<const double*> rows;
  for (std::size_t k = 0; k < Count; ++k) {
    rows.push_back(right + k * Size);
    for (std::size_t i = 0; i < Size; ++i) {
      right[k * Size + i] = static_cast<double>(i + 1) - 2.0 * static_cast<double>(k);
      left[k * Size + i] = right[k * Size + i] * static_cast<double>(k + 1);
    }
  }
  using Map = Eigen::Map<const Eigen::MatrixXd>;
  const Eigen::MatrixXd should = Map(left, Size, Count) * Map(right, Size, Count).transpose();
  Tiles<Portable>::add(left, rows.data(), 2, Size, Start::Zero, out);
  Tiles<Portable>::add(left + 2 * Size, rows.data() + 2, 3, Size, Start::Add, out);
  for (std::size_t r = 0; r < Size; ++r) {
    for (std::size_t c = 0; c <= r; ++c) {
      EXPECT_EQ(out[r * Size + c],
                should(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)));
    }
  }
}

TEST(Tiles, LayOutOneDomainALane) {
  constexpr std::size_t Size = 8, Rows = 7;
  std::vector<double> blocks(2 * Size * Size);
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = static_cast<double>(i);
  AlignedDoubles room;
  auto* matrix = reinterpret_cast<Portable::V*>(room.room(2 * Rows * Rows));
  Tiles<Portable>::lay_out(blocks.data(), Size, Rows, false, matrix, Rows);
  for (std::size_t r = 0; r < Rows; ++r) {
    for (std::size_t c = 0; c <= r; ++c) {
      for (std::size_t lane = 0; lane < 2; ++lane) {
        EXPECT_EQ(matrix[c * Rows + r][lane], blocks[lane * Size * Size + r * Size + c]);
      }
    }
  }
  Tiles<Portable>::lay_out(blocks.data(), Size, Rows, true, matrix, Rows);
  EXPECT_EQ(matrix[Rows + 3][1], blocks[3 * Size + 1]);
}

}  // namespace
}  // namespace twin::infer::letkf
