// A model whose State is no row of numbers (queues, lots, events), as the subject of an experiment: what
// is corrected are the logarithms of some of its parameters, one set a member; what instruments see is
// what happened since the last look. Kalman methods learn from it through the correlations of the two.
#pragma once
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "apps/fabtwin/assimilate/subject.hpp"
#include "twin/core/parallel.hpp"
#include "twin/infer/experiment.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"

namespace apps::fabtwin::assimilate {

// A parameter that is learnt: its place in theta and where it may lie.
struct Learnt {
  std::size_t place = 0;
  double lower = 0.0, upper = 0.0;  // positive
};

// Plant: State, initial(theta, draw), advance(state, theta, until, draw), Reading read(state), and
// Eigen::VectorXd seen(before, after): the quantities of the time between two readings.
template <class Plant>
class ParameterSubject : public Subject {
 public:
  struct Options {
    std::string title;
    std::vector<Learnt> learnt;       // [variable]
    std::vector<double> theta;        // where the members' prior has its median, and all others are
    std::vector<double> truth_theta;  // of the truth
    double prior_deviation = 0.0;     // of the logarithms, about those of theta
    Eigen::Index quantities = 0;      // as many as seen() gives
  };
  static constexpr std::uint32_t PriorDraw = 0xA5000020;

  ParameterSubject(Plant plant, Options options)
      : plant_(std::move(plant)), options_(std::move(options)) {}

  [[nodiscard]] Eigen::Index size() const override {
    return static_cast<Eigen::Index>(options_.learnt.size());
  }
  [[nodiscard]] Eigen::Index quantities() const override { return options_.quantities; }
  [[nodiscard]] std::string title() const override { return options_.title; }

  [[nodiscard]] std::unique_ptr<Population> start(const StartOptions& options) const override {
    return std::make_unique<Members>(*this, options);
  }

 private:
  struct Member {
    twin::core::Draw draw;
    std::vector<double> theta;
    typename Plant::State state;
    typename Plant::Reading before;  // at the last advance's begin
  };

  class Members : public Population {
   public:
    Members(const ParameterSubject& subject, const StartOptions& options)
        : subject_(subject), threads_(options.threads) {
      const auto begin = [&](std::uint32_t number, std::vector<double> theta) {
        const twin::core::Draw draw{.seed = options.seed, .member = number};
        auto state = subject.plant_.initial(theta, draw);
        auto before = subject.plant_.read(state);
        all_.push_back({draw, std::move(theta), std::move(state), std::move(before)});
      };
      begin(twin::infer::TruthMember, subject.options_.truth_theta);
      for (std::uint32_t i = 0; i < options.members; ++i) {
        const twin::core::Draw draw{.seed = options.seed, .member = i};
        std::vector<double> theta = subject.options_.theta;
        for (std::uint32_t v = 0; v < subject.options_.learnt.size(); ++v) {
          const Learnt& one = subject.options_.learnt[v];
          const double z = twin::math::normal(draw.uniform(PriorDraw, v, 0));
          theta[one.place] =
              within(one, twin::math::log(theta[one.place]) + subject.options_.prior_deviation * z);
        }
        begin(i, std::move(theta));
      }
    }

    void advance_truth(twin::core::Tick ticks) override { advance(all_[0], ticks); }
    void advance(twin::core::Tick ticks) override {
      twin::core::for_each_member(all_.size() - 1, threads_,
                                  [&](std::size_t i) { advance(all_[i + 1], ticks); });
    }
    void copy(std::span<const std::uint32_t> ancestors) override {
      for (std::size_t i = 0; i < ancestors.size(); ++i) {
        if (ancestors[i] == i) continue;
        const Member& from = all_.at(ancestors[i] + std::size_t{1});
        all_[i + 1] = {all_[i + 1].draw, from.theta, from.state, from.before};
      }
    }
    void read(Eigen::MatrixXd& x) override {
      for (std::size_t i = 1; i < all_.size(); ++i) {
        x.col(static_cast<Eigen::Index>(i) - 1) = logarithms(all_[i]);
      }
    }
    void write(const Eigen::MatrixXd& x) override {
      for (std::size_t i = 1; i < all_.size(); ++i) {
        for (std::size_t v = 0; v < subject_.options_.learnt.size(); ++v) {
          const Learnt& one = subject_.options_.learnt[v];
          all_[i].theta[one.place] =
              within(one, x(static_cast<Eigen::Index>(v), static_cast<Eigen::Index>(i) - 1));
        }
      }
    }
    [[nodiscard]] Eigen::VectorXd truth() override { return logarithms(all_[0]); }
    [[nodiscard]] Eigen::VectorXd shown_truth() override { return seen(all_[0]); }
    [[nodiscard]] Eigen::MatrixXd shown() override {
      Eigen::MatrixXd hx(subject_.quantities(), static_cast<Eigen::Index>(all_.size()) - 1);
      for (std::size_t i = 1; i < all_.size(); ++i) {
        hx.col(static_cast<Eigen::Index>(i) - 1) = seen(all_[i]);
      }
      return hx;
    }

   private:
    void advance(Member& m, twin::core::Tick ticks) const {
      m.before = subject_.plant_.read(m.state);
      subject_.plant_.advance(m.state, m.theta, m.state.now + ticks, m.draw);
    }
    static double within(const Learnt& one, double logarithm) {
      return std::min(std::max(twin::math::exp(logarithm), one.lower), one.upper);
    }
    [[nodiscard]] Eigen::VectorXd logarithms(const Member& m) const {
      Eigen::VectorXd v(subject_.size());
      for (Eigen::Index i = 0; i < v.size(); ++i) {
        v[i] =
            twin::math::log(m.theta[subject_.options_.learnt[static_cast<std::size_t>(i)].place]);
      }
      return v;
    }
    [[nodiscard]] Eigen::VectorXd seen(const Member& m) const {
      return subject_.plant_.seen(m.before, subject_.plant_.read(m.state));
    }
    const ParameterSubject& subject_;
    unsigned threads_;
    std::vector<Member> all_;  // the truth, then the members
  };

  Plant plant_;
  Options options_;
};

}  // namespace apps::fabtwin::assimilate
