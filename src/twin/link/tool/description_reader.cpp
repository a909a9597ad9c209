// The reader of a tool's file: TOML, strictly, each mistake with its line.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"
#include "twin/link/tool/description.hpp"
#include "twin/link/tool/words.hpp"
#include "twin/sheet/sheet.hpp"

namespace twin::link::tool {
namespace {

using sheet::Range;
using sheet::Sheet;

constexpr double U4Max = 4'294'967'295.0;
constexpr std::size_t NameMax = 256;

secs::Key key_of(const Sheet::Label& label) {
  if (const auto* number = std::get_if<std::int64_t>(&label)) return *number;
  return std::string_view(std::get<std::string>(label));
}

template <class Enum>
Enum choose(Sheet& sheet, const std::string& key, std::span<const Word<Enum>> words,
            std::optional<Enum> fallback = {}) {
  if (fallback && !sheet.has(key)) {
    static_cast<void>(sheet.text(key, ""));  // it is known
    return *fallback;
  }
  const auto known = texts_of(words);
  return *value_of(words, sheet.choice(key, known));
}

std::vector<Sheet> tables_of(Sheet& sheet, const std::string& key) {
  if (!sheet.has(key)) {
    static_cast<void>(sheet.table(key));  // it is known
    return {};
  }
  return sheet.tables(key);
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& file)
      : root_(sheet::read_toml(text, file), file, "") {}

  Description read() {
    read_class();
    read_formats();
    for (Sheet& s : tables_of(root_, "variables")) read_variable(s);
    for (Sheet& s : tables_of(root_, "reports")) read_report(s);
    read_fields();
    for (Sheet& s : tables_of(root_, "events")) read_event(s);
    for (Sheet& s : tables_of(root_, "alarms")) read_alarm(s);
    for (Sheet& s : tables_of(root_, "traces")) read_trace(s);
    for (Sheet& s : tables_of(root_, "commands")) read_command(s);
    for (Sheet& s : tables_of(root_, "modules")) read_module(s);
    read_trackers();
    for (Sheet& s : tables_of(root_, "tools")) read_tool(s);
    root_.finish();
    return std::move(d_);
  }

 private:
  // An identifier that no other of its sort has.
  secs::Key fresh(Sheet& s, std::set<secs::Key>& known, const char* what) {
    const secs::Key id = key_of(s.label("id"));
    if (!known.insert(id).second) {
      s.refuse("id", fmt::format("id = {} (another {} has it)", to_string(id), what));
    }
    return id;
  }

  std::string name(Sheet& s, std::set<std::string>& known, const char* what) {
    std::string name = s.text("name");
    if (name.empty() || name.size() > NameMax) {
      s.refuse("name", fmt::format("name = \"{}\" (must have 1 to {} characters)",
                                   name.substr(0, 40), NameMax));
    }
    if (!known.insert(name).second) {
      s.refuse("name", fmt::format("name = \"{}\" (another {} has it)", name, what));
    }
    return name;
  }

  // The variable of that name, which stands at `key`.
  std::uint32_t variable(const Sheet& s, const std::string& key, const std::string& name) const {
    const auto found = variable_.find(name);
    if (found != variable_.end()) return found->second;
    std::vector<std::string> known;
    for (const auto& [n, index] : variable_) known.push_back(n);
    const auto near = core::nearest(name, known);
    s.refuse(key, fmt::format("{} = \"{}\" (there is no such variable){}", key, name,
                              near ? " did you mean " + *near + "?" : ""));
  }
  std::uint32_t optional_variable(Sheet& s, const std::string& key) const {
    const std::string name = s.text(key, "");
    return s.has(key) ? variable(s, key, name) : None;
  }

  std::optional<double> optional_number(Sheet& s, const std::string& key) {
    const double number = s.number(key, {}, 0.0);
    return s.has(key) ? std::optional(number) : std::nullopt;
  }
  std::optional<event::ToolState> optional_state(Sheet& s) {
    if (!s.has("state")) {
      static_cast<void>(s.text("state", ""));
      return std::nullopt;
    }
    return choose(s, "state", event::tool_states());
  }

