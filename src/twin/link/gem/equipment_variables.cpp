// The equipment's variables and constants, their names, and its clock: S1F3, F11, F21, F23, S2F13,
// F15, F17, F29, F31.
#include <algorithm>
#include <cmath>

#include "twin/link/gem/equipment.hpp"

namespace twin::link::gem {

using secs::Item;
using secs::Message;
using tool::Class;
using tool::Role;

Item Equipment::id_of(std::uint32_t variable) const {
  const auto& d = model_->description;
  return *secs::item_of(d.formats.vid, d.variables[variable].id);
}

const Item* Equipment::constant(Role role) const {
  const std::uint32_t v = model_->description.variable(role);
  return v == None ? nullptr : &s_.values[v];
}

std::string Equipment::time_text(Tick at) const {
  const auto& d = model_->description;
  tool::TimeFormat format = d.time_format;
  if (const Item* told = constant(Role::TimeFormat)) {
    const auto number = told->as_u64();
    if (number && *number <= 2) format = static_cast<tool::TimeFormat>(*number);
  }
  const auto text = tool::clock_text(at, format, d.utc_offset_minutes);
  return text ? *text : std::string();
}

Item Equipment::current(std::uint32_t variable, Tick now) const {
  const auto& d = model_->description;
  const auto& v = d.variables[variable];
  const auto counted = [&](std::uint64_t n) {
    const auto item = secs::item_of(v.format, static_cast<std::int64_t>(n));
    return item ? *item : Item(v.format, {});
  };
  switch (v.role) {
    case Role::Clock: return secs::ascii(time_text(clock(now)));
    case Role::Counter: return counted(s_.counter == 0 ? 0 : s_.counter - 1);  // of the last report
    case Role::Epoch: return counted(s_.epoch);
    case Role::ControlState: return secs::u1(static_cast<int>(s_.control_told));
    case Role::SpoolCountActual: return counted(s_.spool.size());
    case Role::SpoolCountTotal: return counted(s_.spool_total);
    case Role::SpoolStartTime:
      return secs::ascii(s_.spool_since == 0 ? std::string() : time_text(s_.spool_since));
    case Role::SpoolFullTime:
      return secs::ascii(s_.spool_full == 0 ? std::string() : time_text(s_.spool_full));
    case Role::AlarmsSet: {
      Item set = secs::list();
      for (std::size_t a = 0; a < s_.alarm_set.size(); ++a) {
        if (s_.alarm_set[a] != 0) set.add(*secs::item_of(d.formats.alid, d.alarms[a].id));
      }
      return set;
    }
    case Role::EventsEnabled: {
      Item enabled = secs::list();
      for (std::size_t e = 0; e < s_.events.size(); ++e) {
        if (s_.events[e].enabled) enabled.add(*secs::item_of(d.formats.ceid, d.events[e].id));
      }
      return enabled;
    }
    default: return s_.values[variable];
  }
}

void Equipment::set(std::uint32_t variable, Item value, Tick now) {
  s_.values[variable] = std::move(value);
  if (!s_.limits.empty()) watch(variable, now);
}

bool Equipment::asked_for(const Message& m, Class of, std::vector<std::uint32_t>& indices,
                          std::vector<Item>& ids) const {
  const auto& all = model_->description.variables;
  if (!m.body || !m.body->is_list()) return false;
  if (m.body->empty()) {
    for (std::uint32_t v = 0; v < all.size(); ++v) {
      if (all[v].is != of) continue;
      indices.push_back(v);
      ids.push_back(id_of(v));
    }
    return true;
  }
  for (const Item& id : m.body->items()) {
    const auto key = id.as_key();
    std::uint32_t v = key ? model_->hearing.variable(*key) : None;
    if (v != None && all[v].is != of) v = None;
    indices.push_back(v);
    ids.push_back(id);
  }
  return true;
}

Equipment::Answered Equipment::s1f3(const Message& m, Body& reply, Tick now) {
  std::vector<std::uint32_t> indices;
  std::vector<Item> ids;
  if (!asked_for(m, Class::Status, indices, ids)) return Answered::Illegal;
  reply = secs::list();
  for (const std::uint32_t v : indices) reply->add(v == None ? secs::list() : current(v, now));
  return Answered::Yes;
}

Equipment::Answered Equipment::s2f13(const Message& m, Body& reply, Tick now) {
  std::vector<std::uint32_t> indices;
  std::vector<Item> ids;
  if (!asked_for(m, Class::Constant, indices, ids)) return Answered::Illegal;
  reply = secs::list();
  for (const std::uint32_t v : indices) reply->add(v == None ? secs::list() : current(v, now));
  return Answered::Yes;
}

Equipment::Answered Equipment::s1f11(const Message& m, Body& reply, Tick) {
  std::vector<std::uint32_t> indices;
  std::vector<Item> ids;
  if (!asked_for(m, Class::Status, indices, ids)) return Answered::Illegal;
  reply = secs::list();
  for (std::size_t k = 0; k < ids.size(); ++k) {
    const auto* v = indices[k] == None ? nullptr : &model_->description.variables[indices[k]];
    reply->add(secs::list(ids[k], secs::ascii(v ? v->name : ""), secs::ascii(v ? v->units : "")));
  }
  return Answered::Yes;
}

Equipment::Answered Equipment::s1f21(const Message& m, Body& reply, Tick) {
  std::vector<std::uint32_t> indices;
  std::vector<Item> ids;
  if (!asked_for(m, Class::Discrete, indices, ids)) return Answered::Illegal;
  reply = secs::list();
  for (std::size_t k = 0; k < ids.size(); ++k) {
    const auto* v = indices[k] == None ? nullptr : &model_->description.variables[indices[k]];
    reply->add(secs::list(ids[k], secs::ascii(v ? v->name : ""), secs::ascii(v ? v->units : "")));
  }
  return Answered::Yes;
}

Equipment::Answered Equipment::s1f23(const Message& m, Body& reply, Tick) {
  const auto& d = model_->description;
  if (!m.body || !m.body->is_list()) return Answered::Illegal;
  reply = secs::list();
  const auto add = [&](const Item& id, std::uint32_t e) {
    Item variables = secs::list();
    if (e != None) {
      for (const secs::Key& report : s_.events[e].reports) {
        for (const std::uint32_t v : s_.reports.at(report)) variables.add(id_of(v));
      }
    }
    reply->add(
        secs::list(id, secs::ascii(e == None ? "" : d.events[e].name), std::move(variables)));
  };
  for (std::uint32_t e = 0; m.body->empty() && e < d.events.size(); ++e) {
    add(*secs::item_of(d.formats.ceid, d.events[e].id), e);
  }
  for (const Item& id : m.body->items()) {
    const auto key = id.as_key();
    add(id, key ? model_->hearing.event(*key) : None);
  }
  return Answered::Yes;
}

Equipment::Answered Equipment::s2f29(const Message& m, Body& reply, Tick) {
  std::vector<std::uint32_t> indices;
  std::vector<Item> ids;
  if (!asked_for(m, Class::Constant, indices, ids)) return Answered::Illegal;
  reply = secs::list();
  for (std::size_t k = 0; k < ids.size(); ++k) {
    if (indices[k] == None) {
      const Item none = secs::ascii("");
      reply->add(secs::list(ids[k], none, none, none, none, none));
      continue;
    }
    const auto& v = model_->description.variables[indices[k]];
    const auto bound = [&](const std::optional<double>& b) {
      if (!b) return secs::ascii("");
      if (v.format == secs::Kind::F4 || v.format == secs::Kind::F8) return secs::f8(*b);
      const auto item = secs::item_of(v.format, static_cast<std::int64_t>(std::llround(*b)));
      return item ? *item : secs::f8(*b);
    };
    reply->add(secs::list(ids[k], secs::ascii(v.name), bound(v.least), bound(v.most), v.initial,
                          secs::ascii(v.units)));
  }
  return Answered::Yes;
}

namespace {

// The value in the constant's own format; nothing where it is another sort of value.
std::optional<Item> in_format(const Item& value, const tool::Variable& v, bool& in_range) {
  using secs::Kind;
  in_range = true;
  if (v.format == Kind::Ascii || v.format == Kind::Jis) {
    if (!value.is_text()) return std::nullopt;
    return value;
  }
  if (value.is_list() || value.count() != 1) return std::nullopt;
  if (v.format == Kind::Boolean) {
    const auto truth = value.as_bool();
    return truth ? std::optional(secs::boolean(*truth)) : std::nullopt;
  }
  const auto number = value.as_f64();
  if (!number || !std::isfinite(*number)) return std::nullopt;
  in_range = (!v.least || *number >= *v.least) && (!v.most || *number <= *v.most);
  if (v.format == Kind::F8) return secs::f8(*number);
  if (v.format == Kind::F4) return secs::f4(static_cast<float>(*number));
  const auto whole = value.as_i64();
  const auto item = whole ? secs::item_of(v.format, *whole) : std::nullopt;
  if (!item) in_range = false;
  return item ? item : std::optional(value);
}

}  // namespace

Equipment::Answered Equipment::s2f15(const Message& m, Body& reply, Tick now) {
  const auto& d = model_->description;
  if (!m.body || !m.body->is_list()) return Answered::Illegal;
  std::vector<std::pair<std::uint32_t, Item>> changes;
  Eac code = s_.control == Control::Remote ? Eac::Ok : Eac::Busy;
  for (const Item& one : m.body->items()) {
    const Item* id = one.at(0);
    const Item* value = one.at(1);
    if (one.count() != 2) return Answered::Illegal;
    const auto key = id->as_key();
    const std::uint32_t v = key ? model_->hearing.variable(*key) : None;
    if (v == None || d.variables[v].is != Class::Constant) {
      if (code == Eac::Ok) code = Eac::Unknown;
      continue;
    }
    bool in_range = true;
    auto item = in_format(*value, d.variables[v], in_range);
    if (!item || !in_range) {
      if (code == Eac::Ok) code = Eac::OutOfRange;
      continue;
    }
    changes.emplace_back(v, std::move(*item));
  }
  reply = secs::binary(static_cast<int>(code));
  if (code != Eac::Ok) return Answered::Yes;  // all or none
  for (auto& [v, item] : changes) {
    set(v, std::move(item), now);
    tell_owner({.what = Happening::What::ConstantChanged, .index = v, .name = d.variables[v].name});
    const std::uint32_t which = d.variable(Role::ChangedConstant);
    if (which != None) s_.values[which] = id_of(v);
    if (const auto e = d.event(tool::Moment::ConstantChanged); e != None) raise(e, now);
  }
  return Answered::Yes;
}

Equipment::Answered Equipment::s2f17(const Message&, Body& reply, Tick now) {
  reply = secs::ascii(time_text(clock(now)));
  return Answered::Yes;
}

Equipment::Answered Equipment::s2f31(const Message& m, Body& reply, Tick now) {
  const auto text = m.body ? m.body->as_text() : std::nullopt;
  if (!text) return Answered::Illegal;
  const auto time = tool::parse_clock(*text, model_->description.utc_offset_minutes);
  reply = secs::binary(time ? 0 : 1);
  if (!time) return Answered::Yes;
  s_.offset_ms = *time - now;
  tell_owner({.what = Happening::What::ClockSet});
  if (const auto e = model_->description.event(tool::Moment::ClockSet); e != None) raise(e, now);
  return Answered::Yes;
}

}  // namespace twin::link::gem
