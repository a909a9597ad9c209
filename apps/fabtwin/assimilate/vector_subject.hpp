// A model whose State shows itself as one row of numbers (HasVector), as the subject of an experiment:
// the row is what is corrected and what instruments see.
#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "apps/fabtwin/assimilate/subject.hpp"
#include "twin/core/parallel.hpp"
#include "twin/infer/experiment.hpp"

namespace apps::fabtwin::assimilate {

template <twin::infer::HasVector M>
class VectorSubject : public Subject {
 public:
  struct Options {
    std::string title;
    Geometry geometry;
    std::vector<double> theta;        // of the members
    std::vector<double> truth_theta;  // of the truth: another one is a model error
  };

  VectorSubject(M model, Options options) : model_(std::move(model)), options_(std::move(options)) {
    auto probe = model_.initial(options_.theta, {});
    size_ = static_cast<Eigen::Index>(M::vector(probe).size());
  }

  [[nodiscard]] Eigen::Index size() const override { return size_; }
  [[nodiscard]] Eigen::Index quantities() const override { return size_; }
  [[nodiscard]] Geometry geometry() const override { return options_.geometry; }
  [[nodiscard]] std::string title() const override { return options_.title; }

  [[nodiscard]] std::unique_ptr<Population> start(const StartOptions& options) const override {
    return std::make_unique<Members>(*this, options);
  }

 private:
  class Members : public Population {
   public:
    Members(const VectorSubject& subject, const StartOptions& options)
        : subject_(subject), hidden_{.seed = options.seed, .member = twin::infer::TruthMember} {
      truth_ = subject.model_.initial(subject.options_.truth_theta, hidden_);
      for (Eigen::Index i = 0; i < options.members; ++i) {
        states_.push_back(subject.model_.initial(subject.options_.theta, draw_of(i)));
      }
    }

    void advance(twin::core::Tick ticks, unsigned threads) override {
      twin::core::for_each_member(states_.size() + 1, threads, [&](std::size_t i) {
        const auto& options = subject_.options_;
        if (i == 0) {
          subject_.model_.advance(truth_, options.truth_theta, truth_.now + ticks, hidden_);
        } else {
          auto& x = states_[i - 1];
          subject_.model_.advance(x, options.theta, x.now + ticks,
                                  draw_of(static_cast<Eigen::Index>(i) - 1));
        }
      });
    }
    void read(Eigen::MatrixXd& x) override {
      for (std::size_t i = 0; i < states_.size(); ++i) {
        x.col(static_cast<Eigen::Index>(i)) =
            Eigen::Map<const Eigen::VectorXd>(M::vector(states_[i]).data(), subject_.size_);
      }
    }
    void write(const Eigen::MatrixXd& x) override {
      for (std::size_t i = 0; i < states_.size(); ++i) {
        Eigen::Map<Eigen::VectorXd>(M::vector(states_[i]).data(), subject_.size_) =
            x.col(static_cast<Eigen::Index>(i));
      }
    }
    [[nodiscard]] Eigen::VectorXd truth() override {
      return Eigen::Map<const Eigen::VectorXd>(M::vector(truth_).data(), subject_.size_);
    }
    [[nodiscard]] Eigen::VectorXd shown_truth() override { return truth(); }
    [[nodiscard]] Eigen::MatrixXd shown() override {
      Eigen::MatrixXd x(subject_.size_, static_cast<Eigen::Index>(states_.size()));
      read(x);
      return x;
    }

   private:
    [[nodiscard]] twin::core::Draw draw_of(Eigen::Index i) const {
      return {.seed = hidden_.seed, .member = static_cast<std::uint32_t>(i)};
    }
    const VectorSubject& subject_;
    twin::core::Draw hidden_;
    typename M::State truth_;
    std::vector<typename M::State> states_;  // [member]
  };

  M model_;
  Options options_;
  Eigen::Index size_ = 0;
};

}  // namespace apps::fabtwin::assimilate
