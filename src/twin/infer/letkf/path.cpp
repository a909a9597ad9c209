#include "twin/infer/letkf/path.hpp"

#include <fmt/core.h>

#include "twin/core/error.hpp"

namespace twin::infer::letkf {
namespace {

std::string_view name_of(Path path) {
  switch (path) {
    case Path::Best: return "best";
    case Path::Avx512: return "AVX-512";
    case Path::Avx2: return "AVX2+FMA";
    case Path::Portable: return "portable";
  }
  return "?";
}

}  // namespace

bool is_available(Path path) {
#ifdef TWIN_LETKF_X86
  if (path == Path::Avx512) return __builtin_cpu_supports("avx512f") != 0;
  if (path == Path::Avx2) {
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  }
#endif
  return path == Path::Best || path == Path::Portable;
}

const Kernel& kernel_of(Path path) {
  if (path == Path::Best) {
    for (const Path best : Paths) {
      if (is_available(best)) return kernel_of(best);
    }
  }
  if (!is_available(path)) {
    throw core::Error(
        fmt::format("the path {} of the ensemble kernels (this CPU or build lacks it) "
                    "take the best one?",
                    name_of(path)));
  }
#ifdef TWIN_LETKF_X86
  if (path == Path::Avx512) return avx512_kernel();
  if (path == Path::Avx2) return avx2_kernel();
#endif
  return portable_kernel();
}

}  // namespace twin::infer::letkf