  void read_class() {
    Sheet s = root_.table("class");
    d_.name = s.text("name");
    d_.model = s.text("model", "");
    d_.software = s.text("software", "");
    for (const auto& [key, text] : {std::pair("model", &d_.model), {"software", &d_.software}}) {
      if (text->size() > 20)
        s.refuse(key, fmt::format("{} = \"{}\" (at most 20 characters)", key, *text));
    }
    constexpr std::array Times = {Word{TimeFormat::Short, "12 digits"},
                                  Word{TimeFormat::Long, "16 digits"},
                                  Word{TimeFormat::Iso, "iso"}};
    d_.time_format = choose<TimeFormat>(s, "time_format", std::span<const Word<TimeFormat>>(Times),
                                        TimeFormat::Long);
    d_.utc_offset_minutes =
        static_cast<int>(s.integer("utc_offset_minutes", {.least = -1'440, .most = 1'440}, 0));
    s.finish();
  }

  void read_formats() {
    Sheet s = root_.table("formats");
    for (const auto& [key, kind] : {std::pair("ceid", &d_.formats.ceid),
                                    {"rptid", &d_.formats.rptid},
                                    {"vid", &d_.formats.vid},
                                    {"alid", &d_.formats.alid},
                                    {"dataid", &d_.formats.dataid},
                                    {"trid", &d_.formats.trid}}) {
      *kind = choose<secs::Kind>(s, key, formats(), secs::Kind::U4);
      constexpr std::array Fits = {secs::Kind::Ascii, secs::Kind::I1, secs::Kind::I2,
                                   secs::Kind::I4,    secs::Kind::I8, secs::Kind::U1,
                                   secs::Kind::U2,    secs::Kind::U4, secs::Kind::U8};
      if (std::ranges::find(Fits, *kind) == Fits.end()) {
        s.refuse(key, fmt::format("{} = \"{}\" (an identifier is a whole number or A)", key,
                                  text_of(formats(), *kind)));
      }
    }
    s.finish();
  }

  void fits(const Sheet& s, const secs::Key& id, secs::Kind kind) {
    const bool text = kind == secs::Kind::Ascii;  // 7 and "7" are two identifiers
    if (id.is_text() == text && item_of(kind, id)) return;
    s.refuse("id", fmt::format("id = {} (does not fit {}, the format of such identifiers)",
                               to_string(id), text_of(formats(), kind)));
  }

  void read_variable(Sheet& s) {
    Variable v;
    v.id = fresh(s, variable_ids_, "variable");
    fits(s, v.id, d_.formats.vid);
    v.name = name(s, variable_names_, "variable");
    v.units = s.text("units", "");
    v.is = choose<Class>(s, "class", classes(), Class::Status);
    v.format = choose<secs::Kind>(s, "format", formats(), secs::Kind::Ascii);
    v.role = choose<Role>(s, "role", roles(), Role::Plain);
    if (v.role != Role::Plain && !taken_roles_.insert(v.role).second) {
      s.refuse("role",
               fmt::format("role = \"{}\" (another variable has it)", text_of(roles(), v.role)));
    }
    v.least = optional_number(s, "least");
    v.most = optional_number(s, "most");
    if (v.least && v.most && *v.least > *v.most) {
      s.refuse("most", fmt::format("most = {} (less than least = {})", *v.most, *v.least));
    }
    v.initial = initial(s, v.format);
    Sheet states = s.table("states");
    for (const std::string& value : states.keys()) {
      v.states.emplace_back(value, choose(states, value, event::tool_states()));
    }
    s.finish();
    variable_.emplace(v.name, static_cast<std::uint32_t>(d_.variables.size()));
    d_.variables.push_back(std::move(v));
  }

  secs::Item initial(Sheet& s, secs::Kind kind) {
    using secs::Kind;
    if (kind == Kind::List) {
      if (s.has("default")) s.refuse("default", "default (a list begins empty)");
      return secs::list();
    }
    if (kind == Kind::Ascii || kind == Kind::Jis) {
      const std::string text = s.text("default", "");
      return kind == Kind::Ascii ? secs::ascii(text) : secs::jis(text);
    }
    if (kind == Kind::Boolean) return secs::boolean(s.yes("default", false));
    if (kind == Kind::F4) return secs::f4(static_cast<float>(s.number("default", {}, 0.0)));
    if (kind == Kind::F8) return secs::f8(s.number("default", {}, 0.0));
    const std::int64_t number = s.integer("default", {}, 0);
    if (kind == Kind::Binary && number >= 0 && number < 256) return secs::binary(number);
    const auto item = secs::item_of(kind, number);
    if (!item)
      s.refuse("default",
               fmt::format("default = {} (does not fit {})", number, text_of(formats(), kind)));
    return *item;
  }

