// Who reads the plant's tools for the guard: a source of its own, with a key of its own, that can command nothing.
// It signs what it sees (docs/guard.md), so that neither a twin nor its belief vouches for what a tool does.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "apps/guard/conduit.hpp"
#include "apps/plant/site.hpp"
#include "twin/guard/command.hpp"

namespace apps::plant {

// What is asked of it: fabtwin-observer look 1, and these lines.
struct Look {
  std::string action, tool;
  std::optional<std::string> lot, recipe, parameter, unit;
  static void fields(auto& a, auto& self) {
    a("class", self.action);
    a("tool", self.tool);
    a("lot", self.lot);
    a("recipe", self.recipe);
    a("parameter", self.parameter);
    a("unit", self.unit);
  }
};
struct Sight {
  std::string state;                          // of the tool, as E10 has it
  twin::guard::Names conditions = {};         // what else holds: held, pm, down
  std::optional<twin::guard::Decimal> value;  // in place, of what the class sets
};
using Seen = std::variant<Sight, std::string>;  // or why it sees nothing

// Of the plant as it is now: a tool's E10 state; pm and down of it, held of the lot; the lot's priority, the tool's
// recipe offset.
[[nodiscard]] Seen sight_of(const Fab& fab, const Look& look);

class Observer {
 public:
  struct Options {
    std::string name = "mes";  // as the guard's limits have it
    twin::guard::Seed seed{};
    std::function<Seen(const Look&)> see;
    std::function<Tick()> now_ms = guard::now_ms;  // [ms since 1970] the guard's clock
  };
  // Listens at once. twin::core::Error where it cannot.
  Observer(const std::string& socket, Options options);
  void turn();  // answers who has asked, and waits for nobody

  // "witness ...", or "refused WHY".
  [[nodiscard]] std::string answer(std::string_view question) const;

 private:
  Options options_;
  guard::Descriptor listening_;
  std::vector<guard::Descriptor> callers_;  // the longest silent first
};

}  // namespace apps::plant
