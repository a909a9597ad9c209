// The server's way to the guard: what may be sent at all, by which line, and what people read of it.
#include <fmt/format.h>

#include "apps/fabtwin/real_time.hpp"
#include "apps/fabtwin/serve/proposal.hpp"
#include "apps/fabtwin/serve/server.hpp"
#include "twin/core/error.hpp"

namespace apps::fabtwin::serve {

void Server::cap_automation() {
  if (!site_.advice) return;
  if (site_.guard) limits_ = guard_limits(site_);
  capped_ = cap_levels(site_.advice->policy, limits_ ? &*limits_ : nullptr);
  for (const Capped& c : capped_)
    log_.warning(now_ms(), "automation", {{"class", c.name}, {"level", "4"}, {"why", c.why}});
}

void Server::open_guard() {
  if (!site_.guard) return;
  permits_ = std::make_unique<Permits>(Permits::Options{
      .settings = *site_.guard,
      .limits = *limits_,
      .clock = clock_,
      .real_ms = [] { return Tick{real_ms()}; },
      .line_ms = [] { return Tick{line_ms()}; },
      .people = [this]() -> const twin::people::People& { return living_->people(); },
      .lasting = [this]() -> const twin::people::People& {
        return living_->belief().counselled.people;
      },
      .decide =
          [this](const twin::people::Asked& asked) { return living_->decide(asked, now_ms()); },
      .tools =
          [this](const twin::people::Act& act) {
            const Tongue tongue{*living_->layout(), living_->belief().live.dialect,
                                site_.time_zero_ms};
            return tools_of(tongue, living_->believed(now_ms()).x, act);
          },
      .unready = [this](const std::string& tool) { return secs_->unready(tool); },
      .send =
          [this](const std::string& tool, twin::link::secs::Message message,
                 twin::guard::Permit permit, SecsLines::Told told) {
            return secs_->command(tool, std::move(message), std::move(permit), std::move(told));
          },
      // Asked each turn while something waits, and a picture is dear.
      .unwell = [this, again = Tick{0}, why = std::string()]() mutable -> std::string {
        if (const std::string trouble = living_->trouble(); !trouble.empty())
          return "the record: " + trouble;
        if (line_ms() >= again) {
          why = unwell(living_->picture(now_ms()));
          again = line_ms() + 1'000;
        }
        return why;
      },
      .log =
          [this](const std::string& id, const std::string& what) {
            log_.info(now_ms(), "permit", {{"id", id}, {"what", what}});
          }});
  living_->complete_proposals_by([this](twin::people::Recommendation& r) { permits_->attach(r); });
}

// Where people are advised it is said what the twin does by itself: nothing, as a rule.
void Server::show_guard(Picture& p) const {
  if (!site_.advice) return;
  std::string text = "none: nothing is sent, people carry out what they approve (level 4)";
  bool well = true;
  if (permits_) {
    const Permits::Status status = permits_->status();
    text = status.state;
    well = status.well;
  }
  for (const Capped& c : capped_) text += fmt::format("; '{}' by hand ({})", c.name, c.why);
  p.links.push_back({.name = "guard", .state = std::move(text), .well = well});
}

}  // namespace apps::fabtwin::serve
