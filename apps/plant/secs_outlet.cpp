#include "apps/plant/secs_outlet.hpp"

#include <algorithm>
#include <cmath>

#include "apps/plant/tool_class.hpp"
#include "twin/core/error.hpp"
#include "twin/link/gem/over_hsms.hpp"

namespace apps::plant {

namespace gem = twin::link::gem;
namespace hsms = twin::link::hsms;
namespace secs = twin::link::secs;
using twin::core::Never;

namespace {

std::optional<Command::Kind> command_of(std::string_view name) {
  if (name == "HOLD") return Command::Kind::Hold;
  if (name == "RELEASE") return Command::Kind::Release;
  if (name == "PRIORITY") return Command::Kind::Priority;
  if (name == "PM_START") return Command::Kind::StartPm;
  if (name == "RECIPE_OFFSET") return Command::Kind::RecipeOffset;
  return std::nullopt;
}

std::uint32_t variable(const twin::link::tool::Description& d, std::string_view name) {
  const auto at = std::ranges::find(d.variables, name, &twin::link::tool::Variable::name);
  TWIN_EXPECT(at != d.variables.end(), std::string(name));
  return static_cast<std::uint32_t>(at - d.variables.begin());
}

}  // namespace

// An equipment with its line. What GEM knows of time is the tool's own, what HSMS does the line's.
struct SecsOutlet::Line {
  Line(const gem::EquipmentModel& model, const gem::EquipmentOptions& options,
       std::function<Tick()> own_clock)
      : equipment(model, options), time(std::move(own_clock)) {}

  // As gem::exchange asks of a side.
  void selected(Tick) { equipment.selected(time()); }
  void lost(Tick) { equipment.lost(time()); }
  // What it is when it is asked is as of the fab's moment, which the computer's clock may have passed.
  void received(const secs::Message& m, Tick) {
    const std::optional<Tick> state = m.is(1, 3) && be_read ? be_read() : std::nullopt;
    equipment.received(m, state.value_or(time()));
  }
  void failed(std::uint32_t system, Tick) { equipment.failed(system, time()); }
  void tick(Tick) { equipment.tick(time()); }
  template <class Send>
  void flush(Send&& send) {
    equipment.flush(send);
  }

  // Tells what could not be told before there was a host.
  void tell_on() {
    while (!early.empty()) {
      const auto& [saying, stamp, at] = early.front();
      if (!equipment.tell(saying, time(), stamp)) return;
      told_at.push_back(at);
      early.pop_front();
    }
  }

