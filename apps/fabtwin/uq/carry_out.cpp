#include "apps/fabtwin/uq/carry_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "apps/fabtwin/json.hpp"
#include "apps/fabtwin/progress.hpp"
#include "apps/fabtwin/table.hpp"
#include "apps/fabtwin/uq/emulator.hpp"
#include "apps/fabtwin/uq/run_journal.hpp"

namespace apps::fabtwin::uq {
namespace {

using RunClock = std::chrono::steady_clock;

// A model's runs: those that are kept, and the queue.
struct Runs {
  std::optional<RunJournal> journal;
  twin::uq::EvaluationQueue queue;

  Runs(const Study& study, const Model& model, const std::string& folder, unsigned threads)
      : Runs(study, model, folder, threads, model.make(study.inputs.names()),
             model.outputs.size()) {}
  Runs(const Study& study, const Model& model, const std::string& folder, unsigned threads,
       twin::uq::MakeRunner make, std::size_t outputs)
      : journal(opened(study, model, folder)),
        queue(std::move(make),
              {.outputs = outputs,
               .at_once = threads,
               .deadline = model.deadline,
               .retries = model.retries,
               .failed_share = model.failed_share},
              journal ? journal->take_before()
                      : std::map<std::vector<double>, twin::uq::RunOutcome>{},
              journal ? &*journal : nullptr) {}

  static std::optional<RunJournal> opened(const Study& study, const Model& model,
                                          const std::string& folder) {
    if (model.cheap) return {};
    return std::optional<RunJournal>(
        std::in_place, folder,
        model.words + "\ninputs " + fmt::format("{}", fmt::join(study.inputs.names(), ",")));
  }
};

twin::uq::QueueStatus status_of(const std::vector<twin::uq::EvaluationQueue*>& queues) {
  twin::uq::QueueStatus all;
  for (const auto* queue : queues) {
    const auto one = queue->status();
    all.waiting += one.waiting;
    all.running += one.running;
    all.done += one.done;
    all.remembered += one.remembered;
    all.again += one.again;
    for (const auto& [end, count] : one.failed) all.failed[end] += count;
    if (all.first_problem.empty()) all.first_problem = one.first_problem;
  }
  return all;
}

// Looks at the queues ten times a second: for the bar, and whether the user wants it to stop.
class Watch {
 public:
  Watch(const std::vector<twin::uq::EvaluationQueue*>& queues, const std::atomic<bool>& stop,
        const std::atomic<std::uint64_t>& expected)
      : thread_([this, &queues, &stop, &expected] {
          Progress bar(stderr, "uq");
          std::unique_lock lock(mutex_);
          while (!over_.wait_for(lock, std::chrono::milliseconds(100), [this] { return done_; })) {
            if (stop)
              for (auto* queue : queues) queue->stop();
            const auto status = status_of(queues);
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

// In the place of a model whose runs are to be there already.
class NeverRuns final : public twin::uq::Runner {
 public:
  explicit NeverRuns(std::string problem) : problem_(std::move(problem)) {}
  twin::uq::RunOutcome run(std::span<const double>, double) override {
    return {.end = twin::uq::RunEnd::Away, .problem = problem_};
  }

 private:
  std::string problem_;
};

}  // namespace

void with_kept_runs(const Study& study, unsigned threads,
                    const std::function<void(const Work&)>& f) {
  std::vector<std::unique_ptr<Runs>> all;
  const auto add = [&](const Model& model, const std::string& folder) {
    const std::string problem =
        fmt::format("a run is not in {} (carry that study out first)", folder);
    twin::uq::MakeRunner make = model.make(study.inputs.names());
    if (!model.cheap) make = [problem] { return std::make_unique<NeverRuns>(problem); };
    all.push_back(std::make_unique<Runs>(study, model, folder, threads, std::move(make),
                                         model.outputs.size()));
  };
  add(study.model, study.folder);
  for (std::size_t k = 0; k < study.cheaper.size(); ++k)
    add(study.cheaper[k].model, fmt::format("{}.{}", study.folder, k + 2));
  std::vector<twin::uq::EvaluationQueue*> cheaper;
  for (std::size_t k = 1; k < all.size(); ++k) cheaper.push_back(&all[k]->queue);
  f({.study = study, .queue = all.front()->queue, .cheaper = cheaper, .threads = threads});
}

CarriedOut carry_out(const Study& study, unsigned threads, const std::atomic<bool>& stop) {
  const auto begun = RunClock::now();
  // The model that is asked for, and the cheaper ones, each with its own record.
  std::vector<std::unique_ptr<Runs>> all;
  all.push_back(std::make_unique<Runs>(study, study.model, study.folder, threads));
  for (std::size_t k = 0; k < study.cheaper.size(); ++k)
    all.push_back(std::make_unique<Runs>(study, study.cheaper[k].model,
                                         fmt::format("{}.{}", study.folder, k + 2), threads));
  const std::size_t models = all.size();
  if (study.asked->needs_slopes())
    all.push_back(std::make_unique<Runs>(study, study.model, study.folder + ".slopes", threads,
                                         study.model.make_slopes(study.inputs.names()),
                                         study.inputs.size()));
  std::vector<twin::uq::EvaluationQueue*> queues;
  for (const auto& runs : all) queues.push_back(&runs->queue);
  std::atomic<std::uint64_t> expected = 0;
  const Watch watch(queues, stop, expected);
  CarriedOut done;
  try {
    done.answer = study.asked->carry_out(
        {.study = study,
         .queue = *queues.front(),
         .cheaper = {queues.begin() + 1, queues.begin() + static_cast<std::ptrdiff_t>(models)},
         .slopes = study.asked->needs_slopes() ? queues.back() : nullptr,
         // Questions of many points are asked by as many threads as there are runs at once; each waits for its own.
         .threads = threads,
         .expect = [&](std::uint64_t evaluations) { expected = evaluations; }});
  } catch (const twin::uq::QueueStopped&) {
    done.stopped = true;
  }
  done.status = status_of(queues);
  if (const auto failed = done.status.failures(); failed > 0 && !done.stopped) {
    std::vector<std::string> kinds;
    for (const auto& [end, count] : done.status.failed)
      kinds.push_back(fmt::format("{} {}", count, word(end)));
    done.answer.warnings.push_back(fmt::format("{} of {} runs failed ({}); the first: {}", failed,
                                               failed + done.status.done, fmt::join(kinds, ", "),
                                               done.status.first_problem));
  }
  for (const auto& runs : all)
    if (runs->journal) runs->journal->commit();
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
