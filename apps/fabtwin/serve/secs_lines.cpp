#include "apps/fabtwin/serve/secs_lines.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "twin/link/gem/over_hsms.hpp"

namespace apps::fabtwin::serve {

namespace gem = twin::link::gem;
namespace hsms = twin::link::hsms;
namespace secs = twin::link::secs;
using twin::link::Taken;

namespace {

// GEM's pauses are of real time; beside an accelerated plant they are longer in site time, or a tool
// would be asked for its spool hundreds of times a second.
gem::HostOptions host_options(const std::string& tool, const SecsLines::Options& options) {
  gem::HostOptions o{.tool = tool};
  if (options.define_reports) o.configuration = hsms::Configuration::BySiteFile;
  for (Tick* pause : {&o.retry_ms, &o.spool_again_ms, &o.spool_poll_ms}) {
    *pause = static_cast<Tick>(static_cast<double>(*pause) * std::max(1.0, options.speed));
  }
  return o;
}

// How often the record knows this tool to have been talked to. What a tool does not number is counted
// by session: two sessions of one number would be taken for one, and the second's messages for the
// first's.
std::uint32_t sessions_of(const twin::link::DoorMemory& memory, const std::string& tool) {
  const std::string begin = "secs/" + tool + "/";  // "host", "trace/..."
  std::uint32_t sessions = 0;
  const auto& names = memory.names.of(twin::event::Table::Source);
  for (std::size_t s = 0; s < std::min(names.size(), memory.sources.size()); ++s) {
    const auto& epochs = memory.sources[s].epochs;
    if (!epochs.empty() && std::string_view(names[s]).starts_with(begin)) {
      sessions = std::max(sessions, epochs.back().epoch);
    }
  }
  return sessions;
}

}  // namespace

// A host with its line. What GEM knows of time is the site's, what HSMS does the line's.
struct SecsLines::Line {
  Line(const gem::EquipmentModel& model, const Options& options, const LineMemory& memory,
       std::uint32_t sessions)
      : tool(memory.tool),
        noted(memory.defined),
        host(model, host_options(memory.tool, options),
             {.defined = memory.defined, .sessions = sessions}),
        adapter(model, memory.tool, memory.adapter),
        site_time(options.site_time) {}

  // As gem::exchange asks of a side.
  void selected(Tick) { host.selected(site_time()); }
  void lost(Tick) { host.lost(site_time()); }
  void received(secs::Message message, std::vector<std::uint8_t> frame, Tick) {
    host.received(std::move(message), std::move(frame), site_time());
  }
  void failed(std::uint32_t system, hsms::Why why, Tick) { host.failed(system, why, site_time()); }
  void tick(Tick) { host.tick(site_time()); }
  template <class Send>
  void flush(Send&& send) {
    host.flush(send);
  }

