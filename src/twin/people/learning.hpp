// What people did with recommendations and what came of it, counted: a fold over decisions and outcomes, of
// each class of action and of all. It stays when a case is forgotten. Says whether promises hold, how fast
// people decide, and whether they follow advice when it is good and overrule it when it is bad.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "twin/core/containers.hpp"
#include "twin/people/outcome.hpp"
#include "twin/people/promises.hpp"
#include "twin/people/waits.hpp"

namespace twin::people {

enum class Response : std::uint8_t {
  Followed,   // approved by persons, and handed on
  Unvetoed,   // handed on since nobody said no
  Overruled,  // rejected
  Lapsed,     // expired, superseded or withdrawn: nobody judged it
};
inline constexpr std::array<std::string_view, 4> ResponseWords = {"followed", "unvetoed",
                                                                  "overruled", "lapsed"};
[[nodiscard]] inline std::span<const std::string_view> words(Response /*of*/) {
  return ResponseWords;
}
// Of a case of which something has come.
[[nodiscard]] Response response_of(const Case& one, const Sequel& sequel);

enum class Effect : std::uint8_t {
  Helped,   // it did or would have: the realised interval lies above zero
  Harmed,   // below
  Unclear,  // the interval holds zero
};
[[nodiscard]] Effect effect_of(const Interval& realised);

// Appropriate reliance: good advice followed, bad advice overruled (after M. Schemmer et al., "Appropriate Reliance
// on AI Advice", IUI 2023; they know what a person would have decided without advice, which nobody records here, so
// the shares are of what was advised).
struct Reliance {
  std::array<std::array<std::uint64_t, 3>, 4> cases{};  // [Response][Effect]
  [[nodiscard]] std::uint64_t of(Response response, Effect effect) const {
    return cases[static_cast<std::size_t>(response)][static_cast<std::size_t>(effect)];
  }
  bool operator==(const Reliance&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("cases", self.cases);
  }
};

struct Measure {  // gains that can be added up
  std::string objective = {}, unit = {};
  Gains gains = {};
  bool operator==(const Measure&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("objective", self.objective);
    archive("unit", self.unit);
    archive("gains", self.gains);
  }
};

struct Turn {  // a decision, and the case before and after it
  const DecisionEntry& entry;
  const Case* before;  // nullptr: it is proposed
  const Case& now;
  core::Tick proposed = 0;  // [ms since 1970]
};

struct Tally {
  std::array<std::uint64_t, StageWords.size()>
      reached{};               // [Stage] cases; no stage is come to twice
  std::uint64_t unvetoed = 0;  // of those approved: by the twin, since nobody said no
  std::map<std::pair<Step, Reason>, std::uint64_t> reasons = {};  // steps that had one
  Waits waits = {};            // from the proposal until persons approved or rejected it
  std::uint64_t accepted = 0;  // of those waits: approved
  Held held = {};
  std::vector<Measure> measures = {};  // at most MeasuresMax, as they came
  Reliance reliance = {};

  [[nodiscard]] std::uint64_t at(Stage stage) const {
    return reached[static_cast<std::size_t>(stage)];
  }
  void decided(const Turn& turn);
  void came(Response response, const OutcomeEntry& outcome);

  bool operator==(const Tally&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("reached", self.reached);
    archive("unvetoed", self.unvetoed);
    archive("reasons", self.reasons);
    archive("waits", self.waits);
    archive("accepted", self.accepted);
    archive("held", self.held);
    archive("measures", self.measures);
    archive("reliance", self.reliance);
  }
};
// Beyond so many objectives of one class, or classes, a new one counts among all and by its intervals alone.
inline constexpr std::size_t MeasuresMax = 16, ClassesMax = 64;

class Learning {
 public:
  void decided(const Turn& turn);
  void came(const Case& one, const Sequel& sequel);  // its outcome is there

  [[nodiscard]] const Tally& all() const { return all_; }
  [[nodiscard]] const std::map<std::string, Tally>& classes() const { return classes_; }

  bool operator==(const Learning&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("all", self.all_);
    archive("classes", self.classes_);
  }

 private:
  Tally* find(const std::string& kind);  // nullptr: there are too many

  Tally all_;
  std::map<std::string, Tally> classes_;  // by class of action
};

}  // namespace twin::people
