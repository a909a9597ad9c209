// What came of a recommendation: the gain that it brought, or would have brought, by replaying the fab's
// record with and without it, beside the gain that was promised. The third kind of entry of the trail. A
// promise that nobody compares with what came is worth nothing; learning.hpp counts over these.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "twin/people/lifecycle.hpp"

namespace twin::people {

enum class Became : std::uint8_t {
  CarriedOut,     // what was realised is against a replay without it
  NotCarriedOut,  // rejected, expired or failed: what it would have brought, replayed with it
};
inline constexpr std::array<std::string_view, 2> BecameWords = {"carried-out", "not-carried-out"};
[[nodiscard]] inline std::span<const std::string_view> words(Became /*of*/) { return BecameWords; }

// [any unit] so that sums of squares stay finite.
inline constexpr double GainMax = 1e100;

struct OutcomeEntry {
  std::uint64_t number = 0;  // in the trail
  Digest chain = {};         // of the entry before it
  core::Tick at = 0;         // [ms since 1970]
  std::string id = {};       // of the recommendation
  Became became = Became::CarriedOut;
  core::Tick from = 0, until = 0;         // [ms since 1970] of what was replayed
  std::string objective = {}, unit = {};  // of the gains, as the recommendation has them
  Interval promised = {};                 // [unit] as the recommendation has it
  Interval realised = {};                 // [unit] positive is better; its own uncertainty
  std::string method = {};                // how it was found
  bool inside = false;                    // the realised mean, within the promised interval
  bool operator==(const OutcomeEntry&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "OutcomeEntry";
  static void table(auto& t, auto& self) {
    t("number", self.number, Any, "in the trail, from 0");
    t("chain", self.chain, Any, "digest of the entry before it");
    t("at", self.at, NotNegative, "when, ms since 1970");
    t("id", self.id, AName, "the recommendation");
    t("became", self.became, Any, "whether it was carried out; if not, the gain is what would be");
    t("from", self.from, NotNegative, "replayed from then on, ms since 1970");
    t("until", self.until, NotNegative, "replayed until then, ms since 1970");
    t("objective", self.objective, ALine, "what was to become less");
    t("unit", self.unit, Rule{.longest = 32}, "unit of the gains");
    t("promised", self.promised, Any, "gain that was promised");
    t("realised", self.realised, Any, "gain that came or would have come, by replay");
    t("method", self.method, ALine, "how it was found");
    t("inside", self.inside, Any, "whether the realised mean is within what was promised");
  }
  [[nodiscard]] std::string wrong() const;
};

struct Replayed {  // what a replay has found
  Became became = Became::CarriedOut;
  core::Tick from = 0, until = 0;  // [ms since 1970]
  Interval realised = {};          // [unit of the case's benefit]
  std::string method = {};
};
// The entry for it; its place in the trail is set by People::note.
[[nodiscard]] OutcomeEntry outcome_of(const Case& one, const Replayed& replayed, core::Tick at);

struct Sequel {             // what is kept beside a case, as long as the case is
  core::Tick proposed = 0;  // [ms since 1970]
  Reason rejected = Reason::None;
  std::optional<OutcomeEntry> outcome = {};
  bool operator==(const Sequel&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("proposed", self.proposed);
    archive("rejected", self.rejected);
    archive("outcome", self.outcome);
  }
};

// Why the outcome cannot be this case's; empty: it can. nullptr: there is no such case.
[[nodiscard]] std::string refusal(const Case* one, const Sequel* sequel, const OutcomeEntry& entry);

}  // namespace twin::people
