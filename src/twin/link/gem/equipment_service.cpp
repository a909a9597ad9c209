// Alarms (S5), remote commands (S2F41, F49) and recipes (S7).
#include <fmt/format.h>

#include <algorithm>

#include "twin/link/gem/equipment.hpp"
#include "twin/link/secs/codec.hpp"

namespace twin::link::gem {

using secs::Item;
using secs::Message;
using tool::Moment;
using tool::Role;

// --- alarms ---------------------------------------------------------------------------------------

Item Equipment::alarm_item(std::uint32_t alarm) const {
  const auto& d = model_->description;
  const auto& a = d.alarms[alarm];
  const int code = a.category | (s_.alarm_set[alarm] != 0 ? 0x80 : 0);
  return secs::list(secs::binary(code), *secs::item_of(d.formats.alid, a.id), secs::ascii(a.text));
}

void Equipment::alarm(std::uint32_t alarm, bool set, Tick now) {
  if ((s_.alarm_set[alarm] != 0) == set) return;
  const auto& d = model_->description;
  s_.alarm_set[alarm] = set ? 1 : 0;
  if (const auto v = d.variable(Role::AlarmId); v != None) {
    s_.values[v] = *secs::item_of(d.formats.alid, d.alarms[alarm].id);
  }
  if (s_.alarm_enabled[alarm] != 0 && is_online(s_.control)) {
    deliver(secs::primary(5, 1, secs::Reply::Wanted, alarm_item(alarm)), now);
  }
  const auto e = d.event(set ? Moment::AlarmSet : Moment::AlarmCleared);
  if (e != None) raise(e, now);
}

Equipment::Answered Equipment::s5f3(const Message& m, Body& reply, Tick) {
  const Item* id = m.at(1);
  const auto enable = id == nullptr ? std::nullopt : m.at(0)->as_u64();
  if (!enable || m.body->count() != 2) return Answered::Illegal;
  const std::uint8_t on = (*enable & 0x80) != 0 ? 1 : 0;
  if (id->empty()) {  // all of them
    std::ranges::fill(s_.alarm_enabled, on);
    reply = secs::binary(0);
    return Answered::Yes;
  }
  const auto key = id->as_key();
  const std::uint32_t alarm = key ? model_->hearing.alarm(*key) : None;
  if (alarm != None) s_.alarm_enabled[alarm] = on;
  reply = secs::binary(alarm == None ? 1 : 0);
  return Answered::Yes;
}

// A list of identifiers, or an array of them; nothing: all.
Equipment::Answered Equipment::s5f5(const Message& m, Body& reply, Tick) {
  reply = secs::list();
  const auto add = [&](const Item& id, std::optional<secs::Key> key) {
    const std::uint32_t alarm = key ? model_->hearing.alarm(*key) : None;
    reply->add(alarm == None ? secs::list(secs::binary(), id, secs::ascii("")) : alarm_item(alarm));
  };
  if (!m.body || m.body->empty()) {
    for (std::uint32_t a = 0; a < s_.alarm_set.size(); ++a) reply->add(alarm_item(a));
    return Answered::Yes;
  }
  if (m.body->is_list()) {
    for (const Item& id : m.body->items()) add(id, id.as_key());
    return Answered::Yes;
  }
  if (m.body->is_text()) {
    add(*m.body, m.body->as_key());
    return Answered::Yes;
  }
  for (std::size_t k = 0; k < std::min<std::size_t>(m.body->count(), 10'000); ++k) {
    const auto number = m.body->as_i64(k);
    if (!number) return Answered::Illegal;
    const auto own = secs::item_of(model_->description.formats.alid, *number);
    add(own ? *own : secs::i8(*number), secs::Key(*number));
  }
  return Answered::Yes;
}

Equipment::Answered Equipment::s5f7(const Message&, Body& reply, Tick) {
  reply = secs::list();
  for (std::uint32_t a = 0; a < s_.alarm_set.size(); ++a) {
    if (s_.alarm_enabled[a] != 0) reply->add(alarm_item(a));
  }
  return Answered::Yes;
}

// --- commands -------------------------------------------------------------------------------------

namespace {

Cpack fits(const Item& value, const tool::Parameter& p) {
  using secs::Kind;
  if (p.format == Kind::List) return Cpack::Ok;  // an enhanced parameter: the owner looks into it
  if (p.format == Kind::Ascii || p.format == Kind::Jis) {
    const auto text = value.as_text();
    if (!text) return Cpack::BadFormat;
    const bool known = p.values.empty() || std::ranges::find(p.values, *text) != p.values.end();
    return known ? Cpack::Ok : Cpack::BadValue;
  }
  if (value.is_list() || value.count() != 1) return Cpack::BadFormat;
  const auto number = value.as_f64();
  if (!number) return Cpack::BadFormat;
  const bool inside = (!p.least || *number >= *p.least) && (!p.most || *number <= *p.most);
  return inside ? Cpack::Ok : Cpack::BadValue;
}

Item command_reply(const CommandAnswer& answer) {
  Item faults = secs::list();
  for (const auto& [name, code] : answer.parameters) {
    faults.add(secs::list(secs::ascii(name), secs::binary(static_cast<int>(code))));
  }
  return secs::list(secs::binary(static_cast<int>(answer.code)), std::move(faults));
}

}  // namespace

Equipment::Answered Equipment::command(const Message& m, std::size_t at, Body& reply) {
  const Item* name = m.at(at);
  const Item* parameters = m.at(at + 1);
  if (parameters == nullptr || m.body->count() != at + 2 || !parameters->is_list()) {
    return Answered::Illegal;
  }
  const auto key = name->as_key();
  if (!key) return Answered::Illegal;
  const std::string called = key->is_text() ? key->text() : std::to_string(key->number());
  const auto& commands = model_->description.commands;
  const auto it = std::ranges::find(commands, called, &tool::Command::name);
  CommandAnswer answer;
  Happening asked{.what = Happening::What::Command, .name = called};
  for (const Item& one : parameters->items()) {
    const Item* cpname = one.at(0);
    const Item* cpval = one.at(1);
    const auto text = cpname == nullptr ? std::nullopt : cpname->as_key();
    if (one.count() != 2 || !text) return Answered::Illegal;
    const std::string parameter = text->is_text() ? text->text() : std::to_string(text->number());
    if (it != commands.end()) {
      const auto p = std::ranges::find(it->parameters, parameter, &tool::Parameter::name);
      const Cpack code = p == it->parameters.end() ? Cpack::UnknownName : fits(*cpval, *p);
      if (code != Cpack::Ok) answer.parameters.emplace_back(parameter, code);
    }
    asked.parameters.emplace_back(parameter, *cpval);
  }
  if (it == commands.end()) {
    answer.code = Hcack::Unknown;
  } else if (s_.control != Control::Remote) {
    answer = {.code = Hcack::NotNow};  // the host may read, not command
  } else if (!answer.parameters.empty()) {
    answer.code = Hcack::BadParameter;
  } else if (s_.commands.size() >= 64) {
    answer.code = Hcack::NotNow;
  } else {
    asked.request = s_.next_request++;
    if (at == 2) asked.object = std::string(m.at(1)->as_text().value_or(std::string_view()));
    s_.commands.push_back({.request = asked.request, .message = m});
    s_.commands.back().message.body.reset();
    tell_owner(std::move(asked));
    return Answered::Later;
  }
  reply = command_reply(answer);
  return Answered::Yes;
}

Equipment::Answered Equipment::s2f41(const Message& m, Body& reply, Tick) {
  return command(m, 0, reply);
}

// {DATAID, OBJSPEC, RCMD, Ln {CPNAME, CEPVAL}}
Equipment::Answered Equipment::s2f49(const Message& m, Body& reply, Tick) {
  return command(m, 2, reply);
}

void Equipment::answer(std::uint32_t request, const CommandAnswer& answer) {
  const auto it = std::ranges::find(s_.commands, request, &Command::request);
  if (it == s_.commands.end()) return;  // the line it came over is gone
  const Message asked = std::move(it->message);
  s_.commands.erase(it);
  if (asked.wants_reply) s_.outbox.put({.message = secs::reply_to(asked, command_reply(answer))});
}

// --- recipes --------------------------------------------------------------------------------------

void Equipment::store_recipe(std::string_view name, Item body) {
  s_.recipes.insert_or_assign(std::string(name), std::move(body));
}

void Equipment::recipe_changed(const std::string& name, Happening::What what, Tick now) {
  tell_owner({.what = what, .name = name});
  const auto& d = model_->description;
  if (const auto v = d.variable(Role::ChangedRecipe); v != None) s_.values[v] = secs::ascii(name);
  if (const auto e = d.event(Moment::RecipeChanged); e != None) raise(e, now);
}

Equipment::Answered Equipment::s7f1(const Message& m, Body& reply, Tick now) {
  const Item* length = m.at(1);
  const auto name = length == nullptr ? std::nullopt : m.at(0)->as_text();
  if (!name || !length->as_u64() || m.body->count() != 2) return Answered::Illegal;
  Ppgnt code = Ppgnt::Ok;
  if (s_.control != Control::Remote) {
    code = Ppgnt::Refused;
  } else if (name->empty() || name->size() > 80) {
    code = Ppgnt::BadPpid;
  } else if (*length->as_u64() > options_.recipe_bytes_max ||
             s_.recipes.size() >= options_.recipes_max) {
    code = Ppgnt::Space;
  } else if (s_.conversations.size() >= 16) {
    code = Ppgnt::Busy;
  }
  if (code == Ppgnt::Ok) {
    s_.conversations.push_back({.message = "S07F03",
                                .id = *m.at(0),
                                .stream = 7,
                                .function = 3,
                                .until = now + options_.conversation_ms});
  }
  reply = secs::binary(static_cast<int>(code));
  return Answered::Yes;
}

Equipment::Answered Equipment::keep_recipe(const Item* name, Item body, Body& reply, Tick now) {
  const auto text = name->as_text();
  if (!text) return Answered::Illegal;
  Ackc7 code = Ackc7::Ok;
  const std::string called(*text);
  if (s_.control != Control::Remote) {
    code = Ackc7::Permission;
  } else if (called.empty() || called.size() > 80) {
    code = Ackc7::NoPpid;
  } else if (secs::encoded_size(body) > options_.recipe_bytes_max) {
    code = Ackc7::Length;
  } else if (s_.recipes.size() >= options_.recipes_max && !s_.recipes.contains(called)) {
    code = Ackc7::Overflow;
  } else {
    store_recipe(called, std::move(body));
    recipe_changed(called, Happening::What::RecipeStored, now);
  }
  reply = secs::binary(static_cast<int>(code));
  return Answered::Yes;
}

Equipment::Answered Equipment::s7f3(const Message& m, Body& reply, Tick now) {
  const Item* body = m.at(1);
  if (body == nullptr || m.body->count() != 2) return Answered::Illegal;
  return keep_recipe(m.at(0), *body, reply, now);
}

Equipment::Answered Equipment::s7f5(const Message& m, Body& reply, Tick) {
  const auto name = m.body ? m.body->as_text() : std::nullopt;
  if (!name) return Answered::Illegal;
  const auto it = s_.recipes.find(std::string(*name));
  reply = it == s_.recipes.end() ? secs::list() : secs::list(*m.body, it->second);
  return Answered::Yes;
}

Equipment::Answered Equipment::s7f17(const Message& m, Body& reply, Tick now) {
  if (!m.body || !m.body->is_list()) return Answered::Illegal;
  std::vector<std::string> names;
  Ackc7 code = s_.control == Control::Remote ? Ackc7::Ok : Ackc7::Permission;
  for (const Item& one : m.body->items()) {
    const auto name = one.as_text();
    if (!name) return Answered::Illegal;
    names.emplace_back(*name);
    if (!s_.recipes.contains(names.back()) && code == Ackc7::Ok) code = Ackc7::NoPpid;
  }
  reply = secs::binary(static_cast<int>(code));
  if (code != Ackc7::Ok) return Answered::Yes;
  if (names.empty()) {
    for (const auto& [name, body] : s_.recipes) names.push_back(name);
  }
  for (const std::string& name : names) {
    if (s_.recipes.erase(name) != 0) recipe_changed(name, Happening::What::RecipeDeleted, now);
  }
  return Answered::Yes;
}

Equipment::Answered Equipment::s7f19(const Message&, Body& reply, Tick) {
  reply = secs::list();
  for (const auto& [name, body] : s_.recipes) reply->add(secs::ascii(name));
  return Answered::Yes;
}

// A formatted recipe: {PPID, MDLN, SOFTREV, Ln {CCODE, Ln PPARM}}; kept as it came.
Equipment::Answered Equipment::s7f23(const Message& m, Body& reply, Tick now) {
  const Item* steps = m.at(3);
  if (steps == nullptr || m.body->count() != 4 || !steps->is_list()) return Answered::Illegal;
  for (const Item& step : steps->items()) {
    if (step.count() != 2 || !step.is_list() || !step.at(1)->is_list()) return Answered::Illegal;
  }
  return keep_recipe(m.at(0), *m.body, reply, now);
}

Equipment::Answered Equipment::s7f25(const Message& m, Body& reply, Tick) {
  const auto name = m.body ? m.body->as_text() : std::nullopt;
  if (!name) return Answered::Illegal;
  const auto it = s_.recipes.find(std::string(*name));
  const bool formatted = it != s_.recipes.end() && it->second.is_list() && it->second.count() == 4;
  reply = formatted ? it->second : secs::list();
  return Answered::Yes;
}

}  // namespace twin::link::gem
