// How the membrane's equations are eliminated, worked out once: the constant stiffness of a block, condensed onto
// the block's edge, and the order in which pairs of neighbours are merged (A. George, "Nested dissection of a
// regular finite element mesh", SIAM J. Numerical Analysis 10, 1973). A block's stiffness is its coefficient times
// a constant matrix, so nothing within a block depends on the coefficients but by that factor.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace twins::toys {

inline constexpr std::size_t Blocks = 8, BlockCells = 4,
                             Cells = Blocks * BlockCells;  // along a side
inline constexpr std::size_t Nodes = Cells + 1;  // along a side, the two at its ends are held
inline constexpr std::size_t EdgeNodes = 16, InnerNodes = 9;  // of a block
inline constexpr std::size_t PointsAlong = 13;  // where the deflection is seen: (i / 14, j / 14)

// Where row i >= column j of a symmetric matrix stands, whose lower half is kept row by row.
constexpr std::size_t in_lower_half(std::size_t i, std::size_t j) { return i * (i + 1) / 2 + j; }

// Two parts become one: the nodes between them are eliminated, those around it stay.
struct MembraneFront {
  std::uint16_t nodes = 0, gone = 0;  // of the front; of these, the first `gone` are eliminated
  std::uint32_t first = 0;            // of its nodes in MembranePlan::node
  std::uint32_t lower = 0;            // of its columns of L in the work: [gone][nodes]
  std::uint32_t kept = 0;  // of what it leaves, [nodes - gone][nodes - gone] by rows, lower half
  std::array<std::int32_t, 2> part{};  // fronts by number, both, or blocks as -1 - number
  std::uint32_t source = 0;            // of its entries in MembranePlan::source
};

// What an entry of a front is the sum of: numbers of both parts, among what fronts leave or in MembranePlan::leaf.
struct MembraneSource {
  std::uint16_t first = 0, second = 0;
};

struct MembraneBlock {
  std::uint16_t nodes = 0;                        // of its edge that are not held
  std::array<std::uint16_t, EdgeNodes> edge{};    // their places on the edge
  std::array<std::uint16_t, EdgeNodes> node{};    // their numbers
  std::array<std::uint16_t, InnerNodes> inner{};  // numbers
  std::uint32_t condensed =
      0;  // of its nodes' part of the condensed stiffness in MembranePlan::leaf
};

struct MembranePoint {  // a point of the mesh as a mean of the four nodes around it
  std::array<std::uint16_t, 4> node{};
  std::array<double, 4> weight{};
};

struct MembranePlan {
  MembranePlan();

  // Of one block with coefficient 1, on its 25 nodes (row by row from the lower left), and condensed on its edge.
  std::array<std::array<double, 25>, 25> stiffness{};
  std::array<std::array<double, EdgeNodes>, EdgeNodes> condensed{};
  std::array<std::array<double, EdgeNodes>, InnerNodes>
      follow{};  // inner = follow x edge + (inverse / a) x load
  std::array<std::array<double, InnerNodes>, InnerNodes> inverse{};
  std::array<std::uint16_t, EdgeNodes> edge{};    // places among the 25
  std::array<std::uint16_t, InnerNodes> inner{};  // likewise
  double load = 0.0;                              // on each node, of the load 10

  // Lower halves of condensed stiffnesses by rows, one for each kind of block; a 0 at its end.
  std::vector<double> leaf;
  std::vector<double> loaded;  // [node] the whole load of 10, condensed onto the edges
  std::array<double, InnerNodes>
      sagging{};  // of the inner nodes, its coefficient 1 and its edge at rest

  std::vector<MembraneBlock> blocks;  // [64], x first
  std::vector<MembraneFront> fronts;  // [63] parts before what they become
  std::vector<std::uint16_t> node;    // of all fronts: x + Nodes y
  // [entry] of all fronts: the columns that are eliminated, each from its pivot down; then the lower half of what
  // stays, by rows.
  std::vector<MembraneSource> source;
  std::array<MembranePoint, PointsAlong * PointsAlong> points{};  // [i x 13 + j], i along x
  std::size_t lower = 0;                                          // [numbers] in all
  std::size_t kept = 0;             // [numbers] in all; the first is 0
  std::size_t largest = 0;          // front [nodes]
  std::size_t largest_columns = 0;  // of a front that are eliminated [nodes x gone]
};

const MembranePlan& membrane_plan();  // worked out when it is first asked for

}  // namespace twins::toys
