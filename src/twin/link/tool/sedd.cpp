#include "twin/link/tool/sedd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <pugixml.hpp>
#include <set>

#include "twin/core/error.hpp"
#include "twin/link/tool/words.hpp"

namespace twin::link::tool {
namespace {

constexpr std::size_t SeddDepthMax = 64;    // of elements
constexpr std::size_t ThingsMax = 200'000;  // of one document

// Names without their prefix, in lower case, so that sedd:StatusVariable and statusvariable agree.
std::string plain(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
  std::string text(name);
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// An attribute, or the text of a child element, of one of these names.
std::optional<std::string> told(const pugi::xml_node& node,
                                std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    for (const auto& attribute : node.attributes()) {
      if (plain(attribute.name()) == name) return std::string(attribute.value());
    }
    for (const auto& child : node.children()) {
      if (plain(child.name()) == name) return std::string(child.text().get());
    }
  }
  return std::nullopt;
}

std::optional<double> number_in(const std::optional<std::string>& text) {
  if (!text || text->empty()) return std::nullopt;
  double value = 0.0;
  const auto end = text->data() + text->size();
  const auto result = std::from_chars(text->data(), end, value);
  if (result.ec != std::errc() || result.ptr != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

secs::Key key_in(const std::string& text) {
  std::int64_t number = 0;
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  const bool whole = result.ec == std::errc() && result.ptr == end && !text.empty();
  return whole && number >= 0 ? secs::Key(number) : secs::Key(std::string_view(text));
}

class Walk {
 public:
  explicit Walk(Sedd& sedd) : sedd_(sedd), d_(sedd.description) {}

  void visit(const pugi::xml_node& node, std::size_t depth) {
    if (depth > SeddDepthMax || things_ > ThingsMax) return;
    const std::string name = plain(node.name());
    if (is(name, {"sv", "statusvariable", "svid"})) return variable(node, Class::Status);
    if (is(name, {"dv", "datavariable", "discretevariable", "dvval"})) {
      return variable(node, Class::Discrete);
    }
    if (is(name, {"ec", "equipmentconstant"})) return variable(node, Class::Constant);
    if (is(name, {"ce", "collectionevent"})) return event(node);
    if (is(name, {"alarm"})) return alarm(node);
    if (is(name, {"remotecommand", "rcmd"})) return command(node);
    if (is(name, {"equipment", "equipmentmetadata", "seddheader", "identification"})) about(node);
    for (const auto& child : node.children()) {
      if (child.type() == pugi::node_element) visit(child, depth + 1);
    }
  }
  [[nodiscard]] std::size_t things() const { return things_; }

 private:
  static bool is(const std::string& name, std::initializer_list<std::string_view> any) {
    return std::ranges::find(any, name) != any.end();
  }

  // Identifier and name; nothing where it has none or one that is taken, which is noted.
  std::optional<std::pair<secs::Key, std::string>> named(
      const pugi::xml_node& node, std::initializer_list<std::string_view> ids,
      std::set<secs::Key>& known, std::set<std::string>& names, const char* what) {
    ++things_;
    const auto id = told(node, ids);
    if (!id || id->empty() || id->size() > 80) {
      sedd_.notes.push_back(fmt::format("{} without an identifier", what));
      return std::nullopt;
    }
    const secs::Key key = key_in(*id);
    if (!key.is_text() && key.number() > 4'294'967'295) {
      sedd_.notes.push_back(fmt::format("{} {} (no identifier is so large)", what, *id));
      return std::nullopt;
    }
    if (!known.insert(key).second) {
      sedd_.notes.push_back(fmt::format("{} {} (given twice)", what, *id));
      return std::nullopt;
    }
    std::string name = told(node, {"name"}).value_or(std::string());
    if (name.empty() || name.size() > 200) name = fmt::format("{} {}", what, *id);
    if (!names.insert(name).second) {
      name += " " + *id;
      names.insert(name);
    }
    return std::pair(key, name);
  }

  void about(const pugi::xml_node& node) {
    const auto text = [&](std::string& to, std::initializer_list<std::string_view> names) {
      const auto t = told(node, names);
      if (t && to.empty()) to = t->substr(0, 20);
    };
    text(d_.model, {"mdln", "model", "modelname"});
    text(d_.software, {"softrev", "softwarerevision", "revision"});
    const auto name = told(node, {"name", "equipmentname"});
    if (name && d_.name.empty()) d_.name = *name;
  }

  secs::Kind format(const pugi::xml_node& node, const std::string& name) {
    std::string text =
        plain(told(node, {"format", "datatype", "type", "formatcode"}).value_or("a"));
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (text == "ASCII" || text == "STRING") text = "A";
    if (text == "LIST") text = "L";
    if (text == "BINARY") text = "B";
    if (text == "BOOL") text = "BOOLEAN";
    const auto kind = value_of(formats(), text);
    if (!kind) sedd_.notes.push_back(fmt::format("{}: format {} (taken for A)", name, text));
    return kind.value_or(secs::Kind::Ascii);
  }

  void variable(const pugi::xml_node& node, Class is) {
    const auto found = named(node, {"id", "svid", "dvid", "ecid", "vid"}, variable_ids_,
                             variable_names_, "variable");
    if (!found) return;
    Variable v{.id = found->first, .name = found->second, .is = is};
    v.units = told(node, {"units", "unit"}).value_or(std::string());
    v.format = format(node, v.name);
    v.least = number_in(told(node, {"min", "ecmin", "minimum"}));
    v.most = number_in(told(node, {"max", "ecmax", "maximum"}));
    if (v.least && v.most && *v.least > *v.most) v.least = v.most = std::nullopt;
    if (v.format != secs::Kind::List) {
      const auto value = told(node, {"default", "ecdef", "defaultvalue"});
      v.initial = initial(v.format, value.value_or(std::string()));
    }
    d_.variables.push_back(std::move(v));
  }

  static secs::Item initial(secs::Kind kind, const std::string& text) {
    using secs::Kind;
    if (kind == Kind::Ascii) return secs::ascii(text);
    if (kind == Kind::Jis) return secs::jis(text);
    const auto value = number_in(text);
    if (kind == Kind::Boolean) return secs::boolean(plain(text) == "true" || text == "1");
    if (kind == Kind::F8) return secs::f8(value.value_or(0.0));
    if (kind == Kind::F4) return secs::f4(static_cast<float>(value.value_or(0.0)));
    const bool whole = value && *value == std::floor(*value) && std::abs(*value) < 9e15;
    const auto item = secs::item_of(kind, whole ? static_cast<std::int64_t>(*value) : 0);
    return item ? *item : *secs::item_of(kind, 0);
  }

  void event(const pugi::xml_node& node) {
    const auto found = named(node, {"id", "ceid"}, event_ids_, event_names_, "event");
    if (!found) return;
    d_.events.push_back({.id = found->first, .name = found->second});
  }

  void alarm(const pugi::xml_node& node) {
    const auto found = named(node, {"id", "alid"}, alarm_ids_, alarm_names_, "alarm");
    if (!found) return;
    Alarm a{.id = found->first};
    a.text = told(node, {"text", "altx", "alarmtext"}).value_or(found->second).substr(0, 120);
    const auto category = number_in(told(node, {"category", "alcd", "code"}));
    if (category && *category >= 0 && *category < 128) {
      a.category = static_cast<std::uint8_t>(*category);
    }
    d_.alarms.push_back(std::move(a));
  }

  void command(const pugi::xml_node& node) {
    ++things_;
    const auto name = told(node, {"name", "rcmd", "id"});
    if (!name || name->empty() || name->size() > 200 || !command_names_.insert(*name).second)
      return;
    sedd_.notes.push_back(fmt::format("command {} (to be allowed by a person)", *name));
  }

  Sedd& sedd_;
  Description& d_;
  std::size_t things_ = 0;
  std::set<secs::Key> variable_ids_, event_ids_, alarm_ids_;
  std::set<std::string> variable_names_, event_names_, alarm_names_, command_names_;
};

// One format for all identifiers of a sort: texts where any is one.
template <class Things>
secs::Kind settle(Things& things) {
  const bool text = std::ranges::any_of(things, [](const auto& t) { return t.id.is_text(); });
  if (!text) return secs::Kind::U4;
  for (auto& t : things) {
    if (!t.id.is_text()) t.id = secs::Key(std::string_view(std::to_string(t.id.number())));
  }
  return secs::Kind::Ascii;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(byte));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string shown(const secs::Key& key) {
  return key.is_text() ? in_quotes(key.text()) : std::to_string(key.number());
}

std::string number_text(double value) { return fmt::format("{}", value); }

}  // namespace

Sedd read_sedd(std::string_view xml, const std::string& file) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(xml.data(), xml.size());
  if (!parsed) {
    const auto at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0));
    const auto line =
        1 + std::count(xml.begin(),
                       xml.begin() + static_cast<std::ptrdiff_t>(std::min(at, xml.size())), '\n');
    throw core::Error(core::Place{file, static_cast<std::size_t>(line), {}},
                      fmt::format("no XML ({})", parsed.description()));
  }
  Sedd sedd;
  Walk walk(sedd);
  for (const auto& child : document.children()) walk.visit(child, 0);
  Description& d = sedd.description;
  if (walk.things() == 0) {
    throw core::Error(core::Place{file, 0, {}},
                      "no variable, event or alarm in it (is it a SEDD, SEMI E172?)");
  }
  if (d.name.empty()) d.name = "unnamed";
  d.formats.vid = settle(d.variables);
  d.formats.ceid = settle(d.events);
  d.formats.alid = settle(d.alarms);
  return sedd;
}

