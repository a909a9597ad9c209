// What a model of the engine is: immutable laws and structure (M), and a State that is a plain
// value holding all that changes. Law, checked by twin/contract: advance(a) then advance(b) equals
// advance(b), bit by bit; where the caller paused must not matter.
#pragma once
#include <concepts>
#include <span>

#include "twin/core/draw.hpp"
#include "twin/core/fields.hpp"
#include "twin/core/tick.hpp"

namespace twin::core {

template <class M>
concept Model = std::regular<typename M::State> && HasFields<typename M::State> &&
    requires(const M& m, typename M::State& x, std::span<const double> theta, Tick until,
             Draw draw) {
  { x.now } -> std::same_as<Tick&>;
  { m.initial(theta, draw) } -> std::same_as<typename M::State>;
  // Expects x.now <= until, ensures x.now == until; events at `until` itself have happened.
  { m.advance(x, theta, until, draw) } -> std::same_as<void>;
};

// A model whose State an Action can change. Returns void; a refused action is core::Error.
template <class M, class Action>
concept TakesAction = Model<M> && requires(const M& m, typename M::State& x, const Action& action) {
  { m.act(x, action) } -> std::same_as<void>;
};

// Enough for particle methods: how likely the values y are if x is the truth.
template <class H, class M>
concept Observes = Model<M> &&
    requires(const H& h, const typename M::State& x, std::span<const double> y) {
  { h.log_likelihood(x, y) } -> std::same_as<double>;
};

}  // namespace twin::core