  std::string tool;
  std::uint64_t noted;  // the definitions that the record says it has acknowledged
  gem::Host host;
  gem::Adapter adapter;
  std::function<Tick()> site_time;
  std::size_t number = 0;              // of its session
  std::map<std::uint32_t, Told> told;  // by the host's number of the request
};

SecsLines::SecsLines(twin::link::Door& door, Options options)
    : door_(door),
      options_(std::move(options)),
      model_(twin::link::tool::read_description(options_.description, options_.file)),
      sockets_(options_.line_time) {
  if (options_.disk != nullptr)
    catch_up(options_.memories, model_, *options_.disk, options_.record);
  // Another run must not take late answers to this one for its own.
  auto first_system = static_cast<std::uint32_t>(options_.line_time()) | 1U;
  for (const SiteTool& tool : options_.tools) {
    auto line = std::make_shared<Line>(model_, options_, options_.memories.of(tool.name),
                                       sessions_of(door_.memory(), tool.name));
    hsms::Options session{.role = hsms::Role::Active, .side = hsms::Side::Host, .tool = tool.name};
    session.configuration = options_.define_reports ? hsms::Configuration::BySiteFile
                                                    : hsms::Configuration::NeedsPermit;
    session.pace = hsms::Pace::Together;
    session.first_system = first_system;
    first_system += 1'000'003U;
    Line* at = line.get();
    line->number = sockets_.add(session, {.host = tool.address.host, .port = tool.address.port},
                                [this, at](hsms::Session& with, Tick now) {
                                  gem::exchange(*at, with, now);
                                  hear(*at);
                                  gem::exchange(*at, with, now);
                                  return std::min(with.deadline(), now + 1'000);
                                });
    lines_.push_back(std::move(line));
  }
}

SecsLines::~SecsLines() = default;

void SecsLines::hear(Line& line) {
  using What = gem::News::What;
  while (const auto news = line.host.next()) {
    if (news->what == What::Clock) {
      door_.clock_answer(line.adapter.source(),
                         {.asked = news->asked, .answered = news->at, .clock = news->clock});
    }
    if (news->what == What::Answer) {
      const auto to = line.told.find(news->request);
      if (to == line.told.end()) continue;
      const bool came = news->why == hsms::Why::None;
      to->second(came ? ToolAnswer{.message = news->message, .why = {}}
                      : ToolAnswer{.message = {},
                                   .why = "no answer came (" +
                                          std::string(hsms::text_of(news->why)) + ")"});
      line.told.erase(to);
    }
    if (news->what == What::Report) hear_report(line, *news);
    if (news->what == What::Snapshot) hear_state(line, *news);
  }
  // The record knows what the tool has acknowledged, so that nothing is defined again after a kill.
  const std::uint64_t defined = line.host.memory().defined;
  if (defined != line.noted && options_.note &&
      options_.note(reports_note(line.tool, defined, line.site_time())))
    line.noted = defined;
}

void SecsLines::hear_report(Line& line, const gem::News& news) {
  gem::Read read = line.adapter.read(news, line.host.memory().sessions, names_);
  if (!read.arrival) {
    // Kept with its reason; not acknowledged, so that a tool that only stammered says it again.
    door_.unreadable(read.unreadable, read.why);
    line.host.taken(news.ticket, Taken::Refused, line.site_time());
    return;
  }
  // The line may be gone when the record has it: then the tool keeps its report and sends it again.
  const auto shared =
      std::find_if(lines_.begin(), lines_.end(), [&](const auto& l) { return l.get() == &line; });
  line.adapter.became(
      door_.take(std::move(*read.arrival), names_,
                 [this, weak = std::weak_ptr<Line>(*shared), ticket = news.ticket](Taken taken) {
                   const auto there = weak.lock();
                   if (!there) return;
                   there->host.taken(ticket, taken, there->site_time());
                   sockets_.wake(there->number);
                 }));
}

// What the tool says that it is, asked anew on each line: nobody waits for an answer.
void SecsLines::hear_state(Line& line, const gem::News& news) {
  gem::Read read = line.adapter.read(news, line.host.memory().sessions, names_);
  if (!read.why.empty()) door_.unreadable(read.unreadable, read.why);
  if (read.arrival) line.adapter.became(door_.take(std::move(*read.arrival), names_, {}));
}

SecsLines::Line* SecsLines::line_of(const std::string& tool) const {
  const auto at = std::ranges::find_if(lines_, [&](const auto& l) { return l->tool == tool; });
  return at == lines_.end() ? nullptr : at->get();
}

std::optional<gem::Phase> SecsLines::phase(const std::string& tool) const {
  const Line* line = line_of(tool);
  if (line == nullptr) return std::nullopt;
  return line->host.phase();
}

std::string SecsLines::unready(const std::string& tool) const {
  const Line* line = line_of(tool);
  if (line == nullptr) return tool + " has no line";
  if (line->host.phase() != gem::Phase::Running) return "the line of " + tool + " does not tell";
  const auto control = line->host.control();
  return control && *control != gem::Control::Remote ? tool + " is not on-line and remote" : "";
}

std::string SecsLines::command(const std::string& tool, secs::Message message,
                               twin::guard::Permit permit, Told told) {
  Line* line = line_of(tool);
  if (line == nullptr) return tool + " has no line";
  const auto [request, number] = line->host.ask(std::move(message), std::move(permit));
  switch (request) {
    case gem::Request::Queued: break;
    case gem::Request::NeedsPermit: return "its permit is for another message";
    case gem::Request::NotRemote: return tool + " is not on-line and remote";
    case gem::Request::Full: return "too many messages wait for " + tool;
  }
  line->told.emplace(number, std::move(told));
  sockets_.wake(line->number);
  return {};
}

void SecsLines::turn(std::chrono::milliseconds wait) { sockets_.turn(wait); }

void SecsLines::shut() { sockets_.shut(std::chrono::milliseconds(500)); }

std::size_t SecsLines::running() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      lines_, [](const auto& line) { return line->host.phase() == gem::Phase::Running; }));
}

std::vector<LineMemory> SecsLines::memory() const {
  LineMemories all = options_.memories;  // those of tools that are not followed now, too
  for (const auto& line : lines_) {
    all.of(line->tool) = {
        .tool = line->tool, .defined = line->noted, .adapter = line->adapter.memory()};
  }
  return std::move(all.lines);
}

std::uint64_t SecsLines::definitions() const {
  std::uint64_t all = 0;
  for (const auto& line : lines_) all += line->host.counts().definitions;
  return all;
}

std::uint64_t SecsLines::reports() const {
  std::uint64_t all = 0;
  for (const auto& line : lines_) all += line->host.counts().reports;
  return all;
}

}  // namespace apps::fabtwin::serve
