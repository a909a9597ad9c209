// Which instructions the ensemble kernels use: chosen once, by the CPU or by the caller, and named
// wherever results are reported. AVX2+FMA and AVX-512 give the same bits (and so does the portable
// path where the CPU's baseline has a fused multiply-add); without it the portable one rounds more.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "twin/infer/letkf/kernel.hpp"

namespace twin::infer::letkf {

enum class Path : std::uint8_t { Best, Avx512, Avx2, Portable };
inline constexpr std::array<Path, 3> Paths = {Path::Avx512, Path::Avx2, Path::Portable};

// Whether this CPU and this build have it. Best and Portable are always there.
bool is_available(Path path);

// The kernel of a path; Error if it is not available.
const Kernel& kernel_of(Path path);

}  // namespace twin::infer::letkf
