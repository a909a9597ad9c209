#include "apps/fabtwin/serve/entry_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <variant>

#include "apps/fabtwin/serve/answers.hpp"
#include "twin/event/packed.hpp"
#include "twin/record/sha256.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::ordered_json;
using twin::core::Observation;
using twin::event::Names;

constexpr std::size_t RawShown = 4'096;  // [bytes]

std::string text_of_entry(const ordered_json& json) {
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

// "00000010  48 53 4d 53 ...  |HSMS...|", sixteen to a line.
std::string dump_of(std::span<const std::uint8_t> bytes) {
  std::string text;
  const std::size_t most = std::min(bytes.size(), RawShown);
  for (std::size_t at = 0; at < most; at += 16) {
    std::string digits, letters;
    for (std::size_t k = at; k < std::min(at + 16, most); ++k) {
      digits += fmt::format(" {:02x}", bytes[k]);
      letters += bytes[k] >= 0x20 && bytes[k] < 0x7f ? static_cast<char>(bytes[k]) : '.';
    }
    text += fmt::format("{:08x} {:<49} |{}|\n", at, digits, letters);
  }
  if (most < bytes.size()) text += fmt::format("... {} bytes more\n", bytes.size() - most);
  return text;
}

ordered_json raw_of(const std::vector<std::uint8_t>& raw, std::uint64_t number) {
  return {{"place", fmt::format("entry {} of the record", number)},
          {"bytes", raw.size()},
          {"sha256", twin::record::hex(twin::record::sha256(raw))},
          {"hex", dump_of(raw)}};
}

void tell_of(ordered_json& one, const Observation& o, std::uint64_t number, const Names& names) {
  one["source"] = label(names, twin::event::Table::Source, o.sensor);
  one["epoch"] = o.epoch;
  one["sequence"] = o.sensor_seq;
  one["arrived_ms"] = o.arrived;
  if (o.clock != o.at) one["clock_ms"] = o.clock;
  twin::event::Packer packer;
  std::vector<twin::event::Event> events;
  ordered_json told = ordered_json::array();
  if (packer.unpack(o.event, events))
    for (const auto& e : events) told.push_back(event_json(e, number, names));
  one["events"] = std::move(told);
  if (!o.raw.empty()) one["raw"] = raw_of(o.raw, number);
}

}  // namespace

std::optional<std::string> entry_json(Living& living, Stores& stores, std::uint64_t number) {
  if (number >= living.journal().durable()) return std::nullopt;
  const auto entry = stores.entry(number);
  if (!entry) return std::nullopt;
  ordered_json one = {{"entry", number}, {"entries", living.journal().durable()}};
  const Names& names = stores.names();
  if (const auto* advance = std::get_if<twin::core::Advance>(&*entry)) {
    one["kind"] = "time has passed";
    one["at_ms"] = advance->until;
  } else if (const auto* seen = std::get_if<Observation>(&*entry)) {
    one["kind"] = "message";
    one["at_ms"] = seen->at;
    tell_of(one, *seen, number, names);
  } else if (const auto* c = std::get_if<twin::core::Correction>(&*entry)) {
    one["kind"] = c->amends ? fmt::format("correction of entry {}", *c->amends)
                            : std::string("message that was missing");
    one["at_ms"] = c->now.at;
    tell_of(one, c->now, number, names);
  } else if (const auto* note = std::get_if<twin::core::Note>(&*entry)) {
    one["kind"] = "note: " + note->kind;
    one["at_ms"] = note->at;
    // Decisions and accounts are read by who may read the trail.
    if (!note->kind.starts_with("people.")) one["text"] = note->text;
  } else if (const auto* action = std::get_if<twin::core::Action>(&*entry)) {
    one["kind"] = "action";
    one["at_ms"] = action->at;
  }
  return text_of_entry(one);
}

std::string set_aside_json(const Living& living) {
  ordered_json messages = ordered_json::array();
  const auto& kept = living.door().quarantine();
  for (auto q = kept.rbegin(); q != kept.rend(); ++q) {
    ordered_json one = {
        {"note", q->note},        {"source", q->source},
        {"epoch", q->epoch},      {"sequence", q->seq},
        {"at_ms", q->arrived},    {"why", q->words.empty() ? std::string(q->reason) : q->words},
        {"released", q->released}};
    if (q->observation) one["entry"] = *q->observation;
    messages.push_back(std::move(one));
  }
  return text_of_entry(
      {{"quarantined", living.door().memory().quarantined}, {"messages", std::move(messages)}});
}

}  // namespace apps::fabtwin::serve
