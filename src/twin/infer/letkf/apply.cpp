#include "twin/infer/letkf/apply.hpp"

#include <algorithm>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"

namespace twin::infer::letkf {
namespace {

constexpr std::size_t ApplyBlockRows = 4096;  // for one thread at a time

}  // namespace

void apply_fast(const Transform& transform, const ApplyOptions& options,
                Eigen::Ref<Eigen::MatrixXd> x) {
  TWIN_EXPECT(transform.mean.size() == x.cols(), transform.mean.size(), x.cols());
  const Kernel& kernel = kernel_of(options.path);
  const auto members = static_cast<std::size_t>(x.cols());
  if (members > MaxSweepMembers) return apply(transform, options.inflation, x);
  const std::size_t stride = (members + RowPadding - 1) / RowPadding * RowPadding + RowPadding;
  std::vector<double> map(members * stride, 0.0);
  for (std::size_t i = 0; i < members; ++i) {
    for (std::size_t j = 0; j < members; ++j) {
      const double t =
          transform.anomalies(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
      map[i * stride + j] =
          (1.0 - options.inflation.rtpp) * t + (i == j ? options.inflation.rtpp : 0.0);
    }
  }
  const Sweep whole = {.state = x.data(),
                       .state_stride = static_cast<std::size_t>(x.outerStride()),
                       .first = 0,
                       .end = static_cast<std::size_t>(x.rows()),
                       .members = members,
                       .map = map.data(),
                       .map_stride = stride,
                       .mean = transform.mean.data(),
                       .factor = options.inflation.factor,
                       .rtps = options.inflation.rtps};
  const std::size_t blocks = (whole.end + ApplyBlockRows - 1) / ApplyBlockRows;
  core::for_each_member(blocks, options.threads, [&](std::size_t block) {
    Sweep part = whole;
    part.first = block * ApplyBlockRows;
    part.end = std::min(whole.end, part.first + ApplyBlockRows);
    kernel.sweep(part);
  });
}

}  // namespace twin::infer::letkf
