// If these failed, the local analysis would differ from run to run, need the memory of several
// ensembles, or take what it must refuse.
#include "twin/infer/letkf/letkf.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twin/contract/allocations.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/letkf/cell_list.hpp"
#include "twin/infer/letkf/example.hpp"

namespace twin::infer {
namespace {

using letkf::CellList;
using letkf::DomainRows;
using letkf::Grid;
using letkf::Listed;

constexpr double LetkfInfinite = std::numeric_limits<double>::infinity();

// A ring, each point of it observed.
struct LetkfRing {
  Example e;
  Noise noise;
  Eigen::MatrixXd hx;

  LetkfRing(Eigen::Index size, Eigen::Index members)
      : e(random_example(size, 1, members, 61)), noise(Noise::equal(size, 0.7)), hx(e.x) {
    e.y = Eigen::VectorXd::LinSpaced(size, -1.0, 2.0);
    if (size > 100) return;  // no slow form of so many
    e.h = Eigen::MatrixXd::Identity(size, size);
    e.r = Eigen::VectorXd::Constant(size, 0.7).asDiagonal();
  }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(e.y.size()); }
  [[nodiscard]] CellList near(double half_support) const {
    return {{.directions = 1, .period = {static_cast<double>(size()), 0, 0}},
            Eigen::RowVectorXd::LinSpaced(e.y.size(), 0.0, static_cast<double>(size()) - 1.0),
            Grid{.shape = {size(), 1, 1}},
            {.length = half_support}};
  }
  Innovation analyse(Letkf& letkf, const letkf::Neighbourhood& near, Eigen::MatrixXd& x) const {
    return letkf.analyse(near, DomainRows::consecutive(size()), hx, e.y, noise, x);
  }
};

TEST(Letkf, FindsItsNeighboursAsTheSlowOneIsTold) {
  const LetkfRing ring(50, 9);
  Eigen::MatrixXd x = ring.e.x;
  Letkf letkf({});
  ring.analyse(letkf, ring.near(4.0), x);
  const auto domains =
      ring_domains(50, 1, Eigen::VectorXd::LinSpaced(50, 0.0, 49.0), {.half_support = 4.0});
  EXPECT_LT(worst_row(x, slow_letkf(ring.e, domains)), 1e-12);
}

TEST(Letkf, WithoutEndIsTheEtkf) {
  const LetkfRing ring(60, 20);
  Eigen::MatrixXd x = ring.e.x, global = ring.e.x;
  Letkf letkf({});
  const Innovation i = ring.analyse(letkf, ring.near(LetkfInfinite), x);
  const Transform t = etkf(observe(ring.hx, ring.e.y, ring.noise));
  apply(t, {}, global);
  EXPECT_LT(worst_row(x, global), 1e-10);
  EXPECT_NEAR(i.log_likelihood, t.innovation.log_likelihood, 1e-9);
  EXPECT_NEAR(i.chi_square, t.innovation.chi_square, 1e-9);
}

TEST(Letkf, ThreadsChangeNoBit) {
  const LetkfRing ring(3000, 6);
  Eigen::MatrixXd one = ring.e.x;
  Letkf letkf({.inflation = {.factor = 1.05}});
  const Innovation i = ring.analyse(letkf, ring.near(5.0), one);
  for (const unsigned threads : {2U, 3U, 7U}) {
    Eigen::MatrixXd many = ring.e.x;
    Letkf others({.inflation = {.factor = 1.05}, .threads = threads});
    const Innovation j = ring.analyse(others, ring.near(5.0), many);
    EXPECT_EQ(many, one) << threads;
    EXPECT_EQ(j.log_likelihood, i.log_likelihood);
  }
}

TEST(Letkf, SeveralFieldsOnTheSamePlaces) {
  const LetkfRing ring(30, 8);
  const Example two = random_example(60, 1, 8, 62);
  Eigen::MatrixXd x = two.x;
  Letkf letkf({});
  letkf.analyse(ring.near(3.0), DomainRows::fields(30, 2), ring.hx, ring.e.y, ring.noise, x);
  for (const Eigen::Index half : {0, 30}) {
    LetkfRing alone = ring;
    Eigen::MatrixXd y = two.x.middleRows(half, 30);
    Letkf again({});
    again.analyse(ring.near(3.0), DomainRows::consecutive(30), ring.hx, ring.e.y, ring.noise, y);
    EXPECT_EQ(y, x.middleRows(half, 30));
  }
}

TEST(Letkf, WorksOnPartOfALargerState) {
  // Rows that are not the ensemble's own columns in memory.
  const LetkfRing ring(30, 8);
  Eigen::MatrixXd whole = Eigen::MatrixXd::Constant(50, 8, 3.0), alone = ring.e.x;
  whole.middleRows(10, 30) = ring.e.x;
  Letkf letkf({});
  ring.analyse(letkf, ring.near(3.0), alone);
  letkf.analyse(ring.near(3.0), DomainRows::consecutive(30), ring.hx, ring.e.y, ring.noise,
                whole.middleRows(10, 30));
  EXPECT_EQ(whole.middleRows(10, 30), alone);
  EXPECT_EQ(whole.topRows(10), Eigen::MatrixXd::Constant(10, 8, 3.0));
}

TEST(Letkf, AllocatesNothingPerDomain) {
  // 1.2 times the ensemble would not be enough for the analysis.
  if (!contract::allocations_are_counted()) GTEST_SKIP() << "a sanitizer brings its own";
  std::uint64_t counts[2];
  for (const Eigen::Index size : {2000, 8000}) {
    const LetkfRing ring(size, 6);
    const CellList near = ring.near(5.0);
    Letkf letkf({});
    Eigen::MatrixXd x = ring.e.x;
    ring.analyse(letkf, near, x);  // warm
    const std::uint64_t before = contract::allocations();
    ring.analyse(letkf, near, x);
    counts[size == 2000 ? 0 : 1] = contract::allocations() - before;
  }
  // 24 more chunks of 256 domains: a few buffers of the search each.
  EXPECT_LE(counts[1] - counts[0], 24U * 8U);
  EXPECT_LE(counts[0], 200U);
}

TEST(Letkf, WithoutObservationsNothingChanges) {
  const LetkfRing ring(30, 8);
  Eigen::MatrixXd x = ring.e.x;
  Letkf letkf({.inflation = {.factor = 2.0}});
  const CellList near({.directions = 1, .period = {}}, Eigen::MatrixXd(1, 0),
                      Grid{.shape = {30, 1, 1}}, {.length = 1.0});
  const Innovation i = letkf.analyse(near, DomainRows::consecutive(30), Eigen::MatrixXd(0, 8),
                                     Eigen::VectorXd(), Noise::equal(0, 1.0), x);
  EXPECT_EQ(i.observations, 0);
  EXPECT_EQ(x, ring.e.x);
}

TEST(Letkf, VerySureObservationsGoTheSlowWayAndAreCounted) {
  LetkfRing ring(30, 8);
  ring.noise = Noise::equal(30, 1e-22);
  Eigen::MatrixXd x = ring.e.x;
  Letkf letkf({});
  ring.analyse(letkf, ring.near(0.4), x);
  EXPECT_EQ(letkf.slow_domains(), 30U);
  // The eigenvectors of a spectrum up to 1e22 are known to 1e-8.
  EXPECT_LT((x.rowwise().mean() - ring.e.y).norm(), 1e-4);
}

TEST(Letkf, SaysWhatIsWrong) {
  const LetkfRing ring(12, 5);
  Eigen::MatrixXd x = ring.e.x;
  Letkf letkf({});
  const auto refusal = [&](std::size_t rows, const Eigen::MatrixXd& hx, const Noise& noise) {
    return contract::refusal([&] {
      letkf.analyse(ring.near(2.0), DomainRows::consecutive(rows), hx, ring.e.y, noise, x);
    });
  };
  EXPECT_EQ(refusal(12, ring.hx.leftCols(4), ring.noise),
            "5 members of the state and 4 observed ones (must be as many)");
  EXPECT_EQ(refusal(11, ring.hx, ring.noise),
            "12 domains with observations and 11 with rows (must be as many)");
  EXPECT_EQ(refusal(12, ring.hx.topRows(11), ring.noise),
            "12 observations with a place and 11 observed (must be as many)");
  EXPECT_EQ(refusal(12, ring.hx, Noise::equal(11, 1.0)),
            "12 observations with an error covariance of 11 (must be as many)");
  EXPECT_EQ(refusal(12, ring.hx, Noise::full(Eigen::MatrixXd::Identity(12, 12))),
            "localisation with correlated observation errors (each observation needs a weight of "
            "its own) give a diagonal covariance?");
  Eigen::MatrixXd small = x.topRows(7);
  EXPECT_EQ(contract::refusal([&] {
              letkf.analyse(ring.near(2.0), DomainRows::consecutive(12), ring.hx, ring.e.y,
                            ring.noise, small);
            }),
            "domains of 12 rows (the state has 7)");
  Eigen::MatrixXd lost = ring.hx;
  lost(3, 1) = LetkfInfinite;
  EXPECT_EQ(refusal(12, lost, ring.noise),
            "observed member 1 is not finite (it is lost) replace it before the analysis?");
  EXPECT_EQ(contract::refusal([] { Letkf({.inflation = {.factor = 0.0}}); }),
            "inflation = 0 (must be positive and finite)");
  Eigen::MatrixXd single = x.leftCols(1);
  EXPECT_EQ(contract::refusal([&] {
              letkf.analyse(ring.near(2.0), DomainRows::consecutive(12), ring.hx.leftCols(1),
                            ring.e.y, ring.noise, single);
            }),
            "the ensemble has 1 member (its covariance needs at least 2)");
  EXPECT_EQ(x, ring.e.x) << "refused, and yet changed";
}

}  // namespace
}  // namespace twin::infer
