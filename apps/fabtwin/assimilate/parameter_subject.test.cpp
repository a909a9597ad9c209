// If these failed, a filter would correct other parameters than it believes.
#include "apps/fabtwin/assimilate/parameter_subject.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "apps/fabtwin/assimilate/plants.hpp"

namespace apps::fabtwin::assimilate {
namespace {

ParameterSubject<QueuePlant> subject(double deviation) {
  return {QueuePlant(),
          {.title = "Q",
           .learnt = {{1, 0.1, 2.0}},
           .theta = {1.25, 1.0},
           .truth_theta = {1.25, 0.5},
           .prior_deviation = deviation,
           .quantities = QueuePlant::Quantities}};
}

TEST(ParameterSubject, ShowsLogarithmsWithinTheirBounds) {
  const auto s = subject(0.3);
  const auto population = s.start({.seed = 1, .members = 3});
  EXPECT_NEAR(population->truth()[0], std::log(0.5), 1e-15);
  Eigen::MatrixXd x(1, 3);
  x << std::log(1.5), 99.0, -99.0;
  population->write(x);
  population->read(x);
  EXPECT_NEAR(x(0, 0), std::log(1.5), 1e-15);
  EXPECT_NEAR(x(0, 1), std::log(2.0), 1e-15);
  EXPECT_NEAR(x(0, 2), std::log(0.1), 1e-15);
}

TEST(ParameterSubject, DrawsItsPriorAboutTheMedian) {
  // Mean or deviation would be another: 400 members, five standard errors (seed 2).
  const auto s = subject(0.1);
  const auto population = s.start({.seed = 2, .members = 400});
  Eigen::MatrixXd x(1, 400);
  population->read(x);
  EXPECT_NEAR(x.mean(), 0.0, 5.0 * 0.1 / 20.0);
  EXPECT_NEAR(x.array().square().mean(), 0.01, 5.0 * 0.01 * std::sqrt(2.0 / 400.0));
}

TEST(ParameterSubject, CopiesAllThatAMemberIs) {
  // A particle would go on with its ancestor's parameters and its own queue. What it draws stays its own.
  const auto s = subject(0.3);
  const auto population = s.start({.seed = 4, .members = 3});
  population->advance(50 * twins::toys::Mm1Queue::Unit);
  population->advance_truth(50 * twins::toys::Mm1Queue::Unit);
  const Eigen::VectorXd truth = population->shown_truth();
  const Eigen::MatrixXd before = population->shown();
  ASSERT_NE(before.col(0), before.col(2));
  population->copy(std::vector<std::uint32_t>{2, 1, 2});
  const Eigen::MatrixXd after = population->shown();
  Eigen::MatrixXd x(1, 3);
  population->read(x);
  EXPECT_EQ(x(0, 0), x(0, 2));
  EXPECT_EQ(after.col(0), before.col(2));
  EXPECT_EQ(after.col(1), before.col(1));
  EXPECT_EQ(population->shown_truth(), truth);
  population->advance(50 * twins::toys::Mm1Queue::Unit);
  EXPECT_NE(population->shown().col(0), population->shown().col(2));
}

TEST(ParameterSubject, MovesMembersByTheirOwnTheta) {
  // What is learnt would have no effect: twice the service time, longer queues.
  const auto s = subject(0.1);
  const auto population = s.start({.seed = 3, .members = 2});
  Eigen::MatrixXd x(1, 2);
  x << std::log(0.3), std::log(1.2);
  population->write(x);
  population->advance(500 * twins::toys::Mm1Queue::Unit);
  const Eigen::MatrixXd shown = population->shown();
  EXPECT_LT(shown(2, 0), shown(2, 1));
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
