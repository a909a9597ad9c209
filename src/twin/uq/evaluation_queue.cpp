#include "twin/uq/evaluation_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::uq {
namespace {

constexpr std::uint64_t FailuresJudged = 20;  // below, a share says little

class OwnRunner final : public Runner {
 public:
  explicit OwnRunner(std::function<std::vector<double>(std::span<const double>)> model)
      : model_(std::move(model)) {}
  RunOutcome run(std::span<const double> x, double deadline) override {
    const auto begun = std::chrono::steady_clock::now();
    RunOutcome outcome{.y = model_(x)};
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    if (deadline > 0.0 && took.count() > deadline)
      return {.end = RunEnd::Hung, .problem = fmt::format("took more than {:g} s", deadline)};
    return outcome;
  }

 private:
  std::function<std::vector<double>(std::span<const double>)> model_;
};

bool may_go_better(RunEnd end) {
  return end == RunEnd::Hung || end == RunEnd::Died || end == RunEnd::Away;
}

}  // namespace

std::string_view word(RunEnd end) {
  switch (end) {
    case RunEnd::Done: return "done";
    case RunEnd::NoNumber: return "no number";
    case RunEnd::WrongLength: return "wrong length";
    case RunEnd::Hung: return "hung";
    case RunEnd::Died: return "died";
    case RunEnd::Away: return "away";
  }
  return "?";
}

MakeRunner runner_of(std::function<std::vector<double>(std::span<const double> x)> model) {
  return [model = std::move(model)] { return std::make_unique<OwnRunner>(model); };
}

std::uint64_t QueueStatus::failures() const {
  std::uint64_t all = 0;
  for (const auto& [end, count] : failed) all += count;
  return all;
}

EvaluationQueue::EvaluationQueue(MakeRunner make, QueueOptions options,
                                 std::map<std::vector<double>, RunOutcome> before,
                                 RunMemory* memory)
    : make_(std::move(make)), options_(options), before_(std::move(before)), memory_(memory) {
  if (options_.outputs == 0) throw core::Error("evaluation queue: the model has no outputs");
  if (options_.at_once == 0) throw core::Error("evaluation queue: no runs at once");
  if (!(options_.deadline >= 0.0 && std::isfinite(options_.deadline)))
    throw core::Error(fmt::format("evaluation queue: a deadline of {} s (must be 0 or above)",
                                  options_.deadline));
  if (!(options_.failed_share >= 0.0 && options_.failed_share <= 1.0))
    throw core::Error(fmt::format("evaluation queue: {} of the runs may fail (must be 0 to 1)",
                                  options_.failed_share));
  for (unsigned k = 0; k < options_.at_once; ++k) threads_.emplace_back([this] { work(); });
}

EvaluationQueue::~EvaluationQueue() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    waiting_.clear();
  }
  work_.notify_all();
  for (std::thread& t : threads_) t.join();
}

void EvaluationQueue::submit(std::vector<double> x) {
  for (const double v : x) TWIN_EXPECT(std::isfinite(v), v);
  const std::scoped_lock lock(mutex_);
  const auto [job, is_new] = jobs_.try_emplace(std::move(x));
  if (!is_new) return;
  if (const auto known = before_.find(job->first); known != before_.end()) {
    job->second = {.outcome = known->second, .ended = true};
    ++status_.remembered;
    count(job->second.outcome);
    return;
  }
  waiting_.push_back(job);
  work_.notify_one();
}

const RunOutcome& EvaluationQueue::wait(const std::vector<double>& x) {
  submit(x);
  std::unique_lock lock(mutex_);
  const auto job = jobs_.find(x);
  TWIN_ENSURE(job != jobs_.end(), x.size(), jobs_.size());
  ended_.wait(lock, [&] { return job->second.ended || stopped_ || !broken_.empty(); });
  if (!broken_.empty()) throw core::Error(broken_);
  if (!job->second.ended) throw QueueStopped("stopped");
  return job->second.outcome;
}

const RunOutcome* EvaluationQueue::ended(const std::vector<double>& x) {
  const std::scoped_lock lock(mutex_);
  if (!broken_.empty()) throw core::Error(broken_);
  const auto job = jobs_.find(x);
  return job != jobs_.end() && job->second.ended ? &job->second.outcome : nullptr;
}

