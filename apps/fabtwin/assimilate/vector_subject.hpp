// A model whose State shows itself as one row of numbers (HasVector), as the subject of an experiment:
// the row is what is corrected and what instruments see.
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "apps/fabtwin/assimilate/subject.hpp"
#include "twin/infer/experiment.hpp"
#include "twin/infer/smooth/passage.hpp"
#include "twin/infer/variational/model_operator.hpp"

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

  [[nodiscard]] Ability ability() const override {
    return twin::infer::variational::HasTangent<M> ? Ability::Tangent : Ability::Row;
  }
  [[nodiscard]] twin::infer::variational::Climatology climatology(
      const twin::core::Draw& draw,
      const twin::infer::variational::Sampling& sampling) const override {
    return twin::infer::variational::climatology_of(model_, options_.theta, draw, sampling);
  }
  [[nodiscard]] twin::infer::variational::Operator leg(twin::core::Tick from,
                                                       twin::core::Tick until) const override {
    if constexpr (twin::infer::variational::HasTangent<M>) {
      auto start = model_.initial(options_.theta, {});
      start.now = from;
      return twin::infer::variational::model_operator<M>(
          {.model = &model_, .start = start, .theta = options_.theta, .until = until});
    } else {
      return Subject::leg(from, until);
    }
  }

 private:
  using Row = twin::infer::smooth::Members<M>;

  class Members : public Population {
   public:
    Members(const VectorSubject& subject, const StartOptions& o)
        : truth_(subject.model_, subject.options_.truth_theta,
                 {.seed = o.seed, .member = twin::infer::TruthMember}, 1),
          members_(subject.model_, subject.options_.theta, {.seed = o.seed, .member = 0},
                   static_cast<std::size_t>(o.members), o.threads) {}

    void advance_truth(twin::core::Tick ticks) override {
      truth_.advance(truth_.state(0).now + ticks);
    }
    void advance(twin::core::Tick ticks) override { members_.advance(now() + ticks); }
    [[nodiscard]] Eigen::MatrixXd run(const Eigen::MatrixXd& x,
                                      twin::core::Tick ticks) const override {
      return members_.run(x, {}, {}, now() + ticks).end;
    }
    void copy(std::span<const std::uint32_t> ancestors) override { members_.copy(ancestors); }
    void read(Eigen::MatrixXd& x) override { x = members_.x(); }
    void write(const Eigen::MatrixXd& x) override { members_.correct(x); }
    [[nodiscard]] Eigen::VectorXd truth() override { return truth_.x().col(0); }
    [[nodiscard]] Eigen::VectorXd shown_truth() override { return truth(); }
    [[nodiscard]] Eigen::MatrixXd shown() override { return members_.x(); }

   private:
    [[nodiscard]] twin::core::Tick now() const { return members_.state(0).now; }
    Row truth_, members_;
  };

  M model_;
  Options options_;
  Eigen::Index size_ = 0;
};

}  // namespace apps::fabtwin::assimilate
