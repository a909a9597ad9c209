// What was learned as people and programs read it: counts, shares with their bounds, and nothing where there
// was no case. Tables like the others, so that the API's schema follows from them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twin/people/learning.hpp"
#include "twin/people/table.hpp"

namespace twin::people {

struct Portion {
  std::uint64_t count = 0, of = 0;
  std::optional<double> share = {}, low = {}, high = {};  // none: of is 0
  bool operator==(const Portion&) const = default;
  static constexpr const char* Name = "Portion";
  static void table(auto& t, auto& self) {
    t("count", self.count, Any, "how many");
    t("of", self.of, Any, "of how many");
    t("share", self.share, Share, "count / of");
    t("low", self.low, Share, "lower 95 % bound of the share (Wilson)");
    t("high", self.high, Share, "upper 95 % bound of the share (Wilson)");
  }
};
[[nodiscard]] Portion portion(std::uint64_t count, std::uint64_t of);

struct ReasonCount {
  Step step = Step::Reject;
  Reason reason = Reason::None;
  std::uint64_t count = 0;
  bool operator==(const ReasonCount&) const = default;
  static constexpr const char* Name = "ReasonCount";
  static void table(auto& t, auto& self) {
    t("step", self.step, Any, "what was done");
    t("reason", self.reason, Any, "why");
    t("count", self.count, Any, "how often");
  }
};

struct MeasureView {
  std::string objective = {}, unit = {};
  std::uint64_t count = 0;
  std::optional<double> bias = {}, bias_error = {};
  std::optional<double> slope = {}, slope_error = {};
  bool operator==(const MeasureView&) const = default;
  static constexpr const char* Name = "Measure";
  static void table(auto& t, auto& self) {
    t("objective", self.objective, ALine, "what was to become less");
    t("unit", self.unit, Rule{.longest = 32}, "unit of the bias");
    t("count", self.count, Any, "outcomes");
    t("bias", self.bias, Any, "mean of realised - promised; negative: too much is promised");
    t("bias_error", self.bias_error, Any, "its standard error");
    t("slope", self.slope, Any, "of realised on promised through zero; 1: as promised");
    t("slope_error", self.slope_error, Any, "its standard error");
  }
};

struct ResponseRow {
  Response response = Response::Followed;
  std::uint64_t helped = 0, harmed = 0, unclear = 0;
  bool operator==(const ResponseRow&) const = default;
  static constexpr const char* Name = "ResponseRow";
  static void table(auto& t, auto& self) {
    t("response", self.response, Any, "what people did");
    t("helped", self.helped, Any, "cases in which it helped or would have");
    t("harmed", self.harmed, Any, "cases in which it harmed or would have");
    t("unclear", self.unclear, Any, "cases whose realised interval holds zero");
  }
};

struct TallyView {
  std::optional<std::string> kind = {};  // none: of all
  std::uint64_t proposed = 0, edited = 0, approved = 0, unvetoed = 0, rejected = 0, expired = 0;
  std::uint64_t sent = 0, acknowledged = 0, verified = 0, failed = 0, undone = 0;
  Portion accepted = {};
  std::optional<core::Tick> wait_median_ms = {}, wait_p90_ms = {};
  std::vector<ReasonCount> reasons = {};
  Portion held = {};
  std::optional<double> nominal = {};
  std::vector<MeasureView> measures = {};
  std::vector<ResponseRow> reliance = {};
  Portion over_reliance = {}, under_reliance = {};
  bool operator==(const TallyView&) const = default;
  static constexpr const char* Name = "Tally";
  static void table(auto& t, auto& self) {
    t("kind", self.kind, AName, "class of action; none: all");
    t("proposed", self.proposed, Any, "cases");
    t("edited", self.edited, Any, "cases that were edited");
    t("approved", self.approved, Any, "cases that were approved");
    t("unvetoed", self.unvetoed, Any, "of these, since nobody said no");
    t("rejected", self.rejected, Any, "cases that were rejected, some after their approval");
    t("expired", self.expired, Any, "cases that expired");
    t("sent", self.sent, Any, "cases handed on or carried out by hand");
    t("acknowledged", self.acknowledged, Any, "cases acknowledged");
    t("verified", self.verified, Any, "cases verified");
    t("failed", self.failed, Any, "cases that failed");
    t("undone", self.undone, Any, "cases that were undone");
    t("accepted", self.accepted, Any, "approved by persons, of those that persons decided");
    t("wait_median_ms", self.wait_median_ms, Any, "from proposal to decision, to 1/16, ms");
    t("wait_p90_ms", self.wait_p90_ms, Any, "nine in ten were decided by then, to 1/16, ms");
    t("reasons", self.reasons, Rule{.many = 200}, "steps by their reason");
    t("held", self.held, Any, "realised means within the promised interval, of outcomes");
    t("nominal", self.nominal, Share, "share that should be: mean of the promised shares");
    t("measures", self.measures, Any, "promised and realised gains, an objective a row");
    t("reliance", self.reliance, Any, "what people did by what it brought or would have");
    t("over_reliance", self.over_reliance, Any, "followed, of the harmful that persons decided");
    t("under_reliance", self.under_reliance, Any, "overruled, of the helpful that persons decided");
  }
};
[[nodiscard]] TallyView view_of(const Tally& tally, const std::optional<std::string>& kind = {});

struct LearningView {
  TallyView all = {};
  std::vector<TallyView> classes = {};
  bool operator==(const LearningView&) const = default;
  static constexpr const char* Name = "Learning";
  static void table(auto& t, auto& self) {
    t("all", self.all, Any, "all recommendations");
    t("classes", self.classes, Rule{.many = ClassesMax}, "those of each class of action");
  }
};
[[nodiscard]] LearningView view_of(const Learning& learning);

[[nodiscard]] std::string learning_json(const Learning& learning);

}  // namespace twin::people
