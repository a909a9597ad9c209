// A fab whose dispatching rule was chosen by name: one virtual call a batch of events, none an event.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/draw.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/rules/beside.hpp"
#include "twins/fab/rules/rule.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

class LogSink;
namespace forecast {
class Sightings;
}

class AnyFab {
 public:
  virtual ~AnyFab() = default;
  [[nodiscard]] virtual const Layout& layout() const = 0;
  [[nodiscard]] virtual State initial(std::span<const double> theta,
                                      twin::core::Draw draw) const = 0;
  virtual void advance(State& x, std::span<const double> theta, Tick until,
                       twin::core::Draw draw) const = 0;
  // The same run, its events told to the log. The log ends at `until` and can be read up to there.
  virtual void advance(State& x, std::span<const double> theta, Tick until, twin::core::Draw draw,
                       LogSink& log) const = 0;
  // The same run, watched by a forecast.
  virtual void advance(State& x, std::span<const double> theta, Tick until, twin::core::Draw draw,
                       forecast::Sightings& sightings) const = 0;
  // The rank key of a lot that joins its queue now; smaller first.
  [[nodiscard]] virtual double queue_key(const Lot& lot, Tick now) const = 0;
  [[nodiscard]] virtual const Beside& beside() const = 0;  // what stands beside the rule
};

// rule: a name, or a name with parameters "atcs:k1=2,k2=0.5". For any rule: those of rules/dispatching.hpp,
// rules/release_control.hpp, rules/qualification.hpp and rules/group_plan.hpp, "spt:setups=avoid,batch=mcb",
// "cr:conwip=60", "fifo:not.etch#2=part_3". "published" becomes the plain rule where all groups agree.
// Throws twin::core::Error, with the nearest name, where there is no such rule or parameter.
std::unique_ptr<AnyFab> make_fab(std::shared_ptr<const Layout> layout,
                                 std::string_view rule = "published");

// The layout options that the rule needs: queue lines by setup for rules that weigh setups.
LayoutOptions with_rule(LayoutOptions options, std::string_view rule);

std::vector<RuleName> rule_names();
std::vector<std::string> rule_parameters(std::string_view rule);  // "k1 = 2"

}  // namespace twins::fab
