#include "apps/fabtwin/serve/picture.hpp"

#include <fmt/format.h>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/table.hpp"
#include "twin/event/iso_time.hpp"

namespace apps::fabtwin::serve {
namespace {

enum class Tone : std::uint8_t { Plain, Strong, Good, Bad };

// A page of lines that are never longer than the terminal is wide, whatever stands in a name.
class Page {
 public:
  Page(std::size_t width, Colours colours) : width_(width), colours_(colours) {}

  void line(std::string_view text, Tone tone = Tone::Plain) {
    std::string cut(text.substr(0, width_));
    for (char& c : cut) {
      if (static_cast<unsigned char>(c) < 0x20U) c = '?';
    }
    if (colours_ == Colours::Ansi && tone != Tone::Plain) {
      cut = fmt::format("\x1b[{}m{}\x1b[0m",
                        tone == Tone::Strong ? "1" : (tone == Tone::Good ? "32" : "1;31"), cut);
    }
    text_ += cut + '\n';
  }
  void lines(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::size_t width_;
  Colours colours_;
  std::string text_;
};

std::string lots(const Interval& i) {
  return fmt::format("{:.0f} [{:.0f}, {:.0f}]", i.middle, i.low, i.high);
}

void head_picture(Page& page, const Picture& p) {
  page.line(
      fmt::format("fabtwin  {}  {}{}", p.site, time_text(p.now_ms),
                  p.speed == 1.0 ? std::string() : fmt::format("  ({:g} x real time)", p.speed)),
      Tone::Strong);
  for (const std::string& why : p.missing) page.line("NOT READY: " + why, Tone::Bad);
  if (!p.trouble.empty()) page.line("RECORD: " + p.trouble, Tone::Bad);
  page.line(fmt::format("data {} old{}", duration_text(p.data_age_ms),
                        p.stale ? ": STALE, forecasts are widened" : ""),
            p.stale ? Tone::Bad : Tone::Good);
  if (!p.diverged.empty()) page.line("NOT VALID: " + p.diverged, Tone::Bad);
  for (const SilentRow& row : p.silent)
    page.line(fmt::format("SILENT: {} {} line{} for {}; forecasts begin before that", row.count,
                          row.lines, row.count == 1 ? "" : "s", duration_text(row.age_ms)),
              Tone::Bad);
  page.line("");
  page.line(fmt::format("WIP {} lots   out {} in 24 h, {} in 7 d{}", grouped(p.wip, 0),
                        grouped(static_cast<double>(p.left.out_day), 0),
                        grouped(static_cast<double>(p.left.out_week), 0),
                        p.left.cycle_days > 0.0
                            ? fmt::format("   cycle time {:.1f} d", p.left.cycle_days)
                            : std::string()));
  page.line(
      fmt::format("tools: {} processing, {} setting up, {} loading, {} idle, {} in maintenance, "
                  "{} down",
                  p.processing, p.setup, p.handling, p.idle, p.maintenance, p.down));
  page.line(
      fmt::format("record {} entries ({:.0f}/s)   doubled {}   missing {} in {} gaps   late {}",
                  grouped(static_cast<double>(p.entries), 0), p.messages_s, p.duplicates,
                  p.missing_messages, p.gaps, p.late));
  page.line(fmt::format("set aside: {} at the door, {} by the mirror", p.quarantined, p.anomalies));
  for (const LinkRow& link : p.links) {
    page.line(fmt::format("link {}: {}", link.name, link.state),
              link.well ? Tone::Plain : Tone::Bad);
  }
}

void bottlenecks(Page& page, const Picture& p) {
  if (p.bottlenecks.empty()) return;
  page.line("");
  Table table({"bottleneck", "tools able", "queue now",
               p.horizon.empty() ? "queue ahead" : "queue in " + p.horizon});
  for (const BottleneckRow& row : p.bottlenecks) {
    table.row({row.group, fmt::format("{} of {}", row.able, row.tools),
               fmt::format("{}", row.queue), row.forecast ? lots(row.queue_ahead) : "-"});
  }
  page.lines(table.text());
}

std::string percent(const std::optional<double>& skill) {
  return skill ? fmt::format("{:+.0f} %", 100.0 * *skill) : "-";
}

void ahead(Page& page, const Picture& p) {
  page.line("");
  if (!p.forecast) {
    page.line("no forecast yet");
    return;
  }
  page.line(fmt::format("in {}: WIP {} lots (median [90 %]; {} members, made {})", p.horizon,
                        lots(p.wip_ahead), p.members, time_text(p.forecast_ms)));
  std::string out;
  for (const OutRow& row : p.out_ahead)
    out += fmt::format("{} {} in {}", out.empty() ? "" : ",", lots(row.out), row.horizon);
  if (!out.empty()) page.line("lots out:" + out);
  out.clear();
  for (const Interval& day : p.out_days) out += (out.empty() ? " " : ", ") + lots(day);
  if (p.out_days.size() > 1) page.line("day by day:" + out);
  if (p.scores.empty()) {
    page.line("not scored yet: no forecast's time has come");
    return;
  }
  Table table({"scored", "ahead", "scores", "in 90 %", "95 % bounds", "better than uncalibrated",
               "than rule of thumb"});
  for (const ScoreRow& row : p.scores) {
    table.row({row.quantity, row.horizon, fmt::format("{}", row.scores),
               fmt::format("{:.1f} %", 100.0 * row.coverage),
               fmt::format("{:.0f} to {:.0f} %", 100.0 * row.low, 100.0 * row.high),
               percent(row.skill_nominal), percent(row.skill)});
  }
  page.lines(table.text());
  if (p.forecasts_missed != 0)
    page.line(fmt::format("{} moments were not scored: nobody can tell how the fab was",
                          p.forecasts_missed));
}

}  // namespace

std::string time_text(twin::core::Tick ms) {
  std::string text(twin::event::IsoTimeLength, '-');
  if (!twin::event::IsoTime(0).write(ms, text.data())) return fmt::format("{} ms", ms);
  return text.substr(0, 10) + ' ' + text.substr(11, 8) + " UTC";
}

std::string unwell(const Picture& p) {
  if (!p.trouble.empty()) return "the record: " + p.trouble;
  if (p.stale) return "the data are stale";
  // What people approved they approved by what it said.
  if (!p.diverged.empty()) return "to be validated again, " + p.diverged;
  return "";
}

std::string picture_text(const Picture& p, std::size_t width, Colours colours) {
  Page page(width, colours);
  head_picture(page, p);
  bottlenecks(page, p);
  ahead(page, p);
  if (!p.rule.empty()) {
    page.line("");
    page.line("dispatching by " + p.rule + (p.advice.empty() ? "; nothing was advised yet" : ""));
  }
  for (const std::string& line : p.advice) page.line("ADVICE " + line, Tone::Strong);
  if (!p.alarms.empty()) page.line("");
  for (const std::string& alarm : p.alarms) page.line("ALARM " + alarm, Tone::Bad);
  return page.take();
}

std::string picture_line(const Picture& p) {
  return fmt::format(
             "{} {}: WIP {}, out {} in 24 h, {} tools down, data {} old, {} entries, {} missing, "
             "{} "
             "quarantined{}{}",
             time_text(p.now_ms), p.missing.empty() ? "ready" : "not ready", p.wip, p.left.out_day,
             p.down, duration_text(p.data_age_ms), p.entries, p.missing_messages, p.quarantined,
             p.forecast
                 ? fmt::format("; in {}: WIP {}{}", p.horizon, lots(p.wip_ahead),
                               p.out_ahead.empty()
                                   ? std::string()
                                   : fmt::format(", out {} in {}", lots(p.out_ahead.front().out),
                                                 p.out_ahead.front().horizon))
                 : std::string(),
             p.alarms.empty() ? std::string() : "; ALARM " + p.alarms.front()) +
         (p.advice.empty() ? std::string() : "; ADVICE " + p.advice.front()) +
         (p.diverged.empty() ? std::string() : "; NOT VALID: " + p.diverged) +
         (p.trouble.empty() ? std::string() : "; RECORD: " + p.trouble);
}

}  // namespace apps::fabtwin::serve