  void read_report(Sheet& s) {
    Report r;
    r.id = fresh(s, report_ids_, "report");
    fits(s, r.id, d_.formats.rptid);
    for (const std::string& v : s.texts("variables"))
      r.variables.push_back(variable(s, "variables", v));
    if (r.variables.empty()) s.refuse("variables", "a report without variables (it says nothing)");
    s.finish();
    report_.emplace(r.id, static_cast<std::uint32_t>(d_.reports.size()));
    d_.reports.push_back(std::move(r));
  }

  // Which variable holds which field, for all events that have it in their reports.
  void read_fields() {
    fields_.fill(None);
    Sheet s = root_.table("fields");
    for (const auto& field : fields()) {
      fields_[static_cast<std::size_t>(field.value)] =
          optional_variable(s, std::string(field.text));
    }
    s.finish();
  }

  Meaning meaning(Sheet& s, const CollectionEvent& event) {
    Meaning m;
    const auto known = event::kinds();
    m.kind = choose(s, "kind", known);
    Sheet own = s.table("fields");
    Sheet fixed = s.table("fixed");
    for (const auto& word : fields()) {
      const auto field = static_cast<std::size_t>(word.value);
      const std::string key(word.text);
      m.from[field] = optional_variable(own, key);
      const bool given = m.from[field] != None;
      if (!given) m.from[field] = fields_[field];
      if (!told(event, m.from[field])) {
        if (given) {
          own.refuse(key, fmt::format("{} = \"{}\" (no report of the event has it)", key,
                                      d_.variables[m.from[field]].name));
        }
        m.from[field] = None;
      }
      m.fixed[field] = fixed.text(key, "");
      if (word.value == Field::Unit && fixed.has(key)) {
        const auto unit = event::parse_unit(m.fixed[field]);
        if (!unit)
          fixed.refuse(key, fmt::format("unit = \"{}\" (no unit of the schema)", m.fixed[field]));
        m.unit = *unit;
      }
    }
    own.finish();
    fixed.finish();
    return m;
  }

  [[nodiscard]] bool told(const CollectionEvent& event, std::uint32_t variable) const {
    return std::ranges::any_of(event.reports, [&](std::uint32_t r) {
      const auto& held = d_.reports[r].variables;
      return std::ranges::find(held, variable) != held.end();
    });
  }

  void read_event(Sheet& s) {
    CollectionEvent e;
    e.id = fresh(s, event_ids_, "event");
    fits(s, e.id, d_.formats.ceid);
    e.name = name(s, event_names_, "event");
    for (const Sheet::Label& label : s.labels("reports")) {
      const auto found = report_.find(key_of(label));
      if (found == report_.end()) {
        s.refuse("reports",
                 fmt::format("reports: {} (there is no such report)", to_string(key_of(label))));
      }
      e.reports.push_back(found->second);
    }
    e.role = choose<Moment>(s, "role", moments(), Moment::Own);
    if (e.role != Moment::Own && !taken_moments_.insert(e.role).second) {
      s.refuse("role",
               fmt::format("role = \"{}\" (another event has it)", text_of(moments(), e.role)));
    }
    if (s.has("kind")) {
      e.meaning = meaning(s, e);
    } else {
      for (const char* key : {"kind"}) static_cast<void>(s.text(key, ""));
      for (const char* key : {"fields", "fixed"}) {
        if (s.has(key)) s.refuse(key, fmt::format("{} (an event without kind has none)", key));
      }
    }
    e.state = optional_state(s);
    s.finish();
    d_.events.push_back(std::move(e));
  }

  void read_alarm(Sheet& s) {
    Alarm a;
    a.id = fresh(s, alarm_ids_, "alarm");
    fits(s, a.id, d_.formats.alid);
    a.text = s.text("text");
    if (a.text.size() > 120) s.refuse("text", "text (ALTX has at most 120 characters)");
    a.category = static_cast<std::uint8_t>(s.integer("category", {.least = 0, .most = 127}, 0));
    a.state = optional_state(s);
    s.finish();
    d_.alarms.push_back(std::move(a));
  }

