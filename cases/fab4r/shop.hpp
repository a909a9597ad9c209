// Dispatching as the job-shop simulator jasima does it, in whose tests the FAB4r results stand: of
// all pairs of a free machine and a waiting job the best starts, then the next best. Our engine asks
// one tool after the other instead, so these cases give it this dispatching for their own rules.
// Source: github.com/jasima-simulator/jasima-simcore, commit bd3ec52, core/.../WorkStation.java.
#pragma once
#include <cstdint>
#include <filesystem>
#include <tuple>

#include "cases/kit/shared.hpp"
#include "twins/fab/fab.hpp"
#include "twins/fab/import/mimac.hpp"

namespace cases {

inline std::filesystem::path fab4r_file() { return reference_folder() / "mimac" / "fab4r.txt"; }

struct DispatchBestPairs {
  // (rule's value, machine, job number), the smallest first. A total order: nothing else decides.
  using Key = std::tuple<double, std::uint32_t, std::uint32_t>;

  template <class Engine>
  static void dispatch(Engine& e, std::uint32_t g) {
    const twins::fab::GroupInfo& info = e.m.groups[g];
    twins::fab::Group& group = e.x.groups[g];
    while (group.able_head != twins::fab::None && group.waiting != 0)
      if (!(info.batch ? start_batch(e, g) : start_pair(e, g))) return;
  }

 private:
  template <class Engine, class F>
  static void each_waiting(Engine& e, std::uint32_t g, const F& f) {
    const twins::fab::GroupInfo& info = e.m.groups[g];
    for (std::uint32_t line = info.first_line; line < info.first_line + info.lines; ++line)
      for (std::uint32_t l = e.x.lines[line].head; l != twins::fab::None; l = e.x.lots[l].next)
        f(l);
  }

  // Means over all jobs that wait for the group, as seen from one machine.
  template <class Engine>
  static twins::fab::Look look_from(Engine& e, std::uint32_t g, std::uint32_t tool) {
    twins::fab::Look look{e.x.now};
    double process = 0.0, setup = 0.0, jobs = 0.0;
    each_waiting(e, g, [&](std::uint32_t l) {
      process += twins::fab::process_ms(e.m, e.x.lots[l]);
      setup += setup_of(e, tool, l);
      jobs += 1.0;
    });
    look.mean_process_ms = process / jobs;
    look.mean_setup_ms = setup / jobs;
    return look;
  }

  template <class Engine>
  static double setup_of(Engine& e, std::uint32_t tool, std::uint32_t lot) {
    return static_cast<double>(e.setup_ticks(e.x.tools[tool], e.m.steps[e.x.lots[lot].step]));
  }

  template <class Engine>
  static Key key(Engine& e, twins::fab::Look look, std::uint32_t tool, std::uint32_t lot) {
    look.setup_ms = setup_of(e, tool, lot);
    return {e.rule(e.m, e.x.lots[lot], look), tool, e.x.lots[lot].id};
  }

  template <class Engine>
  static bool start_pair(Engine& e, std::uint32_t g) {
    std::uint32_t tool = twins::fab::None, lot = twins::fab::None;
    Key best;
    for (std::uint32_t t = e.x.groups[g].able_head; t != twins::fab::None; t = e.x.tools[t].next) {
      const twins::fab::Look look = look_from(e, g, t);
      each_waiting(e, g, [&](std::uint32_t l) {
        const Key mine = key(e, look, t, l);
        if (lot == twins::fab::None || mine < best) best = mine, tool = t, lot = l;
      });
    }
    e.dequeue(lot);
    e.start_job(tool, lot);
    return true;
  }

  // The best job whose family holds the minimum leads; the best of its family fill the batch.
  template <class Engine>
  static bool start_batch(Engine& e, std::uint32_t g) {
    const std::uint32_t tool = e.x.groups[g].able_head;
    const twins::fab::Look look = look_from(e, g, tool);
    const auto best_of = [&](const auto& allowed) {
      std::uint32_t lot = twins::fab::None;
      Key best;
      each_waiting(e, g, [&](std::uint32_t l) {
        if (!allowed(e.x.lots[l])) return;
        const Key mine = key(e, look, tool, l);
        if (lot == twins::fab::None || mine < best) best = mine, lot = l;
      });
      return lot;
    };
    const std::uint32_t lead = best_of([&](const twins::fab::Lot& lot) {
      return e.x.lines[lot.line].wafers >= e.m.steps[lot.step].batch_min;
    });
    if (lead == twins::fab::None) return false;
    const std::uint32_t family = e.x.lots[lead].line;
    const std::uint32_t room = e.m.steps[e.x.lots[lead].step].batch_max;
    std::uint32_t first = twins::fab::None, last = twins::fab::None;
    for (std::uint32_t jobs = 0; jobs < room; ++jobs) {
      const std::uint32_t l =
          best_of([&](const twins::fab::Lot& lot) { return lot.line == family; });
      if (l == twins::fab::None) break;
      e.dequeue(l);
      (first == twins::fab::None ? first : e.x.lots[last].next) = l;
      last = l;
    }
    e.start_job(tool, first);
    return true;
  }
};

// A listener that hears nothing but finished lots.
template <class Finished>
struct OnFinish {
  static constexpr bool Enabled = true;
  Finished finish;

  using M = twins::fab::Layout;
  using X = twins::fab::State;
  using U = std::uint32_t;
  void finished(const M&, const X& x, U slot) { finish(x, x.lots[slot]); }
  void released(const M&, const X&, U) {}
  void skipped(const M&, const X&, U, U) {}
  void moved(const M&, const X&, U, twins::fab::Tick) {}
  void arrived(const M&, const X&, U) {}
  void held(const M&, const X&, U) {}
  void reworked(const M&, const X&, U, U) {}
  void started(const M&, const X&, U, U, bool) {}
  void ended(const M&, const X&, U, U) {}
  void went_down(const M&, const X&, U, U) {}
  void came_up(const M&, const X&, U, U) {}
  void pm_due(const M&, const X&, U, U) {}
  void pm_started(const M&, const X&, U, U) {}
  void pm_ended(const M&, const X&, U, U) {}
};

}  // namespace cases
