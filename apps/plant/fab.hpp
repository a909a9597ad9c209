// The stand-in for the physical fab: the fab model with parameters that nobody is told, and with
// disturbances that the model does not know. Plant time is a tick; whoever drives it hands it in.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "apps/plant/chance.hpp"
#include "apps/plant/scenario.hpp"
#include "twin/event/event.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/interventions.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/mirror.hpp"
#include "twins/fab/view.hpp"

namespace apps::plant {

// How far the truth lies from the data set: the deviations of the logarithms of theta's
// multipliers, which are drawn by the seed from lognormal laws of median 1.
struct Hidden {
  double process = 0.02;  // per tool group
  double mtbf = 0.1;      // per area
  double mttr = 0.1;      // per area
  double rework = 0.1;    // per area
  double sampling = 0.0;  // per area
  double transport = 0.05;
  static constexpr Hidden nothing() { return {0.0, 0.0, 0.0, 0.0, 0.0, 0.0}; }
};

struct FabOptions {
  std::uint64_t seed = 1;
  std::string rule = "published";
  Hidden hidden = {};
  Scenario scenario = {};
};

// What the twin may tell the plant. Who is asked for a permit, and whether it is given, is the
// link's business: what comes here is obeyed.
struct Command {
  enum class Kind : std::uint8_t {
    Hold,          // lot
    Release,       // lot: from hold
    Priority,      // lot, value: the dispatch order is by priority first
    StartPm,       // tool, item: the calendar's number within the group
    RecipeOffset,  // tool, value [%]: its process times change by that from the next job on
    Rule,          // rule: all queues are ranked by it from now on
  };
  Kind kind = Kind::Hold;
  std::uint32_t lot = twins::fab::None, tool = twins::fab::None, item = 0;
  double value = 0.0;
  std::string rule = {};  // as twins::fab::make_fab takes it

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("kind", self.kind);
    a("lot", self.lot);
    a("tool", self.tool);
    a("item", self.item);
    a("value", self.value);
    a("rule", self.rule);
  }
};

struct Obeyed {
  bool done = false;
  std::string why = {};  // what was done, or why not
};

class Fab {
 public:
  using Receive = twins::fab::LogSink::Receive;

  // Throws twin::core::Error where an option makes no sense. The events count from time zero on.
  Fab(const std::shared_ptr<const twins::fab::Layout>& layout, const FabOptions& options);

  // Runs on to `until` [tick] and hands over the canonical events on the way, in their order: `at`
  // and `arrived` are true times, `source` and `source_seq` those of a log (EventNames). Where the
  // caller pauses does not matter.
  void advance(Tick until, const Receive& receive);
  Fab(const Fab&) = delete;  // its log refers to it
  Fab& operator=(const Fab&) = delete;

  // At once, at now(). Its events come with the next advance.
  Obeyed obey(const Command& command);

  [[nodiscard]] Tick now() const { return x_.now; }
  // By the data set's layout, not by the plant's own: without the hidden future, as a mirror would
  // have it.
  [[nodiscard]] twins::fab::View view() const;
  [[nodiscard]] const twins::fab::State& state() const { return x_; }
  [[nodiscard]] const twins::fab::Layout& layout() const { return *layout_; }  // the plant's own
  [[nodiscard]] const twins::fab::EventNames& names() const { return log_->names(); }
  [[nodiscard]] const twins::fab::AnyFab& model() const { return *fab_; }
  // What is hidden, as it is now: the model's parameters, then a pace a tool (ThetaMap::pace).
  [[nodiscard]] const std::vector<double>& truth() const { return theta_; }
  // [%] by which the process times of a tool were changed (RecipeOffset).
  [[nodiscard]] double recipe_offset(std::uint32_t tool) const {
    return (offset_.at(tool) - 1.0) * 100.0;
  }
  [[nodiscard]] const std::string& rule() const { return rule_; }  // by which it dispatches now

  // All that changes, to be taken up again by a Fab of the same layout and options. Not between a
  // command and the next advance, which tells of it.
  [[nodiscard]] std::vector<std::byte> save() const;
  void load(std::span<const std::byte> bytes);  // throws twin::core::Error

 private:
  struct OnHold {  // by an operator
    std::uint32_t lot = 0;
    Tick until = 0;
    bool operator==(const OnHold&) const = default;
    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("lot", self.lot);
      a("until", self.until);
    }
  };
  Obeyed dispatch_by(const std::string& rule);
  [[nodiscard]] Tick next_change() const;  // the laws are those of now until then
  void set_laws();
  void change();  // what is to happen at now()
  void hold_some_lot(std::size_t who);
  [[nodiscard]] Tick after(Chance what, std::size_t who, std::uint32_t k, Tick mean) const;
  void run(Tick until);  // under the laws of now

  std::shared_ptr<const twins::fab::Layout> nominal_, layout_;
  FabOptions options_;
  std::string rule_;
  std::unique_ptr<twins::fab::AnyFab> fab_;
  twin::core::Draw draw_;
  std::vector<double> hidden_;                // theta as drawn, without what changes
  std::vector<double> theta_;                 // the laws of now: truth()
  std::vector<std::uint32_t> nominal_class_;  // [class of layout_] class of nominal_
  twins::fab::State x_;
  std::vector<double> offset_;        // [tool] factor of RecipeOffset
  std::vector<std::uint32_t> holds_;  // [operator] holds so far
  std::vector<Tick> next_hold_;       // [operator] [tick]
  std::vector<OnHold> on_hold_;
  std::optional<twins::fab::LogSink> log_;
  const Receive* receive_ = nullptr;  // of the advance under way
  bool told_ = true;                  // all that was done is handed over
};

}  // namespace apps::plant