  void read_trace(Sheet& s) {
    Trace t;
    t.id = fresh(s, trace_ids_, "trace");
    fits(s, t.id, d_.formats.trid);
    const double period_s = s.number("period_s", {.least = 0.01, .most = 359'999.0});
    t.period_ms = static_cast<core::Tick>(std::llround(period_s * 100.0)) * 10;  // DSPER: 10 ms
    t.samples = static_cast<std::uint32_t>(
        s.integer("samples", {.least = 1, .most = U4Max}, 2'147'483'647));
    t.group = static_cast<std::uint32_t>(s.integer("group", {.least = 1, .most = 10'000}, 1));
    for (Sheet& one : tables_of(s, "signals")) {
      Signal signal;
      signal.variable = variable(one, "variable", one.text("variable"));
      signal.parameter = one.text("parameter", d_.variables[signal.variable].name);
      const std::string units = one.text("unit", "");
      const auto unit = event::parse_unit(units);
      if (!unit) one.refuse("unit", fmt::format("unit = \"{}\" (no unit of the schema)", units));
      signal.unit = *unit;
      one.finish();
      t.signals.push_back(std::move(signal));
    }
    if (t.signals.empty()) s.refuse("signals", "a trace without signals (it says nothing)");
    s.finish();
    d_.traces.push_back(std::move(t));
  }

  void read_command(Sheet& s) {
    Command c;
    c.name = name(s, command_names_, "command");
    std::set<std::string> names;
    for (Sheet& one : tables_of(s, "parameters")) {
      Parameter p;
      p.name = name(one, names, "parameter");
      p.format = choose<secs::Kind>(one, "format", formats(), secs::Kind::Ascii);
      p.least = optional_number(one, "least");
      p.most = optional_number(one, "most");
      p.values = one.texts("values");
      one.finish();
      c.parameters.push_back(std::move(p));
    }
    s.finish();
    d_.commands.push_back(std::move(c));
  }

  void read_module(Sheet& s) {
    Module m;
    m.name = name(s, module_names_, "module");
    m.state = variable(s, "state", s.text("state"));
    m.task = optional_variable(s, "task");
    m.blocked = optional_variable(s, "blocked");
    s.finish();
    d_.modules.push_back(std::move(m));
  }

  void read_trackers() {
    Sheet jobs = root_.table("jobs");
    d_.jobs = {.job = optional_variable(jobs, "job"),
               .state = optional_variable(jobs, "state"),
               .lots = optional_variable(jobs, "lots"),
               .recipe = optional_variable(jobs, "recipe")};
    if (!jobs.keys().empty() && (d_.jobs.state == None || d_.jobs.job == None))
      jobs.refuse("", "[jobs] needs 'job' and 'state'");
    jobs.finish();
    Sheet wafers = root_.table("substrates");
    d_.substrates = {.id = optional_variable(wafers, "id"),
                     .lot = optional_variable(wafers, "lot"),
                     .location = optional_variable(wafers, "location"),
                     .processing = optional_variable(wafers, "processing"),
                     .wafers = optional_variable(wafers, "wafers")};
    if (!wafers.keys().empty() && (d_.substrates.id == None || d_.substrates.lot == None))
      wafers.refuse("", "[substrates] needs 'id' and 'lot'");
    wafers.finish();
  }

  void read_tool(Sheet& s) {
    Instance t;
    t.name = name(s, tool_names_, "tool");
    const std::string address = s.text("address");
    const std::size_t colon = address.rfind(':');
    const std::string port = colon == std::string::npos ? "" : address.substr(colon + 1);
    const bool digits = !port.empty() && port.size() < 6 &&
                        std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || colon == 0 || std::stoi(port) < 1 || std::stoi(port) > 65'535) {
      s.refuse("address",
               fmt::format("address = \"{}\" (must be HOST:PORT, port 1 to 65535)", address));
    }
    t.host = address.substr(0, colon);
    t.port = static_cast<std::uint16_t>(std::stoi(port));
    t.device = static_cast<std::uint16_t>(s.integer("device", {.least = 0, .most = 32'767}, 0));
    s.finish();
    d_.tools.push_back(std::move(t));
  }

  Sheet root_;
  Description d_;
  std::map<std::string, std::uint32_t> variable_;  // name -> index
  std::map<secs::Key, std::uint32_t> report_;      // id -> index
  std::array<std::uint32_t, FieldCount> fields_{};
  std::set<secs::Key> variable_ids_, report_ids_, event_ids_, alarm_ids_, trace_ids_;
  std::set<std::string> variable_names_, event_names_, command_names_, module_names_, tool_names_;
  std::set<Role> taken_roles_;
  std::set<Moment> taken_moments_;
};

}  // namespace

Description read_description(std::string_view text, const std::string& file) {
  return Reader(text, file).read();
}

Description read_description(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw core::Error(core::Place{file.string(), 0, {}}, "cannot be read (is it there?)");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return read_description(text, file.string());
}

}  // namespace twin::link::tool
