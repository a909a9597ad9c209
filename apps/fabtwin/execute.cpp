#include "apps/fabtwin/execute.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>

#include "apps/fabtwin/exit.hpp"
#include "apps/fabtwin/progress.hpp"
#include "twin/core/expect.hpp"

namespace apps::fabtwin {

using twins::fab::Replication;

Executed execute(const Prepared& prepared, ExecuteOptions options) {
  Executed executed;
  std::mutex guard;
  std::uint64_t events_before = 0, events_after = 0;
  std::map<std::uint32_t, Replication> saved;
  for (Replication& r : options.resume) {
    const std::uint32_t member = r.member;
    const std::uint32_t first = prepared.run.first_replication;
    if (member < first || member - first >= prepared.run.replications) continue;
    events_before += r.state.events;
    saved.emplace(member, std::move(r));
  }
  Progress progress(stderr, options.label);
  twins::fab::RunHooks hooks;
  hooks.stop = options.stop;
  if (progress.visible()) hooks.progress = [&](double share) { progress.show(share); };
  hooks.keep = [&](const Replication& r) {
    const std::scoped_lock lock(guard);
    events_after += r.state.events;
    if (options.keep == Keep::Replications) executed.kept.push_back(r);
  };
  if (!saved.empty()) {
    hooks.resume = [&](std::uint32_t member) -> std::optional<Replication> {
      const std::scoped_lock lock(guard);
      auto node = saved.extract(member);
      if (node.empty()) return std::nullopt;
      return std::move(node.mapped());
    };
  }
  const auto begun = std::chrono::steady_clock::now();
  executed.result = or_fail(Exit::Failed, [&] {
    return twins::fab::run(prepared.layout, prepared.theta, prepared.run, hooks);
  });
  executed.effort.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  executed.effort.events = static_cast<double>(events_after - events_before);
  std::ranges::sort(executed.kept, {}, &Replication::member);
  return executed;
}

twins::fab::RunResult complete_ones(twins::fab::RunResult result) {
  std::erase_if(result.replications, [&](const twins::fab::ReplicationResult& r) {
    return !is_complete(r, result.options);
  });
  return result;
}

Effort execute_each(const std::vector<Prepared>& prepared, const std::vector<std::string>& labels,
                    const std::atomic<bool>& stop, const Take& take) {
  TWIN_EXPECT(prepared.size() == labels.size(), prepared.size(), labels.size());
  Effort effort;
  for (std::size_t i = 0; i < prepared.size() && !stop; ++i) {
    ExecuteOptions options;
    options.label = fmt::format("{} ({} of {})", labels[i], i + 1, prepared.size());
    options.stop = &stop;
    Executed run = execute(prepared[i], std::move(options));
    effort.seconds += run.effort.seconds;
    effort.events += run.effort.events;
    twins::fab::RunResult complete = complete_ones(std::move(run.result));
    if (!complete.replications.empty()) take(i, std::move(complete));
  }
  return effort;
}

}  // namespace apps::fabtwin
