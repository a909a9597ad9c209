// Commands to try the guard with: each quantity that a check looks at stands at one of its levels, on
// and beside every boundary. Whether all may pass is said by tables of intervals that share nothing
// with the checks but the numbers of the example's limits.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "twin/guard/example.hpp"

namespace twin::guard::scenario {

using core::Tick;

enum Quantity : std::uint8_t {
  Value,
  Move,
  InPlace,
  Unit,
  Tool,
  Action,
  Parameter,
  Recipe,
  Lot,
  Body,
  Expires,
  Believed,
  Health,
  WitnessAge,
  Observer,
  Seal,
  Sight,
  State,
  Conditions,
  Approvers,
  ApprovalAge,
  ApprovalSeal,
  Role,
  Proposer,
  Past,
  From,
  Until,
  Quantities
};
using Levels = std::array<std::uint8_t, Quantities>;  // 0: the one of a good command

constexpr std::int64_t None = INT64_MIN;
// [1e-6 %] limits -5 and 5, moves 0.1 to 2.
inline constexpr std::array<std::int64_t, 14> Values = {
    1'000'000, 5'000'000, 5'000'001, 4'999'999, -5'000'000, -5'000'001, -4'999'999,
    0,         1,         -1,        MicroMax,  -MicroMax,  36'000'000, None};
inline constexpr std::array<std::int64_t, 15> Moves = {
    1'000'000,  2'000'000,  2'000'001,  1'999'999, 100'000, 99'999,      100'001, 0,
    -1'000'000, -2'000'000, -2'000'001, -100'000,  -99'999, 400'000'000, None};
inline constexpr std::array<std::int64_t, 4> Drifts = {0, 1, -1, None};
inline constexpr std::array<Tick, 8> Lives = {60'000, 600'000, 600'001, 1, 0, -1, 599'000, 599'001};
inline constexpr std::array<Tick, 7> Beliefs = {1'000, 60'000, 60'001, 0, -1'000, -1'001, 59'999};
inline constexpr std::array<Tick, 7> Sights = {500, 5'000, 5'001, 0, -1'000, -1'001, 4'999};
inline constexpr std::array<Tick, 9> Ages = {800, 900'000, 900'001, 1'000, 1'001,
                                             0,   -1'000,  -1'001,  999};
inline constexpr std::array<Tick, 4> Begins = {-1'000, 0, 1, -1};
inline constexpr std::array<Tick, 4> Ends = {1'000, 1, 0, 2};

struct History {  // what the ledger holds, in the terms of the rules
  Ledger ledger;
  int of_tool = 0, of_fab = 0;  // within the window
  std::int64_t travel = 0;      // [1e-6 %] of the target within the window
  bool open = false, stopped = false, tool_stopped = false, used = false;
  Tick last = -10'000'000;  // of the tool, relative to now
  Tick ahead = 0;           // how far the clock has been ahead of now
};

struct One {  // a former message
  Tick at;    // relative to now
  const char* tool;
  std::int64_t move;
  const char* what = "done";
  std::uint8_t nonce = 9;
};

inline History past_of(const std::vector<One>& all) {
  History p;
  std::uint8_t nonce = 50;
  for (const One& one : all) {
    Command c = example::offset();
    c.tool = one.tool;
    c.value = Decimal{one.move};
    c.nonce = {};
    c.nonce[15] = one.nonce == 9 ? nonce++ : one.nonce;
    const std::string text = show(c);
    p.ledger.apply({one.what, example::Now + one.at, Bytes(text.begin(), text.end())});
    const bool ours = std::string(one.tool) == "LITHO_01", recent = one.at > -3'600'000;
    p.of_fab += recent ? 1 : 0;
    p.of_tool += recent && ours ? 1 : 0;
    p.travel += recent && ours ? one.move : 0;
    if (ours) p.last = one.at;
  }
  return p;
}

inline const std::vector<History>& pasts() {
  static const std::vector<History> all = [] {
    std::vector<History> p;
    const auto times = [](std::size_t n, const char* tool, Tick at = -100'000) {
      return std::vector<One>(n, One{at, tool, 0});
    };
    p.push_back(past_of({}));
    for (const std::size_t n : {1U, 3U, 4U, 5U}) p.push_back(past_of(times(n, "LITHO_01")));
    for (const std::size_t n : {5U, 6U, 7U}) p.push_back(past_of(times(n, "ETCH_01")));
    for (const std::int64_t travel : {1'000'000, 2'000'000, 2'000'001})
      p.push_back(past_of({{-100'000, "LITHO_01", travel}}));
    p.push_back(past_of({{-100'000, "LITHO_03", 3'000'000}}));
    auto old = times(3, "LITHO_01");
    for (const Tick at : {-3'600'000, -3'599'999, -3'600'001}) {
      old.insert(old.begin(), One{at, "LITHO_01", 2'500'000});
      p.push_back(past_of(old));
      old.erase(old.begin());
    }
    for (const Tick at : {-1'500, -1'501, -1'499}) p.push_back(past_of({{at, "LITHO_01", 0}}));
    p.push_back(past_of({{-1'500, "LITHO_03", 0}}));
    p.push_back(past_of({{-100'000, "LITHO_01", 0, "granted"}}));
    p.back().open = true;
    p.push_back(past_of({{-100'000, "ETCH_01", 0, "granted"}}));
    p.push_back(past_of({{-100'000, "ETCH_01", 0, "done", 1}}));
    p.back().used = true;
    p.push_back(past_of({}));
    p.back().ledger.apply({"stopped", example::Now - 5, {}});
    p.back().stopped = true;
    for (const char* tool : {"LITHO_01", "ETCH_01"}) {
      p.push_back(past_of({{-100'000, tool, 0, "granted", 40}}));
      Bytes nonce(16);
      nonce[15] = 40;
      p.back().ledger.apply({"failed", example::Now - 50'000, nonce});
      p.back().tool_stopped = std::string(tool) == "LITHO_01";
    }
    for (const Tick ahead : {1'000, 1'001, 59'000}) {
      p.push_back(past_of({}));
      p.back().ahead = ahead;
      p.back().ledger.saw(example::Now + ahead);
    }
    return p;
  }();
  return all;
}

inline std::size_t count_of(Quantity q) {
  static const std::array<std::size_t, Quantities> counts = {Values.size(),
                                                             Moves.size(),
                                                             Drifts.size(),
                                                             4,
                                                             4,
                                                             4,
                                                             3,
                                                             2,
                                                             2,
                                                             5,
                                                             Lives.size(),
                                                             Beliefs.size(),
                                                             3,
                                                             Sights.size(),
                                                             3,
                                                             2,
                                                             6,
                                                             5,
                                                             7,
                                                             10,
                                                             Ages.size(),
                                                             3,
                                                             2,
                                                             4,
                                                             pasts().size(),
                                                             Begins.size(),
                                                             Ends.size()};
  return counts[q];
}

struct Tried {
  Request request;
  Limits limits;  // with their validity
  const Ledger* ledger = nullptr;
};

// The request of these levels, made without the guard's reader. A signature is true where its first byte
// is the key's.
inline void make(const Levels& l, Tried& t) {
  using example::Now;
  static const Command base = example::with_bytes(example::offset());
  static const std::array<Approval, 7> signers = [] {
    std::array<Approval, 7> s;
    const std::array<std::pair<const char*, std::uint8_t>, 7> who = {
        {{"alice", 3}, {"bob", 4}, {"carl", 5}, {"dora", 6}, {"zoe", 3}, {"alice", 3}, {"mes", 7}}};
    for (std::size_t k = 0; k < s.size(); ++k) {
      s[k].person = who[k].first;
      s[k].signature[0] = who[k].second;
    }
    return s;
  }();
  static const std::array<std::vector<std::size_t>, 10> sets = {
      {{0, 1}, {0}, {}, {0, 5}, {0, 2}, {0, 4}, {0, 1, 3}, {3, 1}, {0, 1, 3, 5}, {0, 6}}};
  static constexpr std::array<const char*, 4> Units = {"%", nullptr, "degC", "%%"};
  static constexpr std::array<const char*, 4> Tools = {"LITHO_01", "LITHO_02", "litho_01", "*"};
  static constexpr std::array<const char*, 4> Actions = {"offset", "hold", "offset2", "resume"};
  static constexpr std::array<const char*, 3> Parameters = {"PERCENT", nullptr, "PERCEN"};
  static constexpr std::array<const char*, 5> States = {"IDLE", "STANDBY", "PROCESSING", "idle",
                                                        "IDL"};
  static const std::array<Names, 7> conditions = {{{},
                                                   {"door_open"},
                                                   {"interlock"},
                                                   {"pm"},
                                                   {"door_open", "hold"},
                                                   {"hold", "door_open"},
                                                   {"door"}}};
  static constexpr std::array<const char*, 4> Proposers = {"twin", "alice", "bob", "dora"};
  static constexpr std::array<const char*, 3> Healths = {"ok", "degraded", "OK"};
  const auto word = [](const char* text) {
    return text == nullptr ? std::optional<std::string>() : std::optional<std::string>(text);
  };
  Command& c = t.request.command;
  c = base;
  const std::int64_t value = Values[l[Value]], move = Moves[l[Move]];
  const std::int64_t from = (value == None ? 0 : value) - (move == None ? 0 : move);
  c.value = value == None ? std::optional<Decimal>() : Decimal{value};
  c.from = move == None ? std::optional<Decimal>() : Decimal{from};
  c.unit = word(Units[l[Unit]]);
  c.tool = Tools[l[Tool]];
  c.action = Actions[l[Action]];
  c.parameter = word(Parameters[l[Parameter]]);
  if (l[Recipe] != 0) c.recipe = "R1";
  if (l[Lot] != 0) c.lot = "L1";
  c.health = Healths[l[Health]];
  c.proposer = Proposers[l[Proposer]];
  c.believed = Now - Beliefs[l[Believed]];
  c.expires = Now + Lives[l[Expires]];
  // The bytes that belong to it, put together by hand: S2F41 {RCMD, {{TOOL, tool}, {parameter, value}}}.
  Bytes& b = c.bytes;
  b = {2, 41, 1, 2, 0x41, 13};
  const auto text = [&](std::string_view word_) {
    b.insert(b.end(), {0x41, static_cast<std::uint8_t>(word_.size())});
    b.insert(b.end(), word_.begin(), word_.end());
  };
  b.resize(4);
  text("RECIPE_OFFSET");
  b.insert(b.end(), {1, 2, 1, 2});
  text("TOOL");
  text(c.tool);
  b.insert(b.end(), {1, 2});
  text(c.parameter.value_or(""));
  const double number = static_cast<double>(l[Body] == 3 ? value + 1 : value) / 1e6;
  std::uint64_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  b.insert(b.end(), {0x81, 8});
  for (int shift = 56; shift >= 0; shift -= 8)
    b.push_back(static_cast<std::uint8_t>(bits >> shift));
  if (l[Body] == 1) b[7] ^= 1U;
  if (l[Body] == 2) b.pop_back();
  if (l[Body] == 4) b.clear();

  t.request.approvals.clear();
  for (const std::size_t k : sets[l[Approvers]]) {
    Approval a = signers[k];
    a.at = Now - (t.request.approvals.empty() ? Ages[l[ApprovalAge]] : Tick{700});
    a.role = l[Role] == 0 ? "approver" : "admin";
    if (l[ApprovalSeal] == 1 && t.request.approvals.empty()) a.signature[0] ^= 1U;
    if (l[ApprovalSeal] == 2 && t.request.approvals.size() == 1) a.signature[0] = 3;  // alice's
    t.request.approvals.push_back(a);
  }
  Witness& w = t.request.witness.emplace();
  static constexpr std::array<const char*, 3> Observers = {"mes", "alice", "scada"};
  w.observer = Observers[l[Observer]];
  w.signature[0] = l[Seal] == 0 ? 7 : 8;
  w.tool = c.tool;
  w.lot = c.lot;
  w.recipe = c.recipe;
  w.parameter = c.parameter;
  w.unit = c.unit;
  w.at = Now - Sights[l[WitnessAge]];
  w.state = States[l[State]];
  w.conditions = conditions[l[Conditions]];
  const std::int64_t drift = Drifts[l[InPlace]];
  w.value = drift == None || move == None ? std::optional<Decimal>() : Decimal{from + drift};
  if (l[Sight] == 1) w.tool = "LITHO_03";
  if (l[Sight] == 2) w.lot = "L9";
  if (l[Sight] == 3) w.recipe = "R9";
  if (l[Sight] == 4) w.parameter = "OTHER";
  if (l[Sight] == 5) t.request.witness.reset();
  t.ledger = &pasts()[l[Past]].ledger;
  t.limits.from = Now + Begins[l[From]];
  t.limits.until = Now + Ends[l[Until]];
}

inline bool marked(const PublicKey& key, std::string_view /*text*/, const Signature& signature) {
  return key[0] == signature[0];
}
inline Why verdict(const Tried& t) {
  Case c{t.limits, *t.ledger, t.request, example::Now, marked};
  return judge(c);
}

// Whether it may pass: every number within its interval, every word among its words.
inline bool may_pass(const Levels& l) {
  struct Interval {
    std::int64_t least, is, most;
  };
  const auto& past = pasts()[l[Past]];
  const std::int64_t value = Values[l[Value]], move = Moves[l[Move]];
  constexpr std::int64_t Most =
      std::numeric_limits<std::int64_t>::max();  // the least has no opposite
  const std::int64_t moved = move < 0 ? -std::max(move, -Most) : move;
  const Tick belief = Beliefs[l[Believed]], sight = Sights[l[WitnessAge]];
  const bool has_approvals = l[Approvers] != 2;
  const Tick approval = has_approvals ? Ages[l[ApprovalAge]] : 0;
  const std::array intervals = {
      Interval{-5'000'000, value, 5'000'000},
      Interval{100'000, moved, 2'000'000},
      Interval{0, past.travel + moved, 3'000'000},
      Interval{-1'000, belief, 60'000},
      Interval{-1'000, sight, 5'000},
      Interval{past.last + 1'000 + 1, -sight, 1'000},
      Interval{-1'000, approval, std::min<Tick>(900'000, belief)},
      Interval{700, belief, INT64_MAX},  // the second approval came 700 ms ago
      Interval{1, Lives[l[Expires]] - past.ahead, 600'000},
      Interval{0, past.ahead, 1'000},
      Interval{0, past.of_tool, 3},
      Interval{0, past.of_fab, 5},
      Interval{INT64_MIN, Begins[l[From]], 0},
      Interval{1, Ends[l[Until]], INT64_MAX},
      Interval{0, Drifts[l[InPlace]], 0},
  };
  for (const Interval& i : intervals) {
    if (i.is < i.least || i.is > i.most) return false;
  }
  // The levels that are good, of quantities that are words.
  static const std::array<std::pair<Quantity, std::vector<int>>, 18> words = {
      {{Unit, {0}},
       {Tool, {0}},
       {Action, {0}},
       {Parameter, {0}},
       {Recipe, {0}},
       {Lot, {0}},
       {Body, {0}},
       {Health, {0}},
       {Observer, {0}},
       {Seal, {0}},
       {Sight, {0}},
       {State, {0, 1}},
       {Conditions, {0, 1}},
       {Approvers, {0, 6, 7}},
       {ApprovalSeal, {0}},
       {Role, {0}},
       {Proposer, {0, 1, 2, 3}},
       {Value, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}}};
  for (const auto& [quantity, good] : words) {
    if (std::ranges::find(good, int{l[quantity]}) == good.end()) return false;
  }
  // Who proposed is not among those who approved.
  static const std::array<std::vector<int>, 10> approved_by = {
      {{1, 2}, {}, {}, {}, {}, {}, {1, 2, 3}, {3, 2}, {}, {}}};
  if (std::ranges::count(approved_by[l[Approvers]], int{l[Proposer]}) != 0) return false;
  return !past.open && !past.stopped && !past.tool_stopped && !past.used;
}

}  // namespace twin::guard::scenario
