#include "apps/fabtwin/serve/rig.hpp"

#include <algorithm>
#include <utility>

#include "apps/plant/comparison.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::link::Taken;

Site timed(Site site, std::int64_t time_zero_ms) {
  site.time_zero_ms = time_zero_ms;
  return site;
}

}  // namespace

Rig::Rig(twin::record::Disk& disk, std::shared_ptr<const twins::fab::Layout> layout,
         RigOptions options)
    : disk_(disk),
      layout_(std::move(layout)),
      options_(std::move(options)),
      plant_(layout_, options_.plant),
      arrivals_(plant_.sources(), plant_.fab().names()) {
  options_.site = timed(std::move(options_.site), options_.plant.time_zero_ms);
  open();
}

void Rig::open() {
  ++life_;
  living_ = std::make_unique<Living>(disk_, options_.site, layout_,
                                     plant_.now() + options_.site.time_zero_ms);
}

void Rig::kill() {
  living_.reset();
  open();
}

void Rig::deliver(const plant::Delivery& delivery) {
  twin::link::Arrival arrival = arrivals_.arrival(*delivery.message, delivery.at);
  const auto silent = [&](const std::string& begin) { return arrival.source.starts_with(begin); };
  if (std::ranges::any_of(silent_, silent)) return;  // not acknowledged: it comes again
  if (delivery.corrupt) {
    ++unreadable_;
    living_->door().unreadable(arrival, "broken bytes");
    return;  // not acknowledged: it comes again
  }
  living_->door().take(std::move(arrival), arrivals_.names(),
                       [this, ticket = delivery.ticket, life = life_](Taken how) {
                         if (life != life_) return;
                         ++taken_[static_cast<std::size_t>(how)];
                         if (how != Taken::Refused) plant_.wire().acknowledge(ticket, plant_.now());
                       });
}

void Rig::beat() {
  const Tick now_ms = plant_.now() + options_.site.time_zero_ms;
  (void)living_->journal().commit();
  living_->pass(now_ms);
  if (options_.forecasts) {
    if (auto work = living_->due(now_ms))
      living_->made(*work, Living::run(living_->layout(), *work));
  }
  if (options_.advice) {
    const AdviceSettings& settings = *options_.site.advice;
    while (auto work = living_->to_judge())
      living_->judged(*work, judge(living_->layout(), settings, *work), now_ms);
    if (auto work = living_->advice_due(now_ms))
      living_->advised(advise(living_->layout(), settings, options_.site.time_zero_ms, *work),
                       now_ms);
  }
  if (options_.operate) options_.operate(*living_, plant_, now_ms);
}

void Rig::run_until(Tick until) {
  while (plant_.now() < until) {
    const Tick next = std::min(until, (plant_.now() / options_.beat_ms + 1) * options_.beat_ms);
    plant_.run_until(next, [this](const plant::Delivery& d) { deliver(d); });
    beat();
  }
}

bool Rig::settle(Tick at_most) {
  while (plant_.now() < at_most) {
    const Tick next = std::min(at_most, plant_.now() + options_.beat_ms);
    const bool all = plant_.settle(next, [this](const plant::Delivery& d) { deliver(d); });
    beat();
    if (all) return true;
  }
  return false;
}

twins::fab::View Rig::believed() {
  const auto fold = living_->believed(plant_.fab().now() + options_.site.time_zero_ms);
  return plant::in_plant_numbers(twins::fab::observe(*layout_, fold.x),
                                 living_->belief().live.dialect);
}

std::string Rig::difference() {
  return twins::fab::first_difference(*layout_, believed(), plant_.fab().view());
}

}  // namespace apps::fabtwin::serve
