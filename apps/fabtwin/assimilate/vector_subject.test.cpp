// If this failed, what a filter wrote would not be what the model goes on from.
#include "apps/fabtwin/assimilate/vector_subject.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "twins/toys/lorenz63.hpp"

namespace apps::fabtwin::assimilate {
namespace {

const std::vector<double> Theta = {10.0, 28.0, 8.0 / 3.0};

VectorSubject<twins::toys::Lorenz63> convection(std::vector<double> truth_theta) {
  return {{},
          {.title = "L", .geometry = {}, .theta = Theta, .truth_theta = std::move(truth_theta)}};
}

TEST(VectorSubject, RunsCopiesAndKeepsItsMembers) {
  // A smoother would look along another run than the one that follows, or would move the members.
  const auto subject = convection({10.0, 30.0, 8.0 / 3.0});
  const auto population = subject.start({.seed = 1, .members = 2, .threads = 2});
  population->advance(5);
  Eigen::MatrixXd x(3, 2), now(3, 2);
  population->read(x);
  const Eigen::MatrixXd end = population->run(x, 7);
  population->read(now);
  EXPECT_EQ(now, x);
  const auto leg = subject.leg(5, 12);  // with the members' theta, not the truth's
  EXPECT_EQ(leg(x.col(1)).value, end.col(1));
  population->advance(7);
  population->read(now);
  EXPECT_EQ(now, end);
}

TEST(VectorSubject, GoesOnFromWhatWasWritten) {
  const auto subject = convection(Theta);
  const auto population = subject.start({.seed = 1, .members = 2});
  Eigen::MatrixXd x(3, 2);
  x << 1.0, 2.0, 3.0, 4.0, 5.0, 6.0;
  population->write(x);
  population->advance(7);
  twins::toys::Lorenz63::State expected;
  expected.x = {2.0, 4.0, 6.0};
  twins::toys::Lorenz63().advance(expected, Theta, 7, {});
  population->read(x);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(x(i, 1), expected.x[static_cast<std::size_t>(i)]);
  EXPECT_EQ(population->shown(), x);
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
