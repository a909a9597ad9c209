// If this failed, what a filter wrote would not be what the model goes on from.
#include "apps/fabtwin/assimilate/vector_subject.hpp"

#include <gtest/gtest.h>

#include "twins/toys/lorenz63.hpp"

namespace apps::fabtwin::assimilate {
namespace {

TEST(VectorSubject, GoesOnFromWhatWasWritten) {
  const std::vector<double> theta = {10.0, 28.0, 8.0 / 3.0};
  const VectorSubject<twins::toys::Lorenz63> subject(
      {}, {.title = "L", .geometry = {}, .theta = theta, .truth_theta = theta});
  const auto population = subject.start({.seed = 1, .members = 2});
  Eigen::MatrixXd x(3, 2);
  x << 1.0, 2.0, 3.0, 4.0, 5.0, 6.0;
  population->write(x);
  population->advance(7);
  twins::toys::Lorenz63::State expected;
  expected.x = {2.0, 4.0, 6.0};
  twins::toys::Lorenz63().advance(expected, theta, 7, {});
  population->read(x);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(x(i, 1), expected.x[static_cast<std::size_t>(i)]);
  EXPECT_EQ(population->shown(), x);
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
