#include "twin/infer/letkf/letkf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twin/infer/ensemble/filters.hpp"
#include "twin/infer/letkf/rational_root.hpp"
#include "twin/infer/letkf/system.hpp"

namespace twin::infer {
namespace {

using letkf::Batch;
using letkf::Kernel;
using letkf::Sights;

constexpr std::size_t ChunkDomains = 256;

void check_letkf(const letkf::Neighbourhood& near, const letkf::DomainRows& rows,
                 const Eigen::Ref<const Eigen::MatrixXd>& observed, const Noise& noise,
                 const Eigen::Ref<const Eigen::MatrixXd>& x) {
  if (!noise.is_diagonal()) {
    throw core::Error(
        "localisation with correlated observation errors (each observation needs a weight of its "
        "own) give a diagonal covariance?");
  }
  if (x.cols() != observed.cols()) {
    throw core::Error(fmt::format("{} members of the state and {} observed ones (must be as many)",
                                  x.cols(), observed.cols()));
  }
  if (near.domains() != rows.domains()) {
    throw core::Error(fmt::format("{} domains with observations and {} with rows (must be as many)",
                                  near.domains(), rows.domains()));
  }
  if (near.observations() != static_cast<std::size_t>(observed.rows())) {
    throw core::Error(fmt::format("{} observations with a place and {} observed (must be as many)",
                                  near.observations(), observed.rows()));
  }
  if (rows.rows() > static_cast<std::size_t>(x.rows())) {
    throw core::Error(fmt::format("domains of {} rows (the state has {})", rows.rows(), x.rows()));
  }
}

}  // namespace

// The lists of a chunk of domains, and the batches that are made of them.
struct Letkf::Chunk {
  Sights sights;
  std::vector<std::size_t> rows, row_offsets;
  std::vector<std::uint32_t> small, large;  // domains of the chunk by the space they are solved in
  letkf::AlignedDoubles work;
  std::vector<std::uint32_t> refused;  // domains of the chunk

  void fill(const letkf::Neighbourhood& near, const letkf::DomainRows& all, std::size_t first,
            std::size_t end, std::size_t members) {
    sights.clear();
    near.look(first, end, sights);
    rows.clear();
    row_offsets.assign(1, 0);
    small.clear();
    large.clear();
    for (std::size_t i = 0; i < end - first; ++i) {
      all.append(first + i, rows);
      row_offsets.push_back(rows.size());
      const bool is_small = letkf::solves_in_observation_space(members, sights.of(i).count);
      (is_small ? small : large).push_back(static_cast<std::uint32_t>(i));
    }
    // The greatest of a batch sets its size.
    std::ranges::stable_sort(small, {}, [&](std::uint32_t i) { return sights.of(i).count; });
    refused.clear();
  }

  void run(const Kernel& kernel, Batch batch, const std::vector<std::uint32_t>& domains) {
    for (std::size_t first = 0; first < domains.size(); first += kernel.lanes) {
      batch.domains = std::min(kernel.lanes, domains.size() - first);
      for (std::size_t lane = 0; lane < batch.domains; ++lane) {
        const std::size_t i = domains[first + lane];
        batch.sight[lane] = sights.of(i);
        batch.rows[lane] = {.rows = rows.data() + row_offsets[i],
                            .count = row_offsets[i + 1] - row_offsets[i]};
      }
      kernel.analyse(batch);
      for (std::size_t lane = 0; lane < batch.domains; ++lane) {
        if ((batch.refused >> lane & 1U) != 0) refused.push_back(domains[first + lane]);
      }
    }
  }
};

Letkf::Letkf(const Options& options) : options_(options), kernel_(&letkf::kernel_of(options.path)) {
  TWIN_EXPECT(options.threads > 0, options.threads);
  check_inflation(options.inflation);
}

Letkf::~Letkf() = default;

Innovation Letkf::analyse(const letkf::Neighbourhood& near, const letkf::DomainRows& rows,
                          const Eigen::Ref<const Eigen::MatrixXd>& observed,
                          const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                          Eigen::Ref<Eigen::MatrixXd> x) {
  check_letkf(near, rows, observed, noise, x);
  const letkf::System system(observed, y, noise, options_.threads, seen_);
  if (system.observations() == 0) return {};
  const std::size_t members = system.members();
  TWIN_EXPECT(rotation_.empty() || rotation_.size() == (members - 1) * (members - 1),
              rotation_.size(), members);

  Batch batch = system.batch();
  batch.state = x.data();
  batch.state_stride = static_cast<std::size_t>(x.outerStride());
  batch.rotation = rotation_.empty() ? nullptr : rotation_.data();
  batch.factor = options_.inflation.factor;
  batch.rtpp = options_.inflation.rtpp;
  batch.rtps = options_.inflation.rtps;

  const std::size_t chunks = (near.domains() + ChunkDomains - 1) / ChunkDomains;
  const std::size_t workers =
      std::min<std::size_t>(options_.threads, std::max<std::size_t>(chunks, 1));
  std::atomic<std::size_t> next = 0, slow = 0;
  chunks_.resize(std::max(chunks_.size(), workers));
  core::for_each_member(workers, options_.threads, [&](std::size_t worker) {
    Chunk& chunk = chunks_[worker];
    Batch mine = batch;
    mine.work = chunk.work.room(kernel_->work_doubles(members, batch.root.terms));
    for (std::size_t c = next.fetch_add(1); c < chunks; c = next.fetch_add(1)) {
      const std::size_t first = c * ChunkDomains;
      chunk.fill(near, rows, first, std::min(first + ChunkDomains, near.domains()), members);
      chunk.run(*kernel_, mine, chunk.small);
      chunk.run(*kernel_, mine, chunk.large);
      for (const std::uint32_t i : chunk.refused) {
        const std::span<const std::size_t> of(chunk.rows.data() + chunk.row_offsets[i],
                                              chunk.row_offsets[i + 1] - chunk.row_offsets[i]);
        system.analyse_slowly(chunk.sights.of(i), of, options_.inflation, rotation_, x);
      }
      slow += chunk.refused.size();
    }
  });
  slow_ = slow;
  return system.innovation(*kernel_, chunks_.front().work);
}

}  // namespace twin::infer
