#include "twins/fab/simulate.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/statistics.hpp"
#include "twins/fab/any_fab.hpp"

namespace twins::fab {

namespace {

Tick day_ticks(double days) { return static_cast<Tick>(std::llround(days * DayMs)); }

Day day_between(const Layout& m, const Reading& a, const Reading& b) {
  Day day;
  day.day = static_cast<double>(b.at) / DayMs;
  day.wip = b.wip;
  for (std::size_t c = 0; c < m.classes.size(); ++c) {
    const ClassTally &from = a.classes[c], &to = b.classes[c];
    day.released += static_cast<double>(to.released - from.released);
    day.finished += static_cast<double>(to.finished - from.finished);
    if (m.classes[c].initial) continue;
    day.cycle_days += static_cast<double>(to.cycle_ticks - from.cycle_ticks) / DayMs;
    day.cycle_lots += static_cast<double>(to.finished - from.finished);
  }
  for (std::size_t g = 0; g < m.groups.size(); ++g)
    day.moves += static_cast<double>(b.groups[g].lots - a.groups[g].lots);
  return day;
}

ReplicationResult replicate(const AnyFab& fab, const std::vector<double>& theta,
                            const RunOptions& options, std::uint32_t member, const RunHooks& hooks,
                            const std::function<void(double)>& progress) {
  const Layout& m = fab.layout();
  const twin::core::Draw draw{options.seed, member};
  const auto begun = std::chrono::steady_clock::now();
  std::optional<Replication> saved = hooks.resume ? hooks.resume(member) : std::nullopt;
  Replication r;
  if (saved) {
    r = std::move(*saved);
  } else {
    r.member = member;
    r.state = fab.initial(theta, draw);
  }
  const Tick end = day_ticks(options.days), warm = day_ticks(options.warmup_days);
  const auto day_length = static_cast<Tick>(DayMs);
  Reading last = read_counters(m, r.state);
  const auto mark_start = [&] {
    if (r.started || r.state.now < warm) return;
    r.start = last;
    r.started = true;
  };
  mark_start();
  while (r.state.now < end &&
         !(hooks.stop != nullptr && hooks.stop->load(std::memory_order_relaxed))) {
    Tick next = std::min((r.state.now / day_length + 1) * day_length, end);
    if (!r.started) next = std::min(next, warm);
    const double before = static_cast<double>(r.state.now);
    fab.advance(r.state, theta, next, draw);
    if (next % day_length == 0 || next == end) {
      Reading now = read_counters(m, r.state);
      if (last.at < now.at) r.days.push_back(day_between(m, last, now));
      last = std::move(now);
    } else {
      last = read_counters(m, r.state);
    }
    mark_start();
    progress((static_cast<double>(r.state.now) - before) / static_cast<double>(end));
  }
  ReplicationResult result;
  result.member = member;
  if (r.started && r.start.at < last.at) {
    result.kpi = key_figures(m, r.start, last);
    for (std::size_t c = 0; c < m.classes.size(); ++c) {
      result.cycle_histogram.emplace_back(CycleBins);
      for (std::size_t i = 0; i < CycleBins; ++i)
        result.cycle_histogram.back()[i] =
            last.classes[c].cycle_histogram[i] - r.start.classes[c].cycle_histogram[i];
    }
  }
  result.days = r.days;
  result.fingerprint = twin::core::fingerprint(r.state);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (hooks.keep) hooks.keep(r);
  return result;
}

}  // namespace

void check_options(const RunOptions& o) {
  const auto refuse = [](const std::string& text) { throw twin::core::Error(text); };
  if (!(o.days > 0.0 && o.days <= 36500.0))
    refuse("days = " + std::to_string(o.days) + " (must be above 0 and at most 36500)");
  if (!(o.warmup_days >= 0.0 && o.warmup_days < o.days))
    refuse("warm-up = " + std::to_string(o.warmup_days) +
           " days (must be at least 0 and shorter than the run of " + std::to_string(o.days) + ")");
  if (o.replications < 1 || o.replications > 1'000'000)
    refuse("replications = " + std::to_string(o.replications) + " (must be 1 to 1000000)");
  if (o.threads < 1 || o.threads > 1024)
    refuse("threads = " + std::to_string(o.threads) + " (must be 1 to 1024)");
}

RunResult run(const std::shared_ptr<const Layout>& layout, const std::vector<double>& theta,
              const RunOptions& options, const RunHooks& hooks) {
  check_options(options);
  const auto fab = make_fab(layout, options.rule);
  RunResult result;
  result.options = options;
  result.replications.resize(options.replications);
  std::atomic<std::uint64_t> done{0};  // in parts of 2^32, so that the order of adding cannot show
  const auto progress = [&](double share) {
    if (!hooks.progress) return;
    const auto parts = static_cast<std::uint64_t>(share * 0x1p32);
    hooks.progress(static_cast<double>(done.fetch_add(parts) + parts) / 0x1p32 /
                   options.replications);
  };
  twin::core::for_each_member(options.replications, options.threads, [&](std::size_t i) {
    const auto member = options.first_replication + static_cast<std::uint32_t>(i);
    if (hooks.stop != nullptr && hooks.stop->load(std::memory_order_relaxed) && !hooks.resume) {
      result.replications[i].member = member;
      return;
    }
    result.replications[i] = replicate(*fab, theta, options, member, hooks, progress);
  });
  result.stopped = hooks.stop != nullptr && hooks.stop->load();
  if (result.stopped)
    std::erase_if(result.replications,
                  [](const ReplicationResult& r) { return r.kpi.groups.empty(); });
  return result;
}

Estimate estimate(const std::vector<double>& values) {
  twin::math::Moments moments;
  for (const double v : values) moments.add(v);
  Estimate e;
  e.n = values.size();
  if (e.n == 0) return e;
  e.mean = moments.mean();
  if (e.n < 2) return e;
  e.sd = std::sqrt(moments.variance());
  e.half_width = twin::math::interval_of(moments).half_width;
  return e;
}

Estimate batch_means_cycle(const ReplicationResult& result, double warmup_days) {
  std::vector<double> cycle_days, cycle_lots;  // [day]
  for (const Day& d : result.days) {
    if (d.day <= warmup_days + 0.5) continue;
    cycle_days.push_back(d.cycle_days);
    cycle_lots.push_back(d.cycle_lots);
  }
  const twin::math::BatchMeans batches = twin::math::batch_means_of_sums(cycle_days, cycle_lots);
  return batches.batch_size < 2 ? Estimate{} : estimate(batches.means);
}

}  // namespace twins::fab