  struct Early {
    twin::link::tool::Telling::Saying saying;
    twin::link::tool::Stamp stamp;
    Tick at = 0;
  };
  gem::Equipment equipment;
  std::function<Tick()> time;                    // [ms since 1970] by the tool's own clock
  std::function<std::optional<Tick>()> be_read;  // sets the status variables; the clock of then
  std::size_t number = 0;                        // of its session
  std::deque<Early> early;                       // no host has been there yet
  std::deque<Tick> told_at;  // [tick] of what the equipment keeps, the oldest first
  Tick waits = 0;            // [ms] line time of its next call
};

SecsOutlet::SecsOutlet(const Sources& sources, const twins::fab::EventNames& names, Options options)
    : sources_(sources),
      options_(std::move(options)),
      arrivals_(sources, names),
      model_(twin::link::tool::read_description(tool_class_text(), "tools.toml")),
      telling_(model_.description),
      variables_{.equipment = variable(model_.description, "EquipmentState"),
                 .process = variable(model_.description, "ProcessState"),
                 .lots = variable(model_.description, "LotsInProcess")},
      sockets_(options_.line_time) {
  for (std::uint32_t s = 0; s < sources_.mes(); ++s) {
    auto line = std::make_unique<Line>(
        model_,
        gem::EquipmentOptions{.window = options_.window,
                              .spool_max = options_.spool_max,
                              .waiting_max = options_.spool_max},
        [this, s] { return sources_.shown(s, options_.plant_time() - sources_.time_zero_ms()); });
    const std::string name = sources_.name(s).substr(5);  // behind "secs/"
    hsms::Options session{.role = hsms::Role::Passive, .side = hsms::Side::Equipment, .tool = name};
    session.pace = hsms::Pace::Together;
    session.first_system = s * 1'000'003U + 1U;
    const int port = options_.port == 0 ? 0 : options_.port + static_cast<int>(s);
    if (port > 65'535)
      throw twin::core::Error("HSMS port " + std::to_string(options_.port) + " for " +
                              std::to_string(sources_.mes()) +
                              " tools (they reach beyond 65535) a lower one?");
    Line* at = line.get();
    if (options_.status) at->be_read = [this, at, s] { return read_status(*at, s); };
    line->number = sockets_.add(session, {.port = static_cast<std::uint16_t>(port)},
                                [this, at](hsms::Session& with, Tick now) {
                                  gem::exchange(*at, with, now);
                                  serve(*at, now);
                                  gem::exchange(*at, with, now);
                                  return std::min(with.deadline(), now + 1'000);
                                });
    lines_.push_back(std::move(line));
  }
}

SecsOutlet::~SecsOutlet() { sockets_.shut(std::chrono::milliseconds(200)); }

// Nothing where the tool does not say what it is.
std::optional<Tick> SecsOutlet::read_status(Line& line, std::uint32_t source) const {
  const auto is = options_.status(source);
  if (!is) return std::nullopt;
  const Tick clock = sources_.shown(source, is->at);
  secs::Item lots = secs::list();
  for (const std::uint32_t lot : is->lots) lots.add(secs::ascii(lot_name(lot)));
  line.equipment.set(variables_.equipment, secs::u1(static_cast<int>(is->equipment)), clock);
  line.equipment.set(variables_.process, secs::u1(static_cast<int>(is->process)), clock);
  line.equipment.set(variables_.lots, std::move(lots), clock);
  return clock;
}

void SecsOutlet::serve(Line& line, Tick) {
  while (const auto happening = line.equipment.happened())
    if (happening->what == gem::Happening::What::Command) command(line, *happening);
  line.tell_on();
}

Takes SecsOutlet::tell(const Message& m) {
  if (m.source >= lines_.size()) return Takes::NotMine;
  Line& line = *lines_[m.source];
  const twin::link::Arrival a = arrivals_.arrival(m, m.at);
  auto saying = telling_.say(a.events.front(), arrivals_.names());
  if (!saying)
    throw twin::core::Error("tools.toml: no event for '" + std::string(to_string(m.event.kind)) +
                            "'");
  line.early.push_back(
      {std::move(*saying), {.counter = m.seq, .epoch = m.epoch, .clock = m.clock}, m.at});
  line.tell_on();
  if (line.be_read) static_cast<void>(line.be_read());  // for whoever samples it
  sockets_.wake(line.number);
  return Takes::Mine;
}

// What is no S6F11 by its structure: a host refuses it and the tool says it again.
void SecsOutlet::corrupt(const Message& m, std::uint32_t damage) {
  if (m.source >= lines_.size()) return;
  Line& line = *lines_[m.source];
  static_cast<void>(sockets_.session(line.number)
                        .send(secs::primary(6, 11, secs::Reply::Wanted,
                                            secs::ascii("broken " + std::to_string(damage))),
                              options_.line_time()));
  sockets_.wake(line.number);
}

void SecsOutlet::cut(std::uint32_t source, bool down) {
  if (source >= lines_.size() || !down) return;
  sockets_.session(lines_[source]->number).close(options_.line_time());
  sockets_.wake(lines_[source]->number);
}

// Acknowledgements come in any order within the window, so as many may be older than they seem.
Tick SecsOutlet::settled() const {
  Tick oldest = Never;
  for (const auto& line : lines_) {
    const std::size_t keeps = line->equipment.waiting() + line->equipment.spooled();
    const std::size_t may_keep = keeps == 0 ? 0 : keeps + options_.window;
    auto& told = line->told_at;
    while (told.size() > may_keep) told.pop_front();
    if (!told.empty()) oldest = std::min(oldest, told.front());
    for (const auto& e : line->early) oldest = std::min(oldest, e.at);
  }
  return oldest;
}

void SecsOutlet::turn(std::chrono::milliseconds wait) { sockets_.turn(wait); }

std::vector<NoticedTool> SecsOutlet::doors() const {
  std::vector<NoticedTool> all;
  for (std::uint32_t s = 0; s < lines_.size(); ++s)
    all.push_back({sources_.name(s).substr(5), "127.0.0.1", sockets_.port(lines_[s]->number)});
  return all;
}

std::size_t SecsOutlet::selected() const {
  std::size_t n = 0;
  for (const auto& line : lines_)
    n += line->equipment.communication() == gem::Communication::Communicating;
  return n;
}

void SecsOutlet::command(Line& line, const gem::Happening& asked) {
  gem::CommandAnswer answer{.code = gem::Hcack::BadParameter};
  Command c;
  const auto bad = [&](const std::string& name, gem::Cpack why) {
    answer.parameters.emplace_back(name, why);
  };
  const auto& tools = arrivals_.names().of(twin::event::Table::Tool);
  for (const auto& [name, item] : asked.parameters) {
    const auto text = item.as_text();
    const auto number = item.as_f64();
    if (name == "LOT" && text) {
      const auto lot = lot_number(*text);
      lot ? void(c.lot = *lot) : bad(name, gem::Cpack::BadValue);
    } else if (name == "TOOL" && text) {
      const auto at = std::ranges::find(tools, *text);
      if (at == tools.end()) bad(name, gem::Cpack::BadValue);
      c.tool = static_cast<std::uint32_t>(at - tools.begin());
    } else if (name == "CALENDAR" && number && *number >= 0.0 && *number < 256.0) {
      c.item = static_cast<std::uint32_t>(*number);
    } else if ((name == "VALUE" || name == "PERCENT") && number) {
      c.value = *number;
    } else {
      bad(name, gem::Cpack::BadFormat);
    }
  }
  const auto kind = command_of(asked.name);
  if (!kind) {
    answer.code = gem::Hcack::Unknown;
  } else if (answer.parameters.empty()) {
    c.kind = *kind;
    answer.code = options_.obey(c).done ? gem::Hcack::Done : gem::Hcack::NotNow;
  }
  line.equipment.answer(asked.request, answer);
}

}  // namespace apps::plant
