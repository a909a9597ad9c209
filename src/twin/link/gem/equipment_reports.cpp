// Which reports the host wants, and the reports themselves: S2F33, F35, F37, F39, S6F11, F15, F19.
#include <algorithm>

#include "twin/link/gem/equipment.hpp"

namespace twin::link::gem {

using secs::Item;
using secs::Message;
using tool::Role;

namespace {

constexpr std::size_t VariablesMax = 1'000;  // of a report
constexpr std::size_t LinksMax = 1'000;      // of an event

// {DATAID, list}: the list; nullptr where the body is not so made.
const Item* listed(const Message& m) {
  if (!m.body || m.body->count() != 2 || !m.body->is_list()) return nullptr;
  const Item* list = m.at(1);
  return list->is_list() ? list : nullptr;
}

}  // namespace

Drack Equipment::define(const Message& m) {
  const Item* all = listed(m);
  if (all == nullptr) return Drack::Format;
  if (all->empty()) {
    s_.reports.clear();
    for (EventState& e : s_.events) e.reports.clear();
    return Drack::Ok;
  }
  auto reports = s_.reports;  // all or nothing
  std::vector<secs::Key> deleted;
  for (const Item& one : all->items()) {
    const Item* id = one.at(0);
    const Item* variables = one.at(1);
    const auto key = id == nullptr ? std::nullopt : id->as_key();
    if (one.count() != 2 || !key || !variables->is_list()) return Drack::Format;
    if (variables->empty()) {
      reports.erase(*key);
      deleted.push_back(*key);
      continue;
    }
    if (reports.contains(*key)) return Drack::Exists;
    if (reports.size() >= options_.reports_max || variables->count() > VariablesMax) {
      return Drack::Space;
    }
    std::vector<std::uint32_t> indices;
    for (const Item& variable : variables->items()) {
      const auto vid = variable.as_key();
      if (!vid) return Drack::Format;
      const std::uint32_t v = model_->hearing.variable(*vid);
      if (v == None) return Drack::UnknownVid;
      indices.push_back(v);
    }
    reports.emplace(*key, std::move(indices));
  }
  s_.reports = std::move(reports);
  for (EventState& e : s_.events) {
    std::erase_if(e.reports, [&](const secs::Key& k) {
      return std::ranges::find(deleted, k) != deleted.end();
    });
  }
  return Drack::Ok;
}

Lrack Equipment::link(const Message& m) {
  const Item* all = listed(m);
  if (all == nullptr) return Lrack::Format;
  auto events = s_.events;
  for (const Item& one : all->items()) {
    const Item* id = one.at(0);
    const Item* reports = one.at(1);
    const auto key = id == nullptr ? std::nullopt : id->as_key();
    if (one.count() != 2 || !key || !reports->is_list()) return Lrack::Format;
    const std::uint32_t e = model_->hearing.event(*key);
    if (e == None) return Lrack::UnknownCeid;
    if (reports->empty()) {
      events[e].reports.clear();
      continue;
    }
    if (!events[e].reports.empty()) return Lrack::Linked;
    if (reports->count() > LinksMax) return Lrack::Space;
    for (const Item& report : reports->items()) {
      const auto rptid = report.as_key();
      if (!rptid) return Lrack::Format;
      if (!s_.reports.contains(*rptid)) return Lrack::UnknownRptid;
      events[e].reports.push_back(*rptid);
    }
  }
  s_.events = std::move(events);
  return Lrack::Ok;
}

Equipment::Answered Equipment::s2f33(const Message& m, Body& reply, Tick) {
  reply = secs::binary(static_cast<int>(define(m)));
  return Answered::Yes;
}

Equipment::Answered Equipment::s2f35(const Message& m, Body& reply, Tick) {
  reply = secs::binary(static_cast<int>(link(m)));
  return Answered::Yes;
}

Equipment::Answered Equipment::s2f37(const Message& m, Body& reply, Tick) {
  const Item* list = listed(m);
  const auto enable = list == nullptr ? std::nullopt : m.at(0)->as_bool();
  if (!enable || m.at(0)->count() != 1) return Answered::Illegal;
  std::vector<std::uint32_t> chosen;
  for (const Item& id : list->items()) {
    const auto key = id.as_key();
    const std::uint32_t e = key ? model_->hearing.event(*key) : None;
    if (e == None) {
      reply = secs::binary(static_cast<int>(Erack::UnknownCeid));
      return Answered::Yes;
    }
    chosen.push_back(e);
  }
  if (list->empty()) {
    for (EventState& e : s_.events) e.enabled = *enable;
  }
  for (const std::uint32_t e : chosen) s_.events[e].enabled = *enable;
  reply = secs::binary(static_cast<int>(Erack::Ok));
  return Answered::Yes;
}

// "May I send a long one?" It must come then.
Equipment::Answered Equipment::s2f39(const Message& m, Body& reply, Tick now) {
  const Item* length = m.at(1);
  if (length == nullptr || !length->as_u64() || m.body->count() != 2) return Answered::Illegal;
  const bool space = *length->as_u64() <= secs::LengthMax && s_.conversations.size() < 16;
  reply = secs::binary(space ? 0 : 2);
  if (space) {
    s_.conversations.push_back({.message = "S02F33",
                                .id = *m.at(0),
                                .stream = 2,
                                .function = 33,
                                .until = now + options_.conversation_ms});
  }
  return Answered::Yes;
}

Item Equipment::reports_of(std::uint32_t event, Tick now) const {
  const auto& d = model_->description;
  Item reports = secs::list();
  for (const secs::Key& id : s_.events[event].reports) {
    Item values = secs::list();
    for (const std::uint32_t v : s_.reports.at(id)) values.add(current(v, now));
    // The host may have chosen identifiers that the tool's own format cannot hold.
    const auto own = secs::item_of(id.is_text() ? secs::Kind::Ascii : d.formats.rptid, id);
    reports.add(secs::list(own ? *own : *secs::item_of(secs::Kind::I8, id), std::move(values)));
  }
  return reports;
}

bool Equipment::is_numbered(std::uint32_t event) const {
  const std::uint32_t counter = model_->description.variable(Role::Counter);
  return std::ranges::any_of(s_.events[event].reports, [&](const secs::Key& id) {
    const auto& variables = s_.reports.at(id);
    return std::ranges::find(variables, counter) != variables.end();
  });
}

bool Equipment::tell(const tool::Telling::Saying& saying, Tick now, const tool::Stamp& stamp) {
  for (const auto& [variable, item] : saying.variables) set(variable, item, now);
  return raise(saying.event, now, stamp);
}

bool Equipment::raise(std::uint32_t event, Tick now, const tool::Stamp& stamp) {
  const auto& d = model_->description;
  if (!s_.events[event].enabled || !is_online(s_.control)) return false;
  if (stamp.counter) s_.counter = *stamp.counter;
  if (stamp.epoch) s_.epoch = *stamp.epoch;
  // current() tells the number of the last report: this one. A report that does not tell it takes
  // none, or the next would seem to be missing.
  if (is_numbered(event)) ++s_.counter;
  const Tick at = stamp.clock ? *stamp.clock - s_.offset_ms : now;
  const auto dataid = secs::item_of(d.formats.dataid, s_.dataid);
  s_.dataid = s_.dataid >= 100 ? 1 : s_.dataid + 1;  // fits every format
  Item body = secs::list(dataid ? *dataid : secs::u4(0),
                         *secs::item_of(d.formats.ceid, d.events[event].id), reports_of(event, at));
  deliver(secs::primary(6, 11, secs::Reply::Wanted, std::move(body)), now);
  return true;
}

Equipment::Answered Equipment::s6f15(const Message& m, Body& reply, Tick now) {
  const auto key = m.body ? m.body->as_key() : std::nullopt;
  if (!key) return Answered::Illegal;
  const std::uint32_t e = model_->hearing.event(*key);
  const auto dataid = secs::item_of(model_->description.formats.dataid, 0);
  reply = secs::list(dataid ? *dataid : secs::u4(0), *m.body,
                     e == None ? secs::list() : reports_of(e, now));
  return Answered::Yes;
}

Equipment::Answered Equipment::s6f19(const Message& m, Body& reply, Tick now) {
  const auto key = m.body ? m.body->as_key() : std::nullopt;
  if (!key) return Answered::Illegal;
  reply = secs::list();
  const auto found = s_.reports.find(*key);
  if (found == s_.reports.end()) return Answered::Yes;
  for (const std::uint32_t v : found->second) reply->add(current(v, now));
  return Answered::Yes;
}

}  // namespace twin::link::gem
