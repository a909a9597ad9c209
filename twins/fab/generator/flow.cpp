#include "twins/fab/generator/flow.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include "twin/core/expect.hpp"
#include "twins/fab/generator/question.hpp"

namespace twins::fab::generator {
namespace {

constexpr double FrontEndShare = 0.6;  // of the layers
constexpr double Thousandth = 1000.0;

double rounded_flow(double minutes) { return std::round(minutes * Thousandth) / Thousandth; }

// Writes the operations of one layer; each asks its own named questions, so that none depends on
// how many came before.
class LayerWriter {
 public:
  LayerWriter(const twin::core::Draw& draw, std::uint32_t layer, Stage stage)
      : draw_(draw), layer_index_(layer) {
    layer_.stage = stage;
  }

  Layer write() {
    layer_.stage == Stage::FrontEnd ? front_end() : back_end();
    return std::move(layer_);
  }

 private:
  double ask(Question question) { return draw_.uniform(number(question), layer_index_, asked_++); }
  bool chance(double probability) { return ask(Question::Choice) < probability; }
  double between(double low, double high) { return low + (high - low) * ask(Question::Amount); }

  Operation& add(Family family) {
    const Profile& p = profile(family);
    Operation op;
    op.family = family;
    op.minutes = rounded_flow(between(p.minutes_min, p.minutes_max));
    if (p.always < 1.0 && !chance(p.always)) {
      op.sampling = std::round(between(p.sampling_min, p.sampling_max) * 100.0) / 100.0;
    }
    layer_.operations.push_back(op);
    return layer_.operations.back();
  }
  void add_times(Family family, std::uint32_t times) {
    for (std::uint32_t k = 0; k < times; ++k) add(family);
  }
  void maybe(Family family, double probability) {
    if (chance(probability)) add(family);
  }
  // A queue-time window from the last operation so far to the one that comes next.
  void window(double probability, std::initializer_list<double> hours) {
    if (!chance(probability)) return;
    Operation& op = layer_.operations.back();
    op.window_ahead = 1;
    op.window_hours =
        *(hours.begin() +
          static_cast<std::ptrdiff_t>(ask(Question::Amount) * static_cast<double>(hours.size())));
  }

  void litho() {
    maybe(Family::WetEtch, 0.6);
    add(Family::LithoTrack).own_setup = true;
    maybe(Family::LithoTrack, 0.15);
    add(Family::LithoScan).critical = layer_index_ % 3 == 0;
    add(Family::LithoCd);
    Operation& overlay = add(Family::LithoReg);
    if (chance(0.25)) {  // rework: strip and expose again, three steps with the two measurements
      overlay.rework =
          std::round(between(0.5, 1.8) * 10.0) / 10.0 / 100.0;  // whole tenths of a percent
      overlay.rework_back = 2;
      overlay.sampling = 1.0;
    }
  }

  void etch(double more) {
    add(Family::DryEtch);
    maybe(Family::DryEtch, more);
    window(0.3, {1.0, 2.0, 4.0});
    add(Family::WetEtch);
    add(Family::WetEtch);
  }

  void inspect() {
    maybe(Family::LithoCd, 0.35);
    maybe(Family::DefectMet, 0.6);
    if (chance(0.5))
      add(Family::Delay).minutes = 120.0 + 60.0 * std::floor(3.0 * ask(Question::Amount));
  }

  void front_end() {
    const double film = ask(Question::Choice);
    if (film < 0.45) {
      add_times(Family::WetEtch, 2);
      window(0.5, {12.0, 18.0, 24.0});
      add(Family::Diffusion);
      maybe(Family::FilmMet, 0.6);
    } else if (film < 0.75) {
      add(Family::WetEtch);
      window(0.5, {2.0, 4.0, 6.0});
      add(Family::Dielectric);
      if (chance(0.4)) {
        add(Family::Planar);
        window(0.6, {2.0, 3.0});
        add(Family::WetEtch);
      }
      maybe(Family::FilmMet, 0.3);
    } else {
      add(Family::ThinFilm);
      maybe(Family::FilmMet, 0.7);
    }
    maybe(Family::DefectMet, 0.5);
    litho();
    if (chance(0.5)) {
      add_times(Family::Implant, chance(0.4) ? 2 : 1);
      add_times(Family::WetEtch, 2);
      if (chance(0.3)) etch(0.3);
    } else {
      etch(0.6);
    }
    inspect();
  }

  void back_end() {
    add_times(Family::Dielectric, chance(0.4) ? 2 : 1);
    if (chance(0.15)) add(Family::Diffusion);
    add(Family::WetEtch);
    litho();
    etch(0.8);
    if (chance(0.2)) add(Family::Implant);
    window(0.4, {2.0, 4.0, 6.0});
    add_times(Family::ThinFilm, chance(0.5) ? 2 : 1);
    maybe(Family::FilmMet, 0.2);
    if (chance(0.5)) {
      add(Family::Planar);
      window(0.6, {2.0, 3.0});
    }
    add(Family::WetEtch);
    inspect();
  }

  const twin::core::Draw& draw_;
  std::uint32_t layer_index_;
  std::uint32_t asked_ = 0;
  Layer layer_;
};

std::uint32_t size_of(const Layer& layer) {
  return static_cast<std::uint32_t>(layer.operations.size());
}

}  // namespace

std::uint32_t step_count(const Flow& flow, std::uint32_t product) {
  std::uint32_t steps = 0;
  for (const std::uint32_t layer : flow.products[product]) steps += size_of(flow.layers[layer]);
  return steps;
}

Flow make_flow(const FlowOptions& options, const twin::core::Draw& draw) {
  TWIN_EXPECT(options.products > 0 && options.steps_min <= options.steps_max, options.steps_min,
              options.steps_max);
  Flow flow;
  // Front-end layers first, back-end layers after them, until the longest route is as long as it
  // may be.
  std::uint32_t steps = 0;
  for (std::uint32_t k = 0;; ++k) {
    const Stage stage =
        steps < FrontEndShare * options.steps_max ? Stage::FrontEnd : Stage::BackEnd;
    Layer layer = LayerWriter(draw, k, stage).write();
    if (steps + size_of(layer) > options.steps_max) break;
    steps += size_of(layer);
    flow.layers.push_back(std::move(layer));
  }
  // Lengths fall evenly from the longest to near the shortest; each product drops layers in its own
  // order.
  for (std::uint32_t p = 0; p < options.products; ++p) {
    std::vector<std::uint32_t> layers(flow.layers.size());
    for (std::uint32_t k = 0; k < layers.size(); ++k) layers[k] = k;
    const double share = options.products > 1 ? p / (options.products - 1.0) : 0.0;
    const double aim =
        std::max(1.0 * options.steps_min, steps - share * (steps - options.steps_min));
    std::vector<std::uint32_t> order = layers;
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return draw.uniform(number(Question::LeaveOut), a, p) <
             draw.uniform(number(Question::LeaveOut), b, p);
    });
    std::uint32_t length = steps;
    for (const std::uint32_t k : order) {
      if (k == 0 || length - size_of(flow.layers[k]) < aim) continue;
      length -= size_of(flow.layers[k]);
      std::erase(layers, k);
    }
    flow.products.push_back(std::move(layers));
  }
  return flow;
}

}  // namespace twins::fab::generator
