// All runs of a model go through one queue: so many at once, each with a deadline, tried again where that may
// help, and told apart where it failed, so that no run poisons another. Who asks again for what was run before is
// answered from memory, which is how a study that was killed goes on: it asks the same again, and gets as far as
// it was at once.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "twin/uq/points.hpp"

namespace twin::uq {

enum class RunEnd : std::uint8_t {
  Done,
  NoNumber,     // an output is not finite
  WrongLength,  // not as many outputs as there should be
  Hung,         // it did not end by its deadline
  Died,         // it ended without an answer, or said why there is none
  Away          // nobody could be asked: no matter of the run, and never remembered
};
std::string_view word(RunEnd end);

struct RunOutcome {
  RunEnd end = RunEnd::Done;
  std::vector<double> y = {};  // [output]; empty unless Done
  std::string problem = {};    // what went wrong; empty where nothing did
  std::uint32_t tries = 1;
  bool operator==(const RunOutcome&) const = default;
};

// Carries out runs, one at a time: each of the queue's threads has one of its own. What it throws is a run that died.
class Runner {
 public:
  Runner() = default;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  virtual ~Runner() = default;
  // Comes back at about the deadline [s] whatever the model does, as far as its kind allows; 0: there is none.
  virtual RunOutcome run(std::span<const double> x, double deadline) = 0;
};
using MakeRunner = std::function<std::unique_ptr<Runner>()>;

// A model in this process. It cannot be ended from outside: a deadline is judged when it comes back.
MakeRunner runner_of(std::function<std::vector<double>(std::span<const double> x)> model);

// What was run before. From any thread.
class RunMemory {
 public:
  RunMemory() = default;
  RunMemory(const RunMemory&) = delete;
  RunMemory& operator=(const RunMemory&) = delete;
  virtual ~RunMemory() = default;
  virtual void keep(std::span<const double> x, const RunOutcome& outcome) = 0;
};

struct QueueOptions {
  std::size_t outputs = 1;
  unsigned at_once = 1;       // runs
  double deadline = 0.0;      // [s] of a run; 0: none
  std::uint32_t retries = 1;  // more tries of what hung, died or was away; no number comes again
  double failed_share =
      0.1;  // of the runs at most, judged from the 20th failure on; 0: none may fail
};

struct QueueStatus {
  std::uint64_t waiting = 0, running = 0;
  std::uint64_t done = 0;        // with an answer
  std::uint64_t remembered = 0;  // of all that ended, those that were not run anew
  std::uint64_t again = 0;       // tries beyond a run's first
  std::map<RunEnd, std::uint64_t> failed = {};
  std::string first_problem = {};
  [[nodiscard]] std::uint64_t failures() const;
};

// What a wait throws once stop() was called.
struct QueueStopped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class EvaluationQueue {
 public:
  // before: what is known already, by x; memory: who is told of each run that ends, before its answer is given.
  // core::Error for no outputs, none at once, a deadline or share that is none.
  EvaluationQueue(MakeRunner make, QueueOptions options,
                  std::map<std::vector<double>, RunOutcome> before = {},
                  RunMemory* memory = nullptr);
  ~EvaluationQueue();  // drops what waits, and waits for what runs
  EvaluationQueue(const EvaluationQueue&) = delete;
  EvaluationQueue& operator=(const EvaluationQueue&) = delete;

  // Asks for a run; the same x, all finite, is run once, whoever asks. From any thread.
  void submit(std::vector<double> x);
  // Its outcome, once it has ended (submits it where nobody has). Valid as long as the queue. Throws QueueStopped,
  // and core::Error where more have failed than may, nobody could be asked, or the memory failed.
  const RunOutcome& wait(const std::vector<double>& x);
  // The same without waiting: nullptr where it has not ended, or was never asked for.
  const RunOutcome* ended(const std::vector<double>& x);
  void stop();
  [[nodiscard]] QueueStatus status() const;
  [[nodiscard]] const QueueOptions& options() const { return options_; }

 private:
  struct Job {
    RunOutcome outcome = {};
    bool ended = false;
  };
  using Jobs = std::map<std::vector<double>, Job>;

  void work();
  RunOutcome run_one(std::unique_ptr<Runner>& runner, const std::vector<double>& x);
  void count(const RunOutcome& outcome);
  [[nodiscard]] RunOutcome judged(RunOutcome outcome) const;

  MakeRunner make_;
  QueueOptions options_;
  std::map<std::vector<double>, RunOutcome> before_;
  RunMemory* memory_;
  mutable std::mutex mutex_;
  std::condition_variable work_, ended_;
  Jobs jobs_;                           // by x
  std::deque<Jobs::iterator> waiting_;  // in the order asked
  QueueStatus status_;
  std::string broken_;  // why no more is run; empty: it goes on
  bool stopped_ = false, closing_ = false;
  std::vector<std::thread> threads_;
};

// One output of the model as a function of many points of the unit cube: x of u by `map`. All points of a call are
// asked for at once. A run that failed gives what is not a number.
AnyFunction function_of(EvaluationQueue& queue, std::size_t output,
                        std::function<std::vector<double>(std::span<const double> u)> map);

}  // namespace twin::uq
