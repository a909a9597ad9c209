// The twin itself: a left fold over its record. absorb() is the only door: the live link, replay
// and tests all use it, so they cannot differ.
#pragma once
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "twin/core/ensemble.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twin/core/record.hpp"

namespace twin::core {

// The estimator that does nothing: the belief follows the model alone.
struct OpenLoop {
  template <class Belief>
  void update(Belief&, const Observation&, Draw, std::uint32_t /*occasion*/) const {}
};

// Estimator: update(belief, observation, draw, occasion). It may also have correct(belief, record,
// correction, draw, occasion), without which a Correction stays in the record and moves nothing;
// note(note), without which a Note is nothing to it; and admit(belief, observation) or admit(note),
// which throw Error for what could have no effect, before it is recorded.
template <Model M, class Estimator = OpenLoop, class ForEach = Threads>
class Twin {
 public:
  static constexpr std::uint32_t EstimatorMember = std::numeric_limits<std::uint32_t>::max();

  // The model must outlive the twin; the members start where the belief is.
  Twin(const M& model, Head head, Ensemble<M> belief, Estimator estimator = {}, ForEach each = {})
      : model_(&model),
        estimator_(std::move(estimator)),
        for_each_(std::move(each)),
        belief_(std::move(belief)),
        record_(std::move(head)) {}

  // Everything is in the record before it has an effect. Error if it can have none: nothing is
  // recorded then.
  void absorb(Entry entry) {
    std::visit([this](const auto& e) { this->admit(e); }, entry);
    const std::size_t index = record_.append(std::move(entry));
    TWIN_EXPECT(index < EstimatorMember, index);
    std::visit([&](const auto& e) { this->take(e, static_cast<std::uint32_t>(index)); },
               record_.entries()[index]);
  }

  [[nodiscard]] const Ensemble<M>& belief() const { return belief_; }
  [[nodiscard]] const Record& record() const { return record_; }
  // For its diagnostics: what it counted, never what the next update depends on.
  [[nodiscard]] const Estimator& estimator() const { return estimator_; }

 private:
  void admit(const Advance& e) const {
    for (const auto& x : belief_.x) {
      if (e.until < x.now) {
        throw Error("advance to " + std::to_string(e.until) + " (the twin is at " +
                    std::to_string(x.now) + " already)");
      }
    }
  }
  void admit(const Action& e) const {
    if constexpr (!TakesAction<M, Action>) {
      throw Error("action " + std::to_string(e.kind) + " (this model takes no actions)");
    }
  }
  void admit(const Correction& e) const {
    if (e.amends && *e.amends >= record_.size()) {
      throw Error("correction of entry " + std::to_string(*e.amends) + " (the record has " +
                  std::to_string(record_.size()) + ")");
    }
    admit(e.now);
  }
  void admit(const Observation& e) const {
    if constexpr (requires { estimator_.admit(belief_, e); }) estimator_.admit(belief_, e);
  }
  void admit(const Note& e) const {
    if constexpr (requires { estimator_.admit(e); }) estimator_.admit(e);
  }

  void take(const Advance& e, std::uint32_t) {
    for_each_(belief_.size(), [&](std::size_t i) {
      model_->advance(belief_.x[i], belief_.theta_of(i), e.until, belief_.draw_of(i, seed()));
    });
  }
  void take(const Observation& e, std::uint32_t occasion) {
    estimator_.update(belief_, e, estimator_draw(), occasion);
  }
  void take(const Action& e, std::uint32_t) {
    if constexpr (TakesAction<M, Action>) {
      for_each_(belief_.size(), [&](std::size_t i) { model_->act(belief_.x[i], e); });
    }
  }
  void take(const Correction& e, std::uint32_t occasion) {
    if constexpr (requires { estimator_.correct(belief_, record_, e, Draw{}, occasion); }) {
      estimator_.correct(belief_, record_, e, estimator_draw(), occasion);
    }
  }
  void take(const Note& e, std::uint32_t) {
    if constexpr (requires { estimator_.note(e); }) estimator_.note(e);
  }

  [[nodiscard]] std::uint64_t seed() const { return record_.head().seed; }
  [[nodiscard]] Draw estimator_draw() const {
    return {.seed = seed(), .member = EstimatorMember};  // never a member's own draws
  }

  const M* model_;
  Estimator estimator_;
  ForEach for_each_;
  Ensemble<M> belief_;
  Record record_;
};

}  // namespace twin::core
