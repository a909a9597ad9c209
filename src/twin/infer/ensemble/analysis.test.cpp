// If these failed, a whole analysis would differ from the filter that its scheme names, or take
// input that it must refuse.
#include "twin/infer/ensemble/analysis.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {
namespace {

constexpr core::Draw AnalysisSeed{.seed = 3, .member = 0};
constexpr double Infinite = std::numeric_limits<double>::infinity();

const std::vector<Filter> All = {Filter::PerturbedEnkf, Filter::Etkf,        Filter::Denkf,
                                 Filter::Estkf,         Filter::SerialEnsrf, Filter::FiniteSize};

// A ring of 12 points, each observed.
struct AnalysisRing {
  Example e = random_example(12, 12, 5, 61);
  Noise noise = Noise::diagonal(e.r.diagonal());
  AnalysisRing() { e.h.setIdentity(); }

  [[nodiscard]] std::vector<Domain> domains(double half_support) const {
    const Eigen::VectorXd places = Eigen::VectorXd::LinSpaced(12, 0.0, 11.0);
    return ring_domains(12, 2, places, {.half_support = half_support, .least_weight = 1e-3});
  }
};

TEST(Analysis, LocalWithoutEndIsGlobal) {
  // Localisation would change what it does not restrict.
  const AnalysisRing ring;
  for (const Filter filter : All) {
    const Scheme scheme{.filter = filter,
                        .inflation = {.factor = 1.05, .rtpp = 0.1, .rtps = 0.2},
                        .rotation = Rotation::Random,
                        .certainty = 1.0};
    Eigen::MatrixXd x = ring.e.x, local = ring.e.x;
    const auto a = analyse(scheme, ring.e.hx(), ring.e.y, ring.noise, AnalysisSeed, 7, x);
    const auto b = analyse(scheme, ring.domains(Infinite), ring.e.hx(), ring.e.y, ring.noise,
                           AnalysisSeed, 7, local);
    EXPECT_LT((x - local).norm(), 1e-10) << FilterNames[static_cast<std::size_t>(filter)];
    EXPECT_NEAR(a.log_likelihood, b.log_likelihood, 1e-10);
  }
}

TEST(Analysis, LocalIsThatOfNearObservationsWithLargerErrors) {
  // The taper would weigh wrongly: a domain must see R divided by the weights.
  const AnalysisRing ring;
  const auto domains = ring.domains(2.0);
  Eigen::MatrixXd x = ring.e.x;
  analyse({}, domains, ring.e.hx(), ring.e.y, ring.noise, AnalysisSeed, 0, x);
  const Domain& domain = domains[2];
  ASSERT_LT(domain.observations.size(), 12U);
  Example near = ring.e;
  const auto count = static_cast<Eigen::Index>(domain.observations.size());
  near.h.setZero(count, 12);
  near.y.resize(count);
  near.r.setZero(count, count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const Eigen::Index k = domain.observations[static_cast<std::size_t>(i)];
    near.h(i, k) = 1.0;
    near.y[i] = ring.e.y[k];
    near.r(i, i) = ring.e.r(k, k) / domain.weights[static_cast<std::size_t>(i)];
  }
  const KalmanAnswer k = kalman_answer(near);
  for (const Eigen::Index v : domain.variables) {
    EXPECT_NEAR(x.row(v).mean(), k.mean[v], 1e-10);
    EXPECT_NEAR(covariance_of(x)(v, v), k.covariance(v, v), 1e-10);
  }
}

TEST(Analysis, WithoutObservationsNothingChanges) {
  // A sensor that is silent would still move the state.
  const AnalysisRing ring;
  const Scheme scheme{.inflation = {.factor = 2.0}, .rotation = Rotation::Random};
  const Eigen::MatrixXd none(0, 5);
  const Noise noise = Noise::equal(0, 1.0);
  Eigen::MatrixXd x = ring.e.x;
  EXPECT_EQ(analyse(scheme, none, Eigen::VectorXd(), noise, AnalysisSeed, 0, x).observations, 0);
  EXPECT_EQ(x, ring.e.x);
  const auto domains = ring_domains(12, 2, Eigen::VectorXd(), {.half_support = 2.0});
  EXPECT_EQ(
      analyse(scheme, domains, none, Eigen::VectorXd(), noise, AnalysisSeed, 0, x).observations, 0);
  EXPECT_EQ(x, ring.e.x);
}

TEST(Analysis, ADomainThatSeesNothingStaysButForRotation) {
  // Where nobody looks the mean would move, or the members lose their tie to those of the others.
  const AnalysisRing ring;
  std::vector<Domain> domains = ring.domains(2.0);
  domains[0].observations.clear();
  domains[0].weights.clear();
  for (const Filter filter : All) {
    Eigen::MatrixXd x = ring.e.x;
    analyse({.filter = filter}, domains, ring.e.hx(), ring.e.y, ring.noise, AnalysisSeed, 0, x);
    EXPECT_LT((x - ring.e.x).topRows(2).norm(), 1e-12);
    EXPECT_GT((x - ring.e.x).bottomRows(10).norm(), 0.1);
  }
}

TEST(Analysis, RotationKeepsMeanAndCovariance) {
  // Rotated members would tell another story than unrotated ones.
  const AnalysisRing ring;
  Eigen::MatrixXd x = ring.e.x, rotated = ring.e.x;
  analyse({}, ring.e.hx(), ring.e.y, ring.noise, AnalysisSeed, 0, x);
  analyse({.rotation = Rotation::Random}, ring.e.hx(), ring.e.y, ring.noise, AnalysisSeed, 0,
          rotated);
  EXPECT_LT((x.rowwise().mean() - rotated.rowwise().mean()).norm(), 1e-10);
  EXPECT_LT((covariance_of(x) - covariance_of(rotated)).norm(), 1e-10);
  EXPECT_GT((x - rotated).norm(), 0.1);
}

TEST(Analysis, OrderOfMembersDoesNotMatter) {
  // A filter would prefer a member for its place.
  const AnalysisRing ring;
  const Eigen::PermutationMatrix<Eigen::Dynamic> p(Eigen::Matrix<int, 5, 1>(3, 0, 4, 1, 2));
  for (const Filter filter : All) {
    if (filter == Filter::PerturbedEnkf) continue;  // its draws belong to places
    Eigen::MatrixXd x = ring.e.x, permuted = ring.e.x * p;
    analyse({.filter = filter}, ring.e.hx(), ring.e.y, ring.noise, AnalysisSeed, 0, x);
    analyse({.filter = filter}, ring.e.hx() * p, ring.e.y, ring.noise, AnalysisSeed, 0, permuted);
    EXPECT_LT((x * p - permuted).norm(), 1e-10) << FilterNames[static_cast<std::size_t>(filter)];
  }
}

TEST(Analysis, SaysWhatIsWrong) {
  // Mistakes in a scheme or in the shapes would come out as numbers.
  const AnalysisRing ring;
  Eigen::MatrixXd x = ring.e.x;
  const auto run = [&](const Scheme& scheme) {
    analyse(scheme, ring.e.hx(), ring.e.y, ring.noise, AnalysisSeed, 0, x);
  };
  EXPECT_EQ(contract::refusal([&] { run({.inflation = {.factor = -1.0}}); }),
            "inflation = -1 (must be positive and finite)");
  EXPECT_EQ(contract::refusal([&] { run({.filter = Filter::FiniteSize, .certainty = 0.0}); }),
            "certainty = 0 (must be positive and finite)");
  EXPECT_EQ(contract::refusal([&] {
              analyse({}, ring.e.hx().leftCols(4), ring.e.y, ring.noise, AnalysisSeed, 0, x);
            }),
            "5 members of the state and 4 observed ones (must be as many)");
  const auto local = [&](const Noise& noise, const std::vector<Domain>& domains) {
    analyse({}, domains, ring.e.hx(), ring.e.y, noise, AnalysisSeed, 0, x);
  };
  EXPECT_EQ(contract::refusal([&] { local(Noise::full(ring.e.r), ring.domains(2.0)); }),
            "localisation with correlated observation errors (each observation needs a weight of "
            "its own) give a diagonal covariance?");
  EXPECT_EQ(contract::refusal([&] {
              local(ring.noise, {{{12}, {0}, {1.0}}});
            }),
            "a domain has variable 12 (the state has 12)");
  EXPECT_EQ(contract::refusal([&] {
              local(ring.noise, {{{0}, {-1}, {1.0}}});
            }),
            "a domain has observation -1 (there are 12)");
  EXPECT_EQ(contract::refusal([&] {
              local(ring.noise, {{{0}, {1, 2}, {1.0}}});
            }),
            "a domain has 2 observations and 1 weights (must be as many)");
  EXPECT_EQ(x, ring.e.x) << "refused, and yet changed";
}

}  // namespace
}  // namespace twin::infer
