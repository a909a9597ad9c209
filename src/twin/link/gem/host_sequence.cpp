// The start-up sequence: what is asked in which order, and what each answer means. A tool that does
// not know a step (SxF0, S9, no answer) is gone on with; one that denies it is told of.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "twin/link/gem/host.hpp"
#include "twin/link/secs/codec.hpp"

namespace twin::link::gem {

using secs::Item;
using secs::Message;
using tool::Role;

namespace {

constexpr std::size_t HostSequenceSingleBlock =
    244;                          // [bytes] of a body that SECS-I sends in one block
constexpr Tick CrossingMs = 500;  // until a tool that said S1F1 is on-line

Message asking(int stream, int function, std::optional<Item> body = {}) {
  return secs::primary(stream, function, secs::Reply::Wanted, std::move(body));
}

// DSPER: "hhmmss", or "hhmmsscc" where there are hundredths.
std::string period_text(Tick ms) {
  const Tick s = ms / 1'000;
  std::string text = fmt::format("{:02}{:02}{:02}", s / 3'600, s / 60 % 60, s % 60);
  if (ms % 1'000 != 0) text += fmt::format("{:02}", ms % 1'000 / 10);
  return text;
}

Item id_item(secs::Kind kind, const secs::Key& key) { return *secs::item_of(kind, key); }

}  // namespace

Item Host::definitions() const {
  const auto& d = model_->description;
  Item all = secs::list();
  for (const auto& report : d.reports) {
    Item variables = secs::list();
    for (const std::uint32_t v : report.variables) {
      variables.add(id_item(d.formats.vid, d.variables[v].id));
    }
    all.add(secs::list(id_item(d.formats.rptid, report.id), std::move(variables)));
  }
  return secs::list(id_item(d.formats.dataid, 0), std::move(all));
}

Item Host::links(bool unlink) const {
  const auto& d = model_->description;
  Item all = secs::list();
  for (const auto& event : d.events) {
    if (event.reports.empty()) continue;
    Item reports = secs::list();
    for (const std::uint32_t r : event.reports) {
      if (!unlink) reports.add(id_item(d.formats.rptid, d.reports[r].id));
    }
    all.add(secs::list(id_item(d.formats.ceid, event.id), std::move(reports)));
  }
  return secs::list(id_item(d.formats.dataid, 0), std::move(all));
}

Item Host::enabled_events() const {
  const auto& d = model_->description;
  Item events = secs::list();
  for (const auto& event : d.events) events.add(id_item(d.formats.ceid, event.id));
  return secs::list(secs::boolean(true), std::move(events));
}

Message Host::trace_message(std::size_t k) const {
  const auto& d = model_->description;
  const auto& trace = d.traces[k];
  Item variables = secs::list();
  for (const auto& signal : trace.signals) {
    variables.add(id_item(d.formats.vid, d.variables[signal.variable].id));
  }
  return asking(
      2, 23,
      secs::list(id_item(d.formats.trid, trace.id), secs::ascii(period_text(trace.period_ms)),
                 secs::u4(trace.samples), secs::u4(trace.group), std::move(variables)));
}

// The message of the step at hand; nothing: it is left out.
std::optional<Message> Host::step_message() {
  const auto& d = model_->description;
  const bool configures = may_configure();
  const bool defines = configures && redefine_ && !d.reports.empty();
  const bool discovers = options_.discovery == Discovery::Ask;
  const auto multiblock = [&](const Item& body) -> std::optional<Message> {
    const std::size_t bytes = secs::encoded_size(body);
    if (!defines || options_.multiblock == Multiblock::Never || bytes <= HostSequenceSingleBlock)
      return {};
    return asking(2, 39, secs::list(id_item(d.formats.dataid, 0), secs::u4(bytes)));
  };
  switch (step_) {
    case Step::GoOnline: return asking(1, configures ? 17 : 1);
    case Step::NameStatus:
      return discovers ? std::optional(asking(1, 11, secs::list())) : std::nullopt;
    case Step::NameDiscrete:
      return discovers ? std::optional(asking(1, 21, secs::list())) : std::nullopt;
    case Step::NameEvents:
      return discovers ? std::optional(asking(1, 23, secs::list())) : std::nullopt;
    case Step::NameConstants:
      return discovers ? std::optional(asking(2, 29, secs::list())) : std::nullopt;
    case Step::NameAlarms:
      return discovers ? std::optional(asking(5, 5, secs::list())) : std::nullopt;
    case Step::ReadClock: return asking(2, 17);
    case Step::Verify:
      if (!configures || redefine_ || d.reports.empty()) return std::nullopt;
      return asking(6, 19, id_item(d.formats.rptid, d.reports.back().id));
    case Step::Disable:
      if (!defines) return std::nullopt;
      return asking(2, 37, secs::list(secs::boolean(false), secs::list()));
    case Step::AskUnlink: return multiblock(links(true));
    case Step::Unlink: return defines ? std::optional(asking(2, 35, links(true))) : std::nullopt;
    case Step::Delete:
      if (!defines) return std::nullopt;
      return asking(2, 33, secs::list(id_item(d.formats.dataid, 0), secs::list()));
    case Step::AskDefine: return multiblock(definitions());
    case Step::Define: return defines ? std::optional(asking(2, 33, definitions())) : std::nullopt;
    case Step::AskLink: return multiblock(links(false));
    case Step::Link: return defines ? std::optional(asking(2, 35, links(false))) : std::nullopt;
    case Step::Enable:
      if (!configures || d.events.empty()) return std::nullopt;
      return asking(2, 37, enabled_events());
    case Step::EnableAlarms:
      if (!configures || d.alarms.empty() || part_ > d.alarms.size()) return std::nullopt;
      // All at once; where the tool does not know that, one by one.
      return asking(5, 3,
                    secs::list(secs::binary(0x80),
                               part_ == 0 ? Item(d.formats.alid, {})
                                          : id_item(d.formats.alid, d.alarms[part_ - 1].id)));
    case Step::StartTraces:
      if (!configures || part_ >= d.traces.size()) return std::nullopt;
      return trace_message(part_);
    case Step::Snapshot: {
      if (snapshot_.empty()) return std::nullopt;
      Item variables = secs::list();
      for (const std::uint32_t v : snapshot_) {
        variables.add(id_item(d.formats.vid, d.variables[v].id));
      }
      return asking(1, 3, std::move(variables));
    }
    case Step::Unspool: return asking(6, 23, secs::u1(0));
    case Step::Done: break;
  }
  return std::nullopt;
}

void Host::next_step() {
  step_ = static_cast<Step>(static_cast<int>(step_) + 1);
  part_ = 0;
}

void Host::deny(const Message& reply, std::uint64_t code, Tick now) {
  Message denied = reply;
  denied.function = static_cast<std::uint8_t>(asked_.function);
  tell({.what = News::What::Denied, .at = now, .code = code, .message = std::move(denied)});
}

// Tried again; soon, where the tool has just said that it is about to go on-line.
void Host::stays_offline(Tick now) {
  if (std::exchange(coming_online_, false)) {
    retry_at_ = now + CrossingMs;
    return;
  }
  retry_at_ = now + options_.retry_ms;
  enter(Phase::Offline, now);
}

void Host::step_answered(const Message& reply, std::vector<std::uint8_t> frame, Tick now) {
  const auto code = reply.body ? reply.body->as_u64() : std::nullopt;
  switch (step_) {
    case Step::GoOnline:
      if (asked_.function == 17 && code != 0U && code != 2U) {
        if (!coming_online_) deny(reply, code.value_or(255), now);
        return stays_offline(now);
      }
      break;
    case Step::NameStatus:
    case Step::NameDiscrete:
    case Step::NameEvents:
    case Step::NameConstants:
    case Step::NameAlarms: compare(reply, now); break;
    case Step::ReadClock: {
      const auto text = reply.body ? reply.body->as_text() : std::nullopt;
      const auto clock =
          text ? tool::parse_clock(*text, model_->description.utc_offset_minutes) : std::nullopt;
      if (clock) {
        tell({.what = News::What::Clock, .at = now, .asked = asked_at_, .clock = *clock});
      } else {
        tell({.what = News::What::Difference, .at = now, .text = "S2F18 holds no time"});
      }
      break;
    }
    case Step::Verify: {
      const auto& variables = model_->description.reports.back().variables;
      const bool kept =
          reply.body && reply.body->is_list() && reply.body->count() == variables.size();
      redefine_ = !kept;
      if (!kept) memory_.defined = 0;
      break;
    }
    case Step::Disable:
    case Step::AskUnlink:
    case Step::Unlink:
    case Step::Delete:
    case Step::AskDefine:
    case Step::AskLink:
      if (code != 0U) deny(reply, code.value_or(255), now);
      break;
    case Step::Define:
    case Step::Link:
    case Step::Enable:
      if (code != 0U) {
        definitions_ok_ = false;
        memory_.defined = 0;
        deny(reply, code.value_or(255), now);
      }
      break;
    case Step::EnableAlarms:
      if (part_ == 0 && code == 0U) break;  // all at once
      if (code != 0U && part_ != 0) deny(reply, code.value_or(255), now);
      ++part_;
      return;
    case Step::StartTraces:
      if (code != 0U) deny(reply, code.value_or(255), now);
      ++part_;
      return;
    case Step::Snapshot: {
      const auto v = model_->description.variable(Role::ControlState);
      const auto at = std::ranges::find(snapshot_, v);
      const Item* state = at == snapshot_.end()
                              ? nullptr
                              : reply.at(static_cast<std::size_t>(at - snapshot_.begin()));
      const auto number = state == nullptr ? std::nullopt : state->as_u64();
      if (number && *number >= 1 && *number <= 5) control_ = static_cast<Control>(*number);
      tell({.what = News::What::Snapshot, .at = now, .message = reply, .frame = std::move(frame)});
      break;
    }
    case Step::Unspool: {
      refused_ = false;
      const bool more = code == 0U || code == 1U;
      spool_at_ = now + (more ? options_.spool_again_ms : options_.spool_poll_ms);
      break;
    }
    case Step::Done: return;
  }
  next_step();
}

void Host::step_failed(hsms::Why why, Tick now) {
  if (step_ == Step::GoOnline && asked_.function == 1 && why == hsms::Why::Aborted) {
    return stays_offline(now);  // S1F0: it is off-line, and we may not bring it on-line
  }
  const bool unknown = why == hsms::Why::Aborted || why == hsms::Why::Complained ||
                       why == hsms::Why::Rejected || why == hsms::Why::ReplyTimeout;
  if (unknown) {
    unsupported_.emplace_back(asked_.stream, asked_.function);
    tell({.what = News::What::Unsupported, .at = now, .why = why, .message = asked_});
  }
  switch (step_) {
    case Step::Verify:  // it cannot be asked: all is defined anew
      redefine_ = true;
      break;
    case Step::Define:
    case Step::Link:
    case Step::Enable:
      definitions_ok_ = false;
      memory_.defined = 0;
      break;
    case Step::EnableAlarms:
    case Step::StartTraces: ++part_; return;
    default: break;
  }
  next_step();
}

// What the tool says it has, beside what its file says.
void Host::compare(const Message& reply, Tick now) {
  const auto& d = model_->description;
  const auto differs = [&](std::string text) {
    tell({.what = News::What::Difference, .at = now, .text = std::move(text)});
  };
  if (!reply.body || !reply.body->is_list()) return differs(secs::name_of(reply) + " is no list");
  std::vector<secs::Key> told;
  const std::size_t id_at = step_ == Step::NameAlarms ? 1 : 0;
  for (const Item& one : reply.body->items()) {
    const Item* id = one.at(id_at);
    const auto key = id == nullptr ? std::nullopt : id->as_key();
    if (key) told.push_back(*key);
  }
  std::ranges::sort(told);
  const auto needed = [&](const secs::Key& id, std::string_view sort, std::string_view name) {
    if (std::ranges::binary_search(told, id)) return;
    differs(fmt::format("the tool has no {} {} ({})", sort, to_string(id), name));
  };
  const auto variables = [&](tool::Class of, std::string_view sort) {
    for (const auto& v : d.variables) {
      if (v.is == of) needed(v.id, sort, v.name);
    }
  };
  switch (step_) {
    case Step::NameStatus: return variables(tool::Class::Status, "SVID");
    case Step::NameDiscrete: return variables(tool::Class::Discrete, "DVID");
    case Step::NameConstants: return variables(tool::Class::Constant, "ECID");
    case Step::NameEvents:
      for (const auto& e : d.events) needed(e.id, "CEID", e.name);
      return;
    case Step::NameAlarms:
      for (const auto& a : d.alarms) needed(a.id, "ALID", a.text);
      return;
    default: return;
  }
}

}  // namespace twin::link::gem
