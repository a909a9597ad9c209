// What crosses from the analysis, compiled for every CPU, to its kernel, compiled once for each
// instruction set: plain pointers and numbers. A kernel's translation unit includes nothing of the
// C++ library or of Eigen, for the linker may keep its copy of any inline function for the whole
// program, which would then stop at an illegal instruction on an older CPU.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace twin::infer::letkf {

inline constexpr size_t MaxLanes = 8;
inline constexpr size_t RowPadding =
    8;  // rows of the observed anomalies are padded to this [double]

// The rational approximations of the inverse root that RationalRoot holds: level l serves spectra
// in [1, 2^l], 1 <= l <= levels.
struct RootNodes {
  const double* shifts;    // [level][term], terms per level
  const double* weights;   // [level][term]
  const uint32_t* counts;  // [level] terms in use
  size_t terms;
  size_t levels;
};

// What one domain sees: rows of Batch::seen and the weight of each.
struct Sight {
  const uint32_t* observations;  // [count], summed in this order
  const double* weights;         // [count]
  size_t count;
};

// The rows of the state that one domain corrects.
struct StateRows {
  const size_t* rows;
  size_t count;
};

// As many domains as the kernel has lanes, or fewer. All have fewer observations than members - 1
// or all have not: see solves_in_observation_space.
struct Batch {
  // Whitened anomalies of what was observed, in the members - 1 coordinates of subspace_basis, and
  // behind them the innovation: [observation][stride], padded by zeros, aligned to 64 bytes.
  const double* seen;
  size_t stride;    // [double]
  size_t members;   // N >= 2
  size_t domains;   // in use
  bool same_sight;  // all domains see what the first one sees: it is worked out once
  Sight sight[MaxLanes];
  StateRows rows[MaxLanes];
  double* state;              // (row, member) stands at state[row + member * state_stride]
  size_t state_stride;        // [double]
  const double* rotation;     // [coordinate][coordinate] of the subspace, or null
  double factor, rtpp, rtps;  // as in Inflation
  RootNodes root;
  double* work;    // Kernel::work_doubles, aligned to 64 bytes
  double* pivots;  // [members - 1] reciprocal pivots of I + C of the first domain, or null
  double* solved;  // [members - 1] L^-1 b of I + C = L D L^T of the first domain, or null
  // Set by the kernel: the domains whose spectrum was beyond all levels, bit by bit; they are left
  // as they were.
  uint32_t refused;
};

// x^a of a block of rows under one map for all: x := mean + A (w 1^T + T), A = x - mean.
inline constexpr size_t MaxSweepMembers = 256;

struct Sweep {
  double* state;  // as in Batch
  size_t state_stride;
  size_t first, end;  // rows
  size_t members;
  const double* map;  // T: [member][member], row-major, rows padded to map_stride
  size_t map_stride;
  const double* mean;   // w: [member]
  double factor, rtps;  // as in Inflation; rtpp is in T
};

struct Kernel {
  const char* name;
  size_t lanes;
  size_t (*work_doubles)(size_t members, size_t terms);
  void (*analyse)(Batch&);
  void (*sweep)(const Sweep&);
  // Squares of distances become weights by gaspari_cohn: x has room for a multiple of MaxLanes.
  void (*taper)(double* x, size_t count, double half_support);
};

// With clearly fewer observations than members the p x p system is the cheaper one. A property of
// the domain alone, so that its bits do not depend on its neighbours.
constexpr bool solves_in_observation_space(size_t members, size_t observations) {
  return 8 * observations <= 7 * (members - 1);
}

const Kernel& portable_kernel();
#ifdef TWIN_LETKF_X86
const Kernel& avx2_kernel();
const Kernel& avx512_kernel();
#endif

}  // namespace twin::infer::letkf
