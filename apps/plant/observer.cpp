#include "apps/plant/observer.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/plant/arrival.hpp"
#include "apps/plant/tool_status.hpp"
#include "twins/fab/view.hpp"

namespace apps::plant {
namespace {

constexpr std::size_t CallersMax = 8, QuestionBytes = 1'024;

// Micro-units of a number that the plant was told as a decimal.
twin::guard::Decimal decimal(double number) {
  return {static_cast<std::int64_t>(std::llround(number * 1e6))};
}

const twins::fab::Lot* lot_named(const twins::fab::State& x, const std::string& name) {
  const auto id = lot_number(name);
  const auto at = std::ranges::find_if(x.lots, [&](const twins::fab::Lot& lot) {
    return id && lot.id == *id && lot.place != twins::fab::LotPlace::Free;
  });
  return at == x.lots.end() ? nullptr : &*at;
}

}  // namespace

Seen sight_of(const Fab& fab, const Look& look) {
  const auto& layout = fab.layout();
  std::uint32_t tool = 0;
  while (tool < layout.tools() && layout.tool_name(tool) != look.tool) ++tool;
  if (tool == layout.tools()) return "there is no tool " + look.tool;
  const auto view = twins::fab::observe_tool(fab.state(), tool);
  const ToolStatus is = tool_status(view, fab.now());
  Sight sight{.state = std::string(to_string(is.equipment)), .conditions = {}, .value = {}};
  if (view.mode == twins::fab::ToolMode::Pm) sight.conditions.emplace_back("pm");
  if (view.mode == twins::fab::ToolMode::Down) sight.conditions.emplace_back("down");
  if (look.lot) {
    const auto* lot = lot_named(fab.state(), *look.lot);
    if (lot == nullptr) return "there is no lot " + *look.lot;
    if (lot->place == twins::fab::LotPlace::Held || lot->hold_requested)
      sight.conditions.emplace_back("held");
    if (look.action == "priority") sight.value = decimal(lot->priority);
  } else if (look.parameter == "PERCENT") {
    sight.value = decimal(fab.recipe_offset(tool));
  }
  return sight;
}

Observer::Observer(const std::string& socket, Options options)
    : options_(std::move(options)), listening_(guard::listen_at(socket)) {}

std::string Observer::answer(std::string_view question) const {
  Look look;
  twin::guard::Reading in{question};
  in.good = twin::guard::take(in.text, "fabtwin-observer") == "look 1";
  Look::fields(in, look);
  if (!in.good || !in.text.empty()) return "refused unreadable";
  const Seen seen = options_.see(look);
  if (const auto* why = std::get_if<std::string>(&seen)) return "refused " + *why;
  const auto& sight = std::get<Sight>(seen);
  using twin::guard::show;
  std::string conditions;
  for (const std::string& c : sight.conditions) conditions += (conditions.empty() ? "" : ",") + c;
  const std::string line = options_.name + " " + look.tool + " " + show(look.lot) + " " +
                           show(look.recipe) + " " + show(look.parameter) + " " + show(look.unit) +
                           " " + show(options_.now_ms()) + " " + sight.state + " " +
                           (conditions.empty() ? "-" : conditions) + " " + show(sight.value);
  const auto signature = twin::guard::sign(options_.seed, twin::guard::witness_text(line));
  return "witness " + line + " " + show(signature) + "\n";
}

void Observer::turn() {
  guard::Descriptor caller(
      ::accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (caller.number() >= 0) {
    if (callers_.size() == CallersMax) callers_.erase(callers_.begin());
    callers_.push_back(std::move(caller));
  }
  std::vector<guard::Descriptor> stay;
  for (guard::Descriptor& one : callers_) {
    std::array<char, QuestionBytes> text{};
    const ssize_t n = ::recv(one.number(), text.data(), text.size(), MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) continue;  // gone
    if (n > 0) {
      const std::string said = answer({text.data(), static_cast<std::size_t>(n)});
      (void)::send(one.number(), said.data(), said.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    stay.push_back(std::move(one));
  }
  callers_ = std::move(stay);
}

}  // namespace apps::plant
