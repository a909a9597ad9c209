#include "apps/fabtwin/uq/carry_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <optional>
#include <thread>

#include "apps/fabtwin/json.hpp"
#include "apps/fabtwin/progress.hpp"
#include "apps/fabtwin/table.hpp"
#include "apps/fabtwin/uq/run_journal.hpp"

namespace apps::fabtwin::uq {
namespace {

using RunClock = std::chrono::steady_clock;

// Looks at a queue ten times a second: for the bar, and whether the user wants it to stop.
class Watch {
 public:
  Watch(twin::uq::EvaluationQueue& queue, const std::atomic<bool>& stop,
        const std::atomic<std::uint64_t>& expected)
      : thread_([this, &queue, &stop, &expected] {
          Progress bar(stderr, "uq");
          std::unique_lock lock(mutex_);
          while (!over_.wait_for(lock, std::chrono::milliseconds(100), [this] { return done_; })) {
            if (stop) queue.stop();
            const auto status = queue.status();
            const auto ended = status.done + status.failures();
            const std::uint64_t of = std::max(expected.load(), ended + status.waiting);
            if (of > 0) bar.show(static_cast<double>(ended) / static_cast<double>(of));
          }
        }) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    {
      const std::scoped_lock lock(mutex_);
      done_ = true;
    }
    over_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable over_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace

CarriedOut carry_out(const Study& study, unsigned threads, const std::atomic<bool>& stop) {
  const auto begun = RunClock::now();
  std::optional<RunJournal> journal;
  if (!study.model.cheap)
    journal.emplace(study.folder, study.model.words + "\ninputs " +
                                      fmt::format("{}", fmt::join(study.inputs.names(), ",")));
  twin::uq::EvaluationQueue queue(
      study.model.make(study.inputs.names()),
      {.outputs = study.model.outputs.size(),
       .at_once = threads,
       .deadline = study.model.deadline,
       .retries = study.model.retries,
       .failed_share = study.model.failed_share},
      journal ? journal->take_before() : std::map<std::vector<double>, twin::uq::RunOutcome>{},
      journal ? &*journal : nullptr);
  std::atomic<std::uint64_t> expected = 0;
  const Watch watch(queue, stop, expected);
  CarriedOut done;
  try {
    done.answer = study.asked->carry_out(
        {.study = study,
         .queue = queue,
         // Questions of many points are asked by as many threads as there are runs at once; each waits for its own.
         .threads = threads,
         .expect = [&](std::uint64_t evaluations) { expected = evaluations; }});
  } catch (const twin::uq::QueueStopped&) {
    done.stopped = true;
  }
  done.status = queue.status();
  if (const auto failed = done.status.failures(); failed > 0 && !done.stopped) {
    std::vector<std::string> kinds;
    for (const auto& [end, count] : done.status.failed)
      kinds.push_back(fmt::format("{} {}", count, word(end)));
    done.answer.warnings.push_back(fmt::format("{} of {} runs failed ({}); the first: {}", failed,
                                               failed + done.status.done, fmt::join(kinds, ", "),
                                               done.status.first_problem));
  }
  if (journal) journal->commit();
  done.seconds = std::chrono::duration<double>(RunClock::now() - begun).count();
  return done;
}

nlohmann::ordered_json json_of(const Study& study, const CarriedOut& done, unsigned threads) {
  nlohmann::ordered_json json = json_head("uq");
  json["title"] = study.title;
  json["kind"] = study.kind;
  json["model"] = study.model.title;
  json["seed"] = study.seed;
  json["inputs"] = study.inputs.names();
  json["outputs"] = study.model.outputs;
  json["found"] = done.answer.json;
  json["warnings"] = done.answer.warnings;
  nlohmann::ordered_json failed = nlohmann::ordered_json::object();
  for (const auto& [end, count] : done.status.failed) failed[std::string(word(end))] = count;
  json["runs"] = {{"done", done.status.done}, {"failed", failed}};
  // What depends on the machine and on what was run before.
  json["timing"] = {{"seconds", done.seconds},
                    {"threads", threads},
                    {"remembered", done.status.remembered},
                    {"again", done.status.again}};
  return json;
}

std::vector<std::pair<std::string, std::string>> facts_of(const Study& study,
                                                          const CarriedOut& done) {
  return {{"Model", study.model.title},
          {"Asked", study.kind},
          {"Inputs", std::to_string(study.inputs.size())},
          {"Runs", grouped(static_cast<double>(done.status.done), 0)},
          {"Failed", std::to_string(done.status.failures())},
          {"Seed", std::to_string(study.seed)}};
}

}  // namespace apps::fabtwin::uq