std::string toml_text(const Description& d) {
  std::string out = fmt::format("[class]\nname = {}\nmodel = {}\nsoftware = {}\n",
                                in_quotes(d.name), in_quotes(d.model), in_quotes(d.software));
  out += fmt::format("\n[formats]\nceid = \"{}\"\nvid = \"{}\"\nalid = \"{}\"\n",
                     text_of(formats(), d.formats.ceid), text_of(formats(), d.formats.vid),
                     text_of(formats(), d.formats.alid));
  for (const Variable& v : d.variables) {
    out += fmt::format("\n[[variables]]\nid = {}\nname = {}\nclass = \"{}\"\nformat = \"{}\"\n",
                       shown(v.id), in_quotes(v.name), text_of(classes(), v.is),
                       text_of(formats(), v.format));
    if (!v.units.empty()) out += fmt::format("units = {}\n", in_quotes(v.units));
    if (v.least) out += fmt::format("least = {}\n", number_text(*v.least));
    if (v.most) out += fmt::format("most = {}\n", number_text(*v.most));
    if (v.format == secs::Kind::List) continue;
    if (const auto text = v.initial.as_text()) {
      if (!text->empty()) out += fmt::format("default = {}\n", in_quotes(*text));
    } else if (v.format == secs::Kind::Boolean) {
      if (v.initial.as_bool() == true) out += "default = true\n";
    } else if (const auto number = v.initial.as_f64(); number && *number != 0.0) {
      out += fmt::format("default = {}\n", number_text(*number));
    }
  }
  for (const CollectionEvent& e : d.events) {
    out += fmt::format("\n[[events]]\nid = {}\nname = {}\n", shown(e.id), in_quotes(e.name));
  }
  for (const Alarm& a : d.alarms) {
    out += fmt::format("\n[[alarms]]\nid = {}\ntext = {}\n", shown(a.id), in_quotes(a.text));
    if (a.category != 0) out += fmt::format("category = {}\n", a.category);
  }
  return out;
}

}  // namespace twin::link::tool