void EvaluationQueue::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    waiting_.clear();
  }
  ended_.notify_all();
}

QueueStatus EvaluationQueue::status() const {
  const std::scoped_lock lock(mutex_);
  QueueStatus status = status_;
  status.waiting = waiting_.size();
  return status;
}

void EvaluationQueue::work() {
  std::unique_ptr<Runner> runner;
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [&] { return closing_ || !waiting_.empty(); });
    if (closing_) return;
    const auto job = waiting_.front();
    waiting_.pop_front();
    if (stopped_ || !broken_.empty()) continue;
    ++status_.running;
    lock.unlock();
    RunOutcome outcome = run_one(runner, job->first);
    std::string unkept;
    if (memory_ != nullptr && outcome.end != RunEnd::Away) {
      try {
        memory_->keep(job->first, outcome);
      } catch (const std::exception& e) {
        unkept = e.what();
      }
    }
    lock.lock();
    --status_.running;
    status_.again += outcome.tries - 1;
    if (!unkept.empty() && broken_.empty()) broken_ = unkept;
    if (outcome.end == RunEnd::Away) {
      if (broken_.empty()) broken_ = outcome.problem;
    } else {
      job->second = {.outcome = std::move(outcome), .ended = true};
      count(job->second.outcome);
    }
    ended_.notify_all();
  }
}

RunOutcome EvaluationQueue::run_one(std::unique_ptr<Runner>& runner, const std::vector<double>& x) {
  for (std::uint32_t tries = 1;; ++tries) {
    RunOutcome outcome;
    try {
      if (!runner) runner = make_();
      outcome = judged(runner->run(x, options_.deadline));
    } catch (const std::exception& e) {
      outcome = {.end = RunEnd::Died, .problem = e.what()};
      runner.reset();  // who knows what it left behind
    }
    outcome.tries = tries;
    if (!may_go_better(outcome.end) || tries > options_.retries) return outcome;
  }
}

RunOutcome EvaluationQueue::judged(RunOutcome outcome) const {
  if (outcome.end != RunEnd::Done) {
    outcome.y.clear();
    return outcome;
  }
  if (outcome.y.size() != options_.outputs)
    return {.end = RunEnd::WrongLength,
            .problem = fmt::format("{} outputs, not {}", outcome.y.size(), options_.outputs)};
  const auto bad = std::ranges::find_if(outcome.y, [](double v) { return !std::isfinite(v); });
  if (bad != outcome.y.end())
    return {.end = RunEnd::NoNumber,
            .problem = fmt::format("output {} is {}", bad - outcome.y.begin() + 1, *bad)};
  return outcome;
}

void EvaluationQueue::count(const RunOutcome& outcome) {
  if (outcome.end == RunEnd::Done) {
    ++status_.done;
    return;
  }
  ++status_.failed[outcome.end];
  if (status_.first_problem.empty()) status_.first_problem = outcome.problem;
  const std::uint64_t failed = status_.failures(), all = failed + status_.done;
  const bool judged = options_.failed_share == 0.0 || failed >= FailuresJudged;
  if (judged && static_cast<double>(failed) > options_.failed_share * static_cast<double>(all) &&
      broken_.empty())
    broken_ = fmt::format("{} of {} runs failed (the first: {}), {:g} of them may", failed, all,
                          status_.first_problem, options_.failed_share);
}

AnyFunction function_of(EvaluationQueue& queue, std::size_t output,
                        std::function<std::vector<double>(std::span<const double> u)> map) {
  TWIN_EXPECT(output < queue.options().outputs, output, queue.options().outputs);
  return [&queue, output, map = std::move(map)](const Points& points, std::span<double> y) {
    std::vector<std::vector<double>> x(points.count);
    std::vector<double> u(points.columns.size());
    for (std::size_t k = 0; k < points.count; ++k) {
      for (std::size_t i = 0; i < u.size(); ++i) u[i] = points.at(i, k);
      x[k] = map(u);
      queue.submit(x[k]);
    }
    for (std::size_t k = 0; k < points.count; ++k) {
      const RunOutcome& outcome = queue.wait(x[k]);
      y[k] = outcome.end == RunEnd::Done ? outcome.y[output]
                                         : std::numeric_limits<double>::quiet_NaN();
    }
  };
}

}  // namespace twin::uq
